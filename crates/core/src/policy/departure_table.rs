//! The published trigger table, asked from the decision function itself.

use super::{
    AppEffect, Departing, Departure, HeldLicense, LicenseEffect, ReclaimRules, ScopeLeftRule, depart,
};
use crate::seats::DepartureTrigger;
use crate::token::AppPolicies;

/// A row of the published table: what an event does by each setting that it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DepartureRow {
    /// The event.
    pub trigger: DepartureTrigger,
    /// What becomes of the app.
    pub app: Cell<AppEffect>,
    /// What becomes of a device license.
    pub device_license: Cell<LicenseEffect>,
    /// What becomes of a user license.
    pub user_license: Cell<LicenseEffect>,
}

/// A cell: the effect while every setting is off, and the effect of each setting that changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<E> {
    /// While every policy and every rule is off.
    pub otherwise: E,
    /// The settings that change it, by name, each with its effect when it alone is on.
    pub when: Vec<(&'static str, E)>,
}

/// A setting that can be switched on.
type Setting = (&'static str, fn(&mut AppPolicies, &mut ReclaimRules));

/// All settings that an event may ask, by the name that administrators and hosts know.
pub(crate) const SETTINGS: &[Setting] = &[
    ("remove app on: MDM control removal", |policies, _| policies.remove_app_on.mdm_control_removal = true),
    ("remove app on: selective wipe", |policies, _| policies.remove_app_on.selective_wipe = true),
    ("remove app on: deletion or stop of distribution", |policies, _| {
        policies.remove_app_on.deletion_or_stop_of_distribution = true;
    }),
    ("remove app on: sign-out from a shared device", |policies, _| {
        policies.remove_app_on.sign_out_from_shared_device = true;
    }),
    ("revoke license on deletion or stop of distribution", |policies, _| {
        policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    }),
    ("reclaim: device license on wipe", |_, rules| rules.device_license_on_wipe = true),
    ("reclaim: user license on wipe", |_, rules| rules.user_license_on_wipe = true),
    ("reclaim: device license on control removal", |_, rules| {
        rules.device_license_on_control_removal = true;
    }),
    ("reclaim: user license on control removal", |_, rules| rules.user_license_on_control_removal = true),
    ("reclaim: user removed the app", |_, rules| rules.on_user_removed_app = true),
    ("reclaim: unused for N days", |_, rules| rules.unused_days = Some(90)),
    ("reclaim: user deleted", |_, rules| rules.on_user_deleted = true),
    ("reclaim: token's groups left, unlicensed", |_, rules| {
        rules.on_token_scope_left = ScopeLeftRule::Unlicensed;
    }),
    ("reclaim: token's groups left, revoke", |_, rules| rules.on_token_scope_left = ScopeLeftRule::Revoke),
    ("reclaim: install abandoned for N days", |_, rules| rules.abandoned_days = Some(14)),
];

/// Policies and rules with everything off.
pub(crate) const fn everything_off() -> (AppPolicies, ReclaimRules) {
    let policies = AppPolicies {
        remove_app_on: crate::token::RemoveAppOn {
            mdm_control_removal: false,
            selective_wipe: false,
            deletion_or_stop_of_distribution: false,
            sign_out_from_shared_device: false,
        },
        revoke_license_on_deletion_or_stop_of_distribution: false,
        restrict_data_backup: false,
        app_approval: false,
    };
    let rules = ReclaimRules {
        device_license_on_wipe: false,
        user_license_on_wipe: false,
        device_license_on_control_removal: false,
        user_license_on_control_removal: false,
        on_user_removed_app: false,
        unused_days: None,
        on_user_deleted: false,
        on_token_scope_left: ScopeLeftRule::Keep,
        abandoned_days: None,
    };
    (policies, rules)
}

/// The table, one row for each trigger, for licenses that Apple takes back and apps that no other target gives.
#[must_use]
pub fn departure_table() -> Vec<DepartureRow> {
    let row = |trigger| DepartureRow {
        trigger,
        app: cell(trigger, HeldLicense::Device, |departure| departure.app),
        device_license: cell(trigger, HeldLicense::Device, |departure| departure.license),
        user_license: cell(trigger, HeldLicense::User, |departure| departure.license),
    };
    DepartureTrigger::ALL.into_iter().map(row).collect()
}

fn cell<E: PartialEq>(trigger: DepartureTrigger, license: HeldLicense, part: fn(Departure) -> E) -> Cell<E> {
    let departing = Departing { license, revocable: true, given_otherwise: false };
    let (policies, rules) = everything_off();
    let otherwise = part(depart(trigger, departing, &policies, &rules));
    let mut when = Vec::new();
    for (name, switch_on) in SETTINGS {
        let (mut policies, mut rules) = everything_off();
        switch_on(&mut policies, &mut rules);
        let effect = part(depart(trigger, departing, &policies, &rules));
        if effect != otherwise {
            when.push((*name, effect));
        }
    }
    Cell { otherwise, when }
}
