//! Departures: what an event does to an app on a device and to its license, and the published table of all events.

use serde::{Deserialize, Serialize};

use super::{ReclaimRules, ScopeLeftRule};
use crate::{seats::DepartureTrigger, token::AppPolicies};

/// The facts about an install that an event concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departing {
    /// The license it uses.
    pub license: HeldLicense,
    /// Whether a license of this asset can be revoked. Licenses of books cannot (Apple).
    pub revocable: bool,
    /// Whether another target still gives the app to this device and user.
    pub given_otherwise: bool,
}

/// The license that an install uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HeldLicense {
    /// A license of the device, held by its serial number.
    Device,
    /// A license of the user, for all of their devices.
    User,
    /// None: the app was installed without a license.
    Unlicensed,
}

strict!(HeldLicense { Device, User, Unlicensed });

/// The effects of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Departure {
    /// The effect on the app.
    pub app: AppEffect,
    /// The effect on the license.
    pub license: LicenseEffect,
}

/// The effect of an event on the app on the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AppEffect {
    /// It stays.
    Keep,
    /// It is removed by a command.
    Remove,
    /// The device removes it itself, because of the flag that was set when it was installed. No command is sent.
    RemovedByDevice,
    /// It is gone already, or the device cannot be reached. No command is sent.
    Gone,
}

/// What becomes of the license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LicenseEffect {
    /// There is no license.
    None,
    /// It is kept.
    Keep {
        /// The reason.
        why: KeepReason,
    },
    /// It is revoked.
    Revoke {
        /// The delay.
        grace: Grace,
    },
    /// It is revoked and the app stays without a license, where that is possible; elsewhere it is kept.
    BecomeUnlicensed,
}

/// The reason for which a license is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum KeepReason {
    /// The policy or rule that would revoke it is off.
    RuleOff,
    /// This event never revokes a license of this kind.
    NeverByThisEvent,
    /// A license of this asset cannot be revoked.
    Irrevocable,
    /// Another target still gives the app.
    GivenOtherwise,
    /// It was kept when the event occurred. A rule that was changed since applies to later events only.
    DecidedBefore,
    /// The rule would leave the app without a license, and that is impossible here.
    NoUnlicensedInstall,
}

/// The delay before a license is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Grace {
    /// None: it is revoked at once.
    None,
    /// A grace (30 minutes by default, ours), so that a device that is wiped and enrolled again keeps its license
    /// without a call. It ends at once when an install waits for the license.
    Reenrollment,
}

/// Decides what an event does to an app on a device and to its license.
///
/// Sources: the events, policies and the two flags about deletion are MaaS360's; the reclaim rules combine MaaS360's
/// defaults with options of other products.
///
/// ```
/// use mdm_vpp_core::{policy::*, seats::DepartureTrigger, token::AppPolicies};
///
/// let held = |license| Departing { license, revocable: true, given_otherwise: false };
/// let wiped = |license| {
///     let (policies, rules) = (AppPolicies::default(), ReclaimRules::default());
///     depart(DepartureTrigger::DeviceWiped, held(license), &policies, &rules).license
/// };
/// assert_eq!(wiped(HeldLicense::Device), LicenseEffect::Revoke { grace: Grace::Reenrollment });
/// assert_eq!(wiped(HeldLicense::User), LicenseEffect::Keep { why: KeepReason::RuleOff });
/// ```
#[must_use]
pub fn depart(
    trigger: DepartureTrigger,
    departing: Departing,
    policies: &AppPolicies,
    rules: &ReclaimRules,
) -> Departure {
    if departing.given_otherwise && trigger.is_about_one_target() {
        let license = match departing.license {
            HeldLicense::Unlicensed => LicenseEffect::None,
            _ => LicenseEffect::Keep { why: KeepReason::GivenOtherwise },
        };
        return Departure { app: AppEffect::Keep, license };
    }
    let app = app_effect(trigger, policies);
    let license = match departing.license {
        HeldLicense::Unlicensed => LicenseEffect::None,
        HeldLicense::Device => license_effect(trigger, true, policies, rules),
        HeldLicense::User => license_effect(trigger, false, policies, rules),
    };
    let license = match license {
        LicenseEffect::Revoke { .. } | LicenseEffect::BecomeUnlicensed if !departing.revocable => {
            LicenseEffect::Keep { why: KeepReason::Irrevocable }
        }
        license => license,
    };
    Departure { app, license }
}

const fn app_effect(trigger: DepartureTrigger, policies: &AppPolicies) -> AppEffect {
    use DepartureTrigger as T;
    let on = &policies.remove_app_on;
    match trigger {
        T::ControlRemovedByAdministrator | T::ControlRemovedByUser => {
            if on.mdm_control_removal {
                AppEffect::RemovedByDevice
            } else {
                AppEffect::Keep
            }
        }
        T::SelectiveWipe => removed_if(on.selective_wipe),
        T::AppDeleted | T::DistributionStopped | T::TargetGroupLeft => {
            removed_if(on.deletion_or_stop_of_distribution)
        }
        T::SharedSignOut => removed_if(on.sign_out_from_shared_device),
        T::DeviceWiped | T::DeviceDeleted | T::UserRemovedApp => AppEffect::Gone,
        T::TokenScopeLeft | T::UserDeleted | T::Unused | T::InstallAbandoned => AppEffect::Keep,
    }
}

/// `Remove` if a policy says so.
const fn removed_if(flag: bool) -> AppEffect {
    if flag { AppEffect::Remove } else { AppEffect::Keep }
}

/// The effect on a license that can be revoked: a device license if `device`, else a user license.
const fn license_effect(
    trigger: DepartureTrigger,
    device: bool,
    policies: &AppPolicies,
    rules: &ReclaimRules,
) -> LicenseEffect {
    use DepartureTrigger as T;
    let never = LicenseEffect::Keep { why: KeepReason::NeverByThisEvent };
    let flag = policies.revoke_license_on_deletion_or_stop_of_distribution;
    match trigger {
        T::ControlRemovedByAdministrator | T::ControlRemovedByUser => {
            let rule = if device {
                rules.device_license_on_control_removal
            } else {
                rules.user_license_on_control_removal
            };
            revoked_if(rule, Grace::None)
        }
        T::DeviceWiped | T::DeviceDeleted => {
            let rule = if device { rules.device_license_on_wipe } else { rules.user_license_on_wipe };
            revoked_if(rule, Grace::Reenrollment)
        }
        T::SelectiveWipe => {
            if device {
                revoked_if(flag, Grace::None)
            } else {
                never
            }
        }
        T::AppDeleted | T::DistributionStopped | T::TargetGroupLeft => revoked_if(flag, Grace::None),
        T::TokenScopeLeft => match rules.on_token_scope_left {
            ScopeLeftRule::Keep => LicenseEffect::Keep { why: KeepReason::RuleOff },
            ScopeLeftRule::Unlicensed => LicenseEffect::BecomeUnlicensed,
            ScopeLeftRule::Revoke => LicenseEffect::Revoke { grace: Grace::None },
        },
        // The license is the device's, and the next user needs it.
        T::SharedSignOut => never,
        T::UserDeleted => {
            if device {
                never
            } else {
                revoked_if(rules.on_user_deleted, Grace::None)
            }
        }
        T::UserRemovedApp => revoked_if(rules.on_user_removed_app, Grace::None),
        T::Unused => revoked_if(rules.unused_days.is_some(), Grace::None),
        T::InstallAbandoned => revoked_if(rules.abandoned_days.is_some(), Grace::None),
    }
}

/// `Revoke` if a policy or rule says so.
const fn revoked_if(rule: bool, grace: Grace) -> LicenseEffect {
    if rule { LicenseEffect::Revoke { grace } } else { LicenseEffect::Keep { why: KeepReason::RuleOff } }
}

/// A row of the published table: an event with its effects under each setting that matters to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DepartureRow {
    /// The event.
    pub trigger: DepartureTrigger,
    /// The effect on the app.
    pub app: DepartureCell<AppEffect>,
    /// The effect on a device license.
    pub device_license: DepartureCell<LicenseEffect>,
    /// The effect on a user license.
    pub user_license: DepartureCell<LicenseEffect>,
}

/// A cell of the published table: the effect while every setting is off, and of each setting that changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DepartureCell<E> {
    /// The effect while every policy and every rule is off.
    pub otherwise: E,
    /// The settings that change the effect, by name, each with the effect while it alone is on.
    pub when: Vec<(&'static str, E)>,
}

/// The name of a setting and the function that switches it on.
type Setting = (&'static str, fn(&mut AppPolicies, &mut ReclaimRules));

/// All settings that matter to some event, by the name that administrators and embedders know.
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

/// The published table: one row for each event, for licenses that can be revoked and apps that no other target gives.
/// It asks [`depart`], so it cannot differ from the rules.
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

/// One part of the effects of an event, for one kind of license.
fn cell<E: PartialEq>(
    trigger: DepartureTrigger,
    license: HeldLicense,
    part: fn(Departure) -> E,
) -> DepartureCell<E> {
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
    DepartureCell { otherwise, when }
}

#[cfg(test)]
#[path = "departure_tests.rs"]
mod tests;
