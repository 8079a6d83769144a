//! Every cell of the trigger table, written by hand beside the function that decides it.

use super::*;
use crate::policy::departure_table::{SETTINGS, everything_off};

const REVOKE: LicenseEffect = LicenseEffect::Revoke { grace: Grace::None };
const REVOKE_LATER: LicenseEffect = LicenseEffect::Revoke { grace: Grace::Reenrollment };
const OFF: LicenseEffect = LicenseEffect::Keep { why: KeepReason::RuleOff };
const NEVER: LicenseEffect = LicenseEffect::Keep { why: KeepReason::NeverByThisEvent };

fn held(license: HeldLicense) -> Departing {
    Departing { license, revocable: true, given_otherwise: false }
}

/// The decision with exactly these settings on.
fn with(on: &[&str], trigger: DepartureTrigger, license: HeldLicense) -> Departure {
    let (mut policies, mut rules) = everything_off();
    for (name, switch_on) in SETTINGS {
        if on.contains(name) {
            switch_on(&mut policies, &mut rules);
        }
    }
    depart(trigger, held(license), &policies, &rules)
}

/// The trigger, the app's cell, the device license's and the user license's: a setting and its effect.
type Row = (DepartureTrigger, Cell<AppEffect>, Cell<LicenseEffect>, Cell<LicenseEffect>);
type Cell<E> = (&'static str, E);

/// What the seed and the plan say, cell by cell: the app's flag and its effect, the device license's and the user
/// license's rule and effect. `""` is a rule that does not exist: the effect holds whatever is switched.
#[rustfmt::skip]
const TABLE: [Row; 13] = {
    use AppEffect::{Gone, Keep, Remove, RemovedByDevice};
    use DepartureTrigger as T;
    const CONTROL: &str = "remove app on: MDM control removal";
    const STOP: &str = "remove app on: deletion or stop of distribution";
    const FLAG: &str = "revoke license on deletion or stop of distribution";
    [
        (T::ControlRemovedByAdministrator, (CONTROL, RemovedByDevice), ("reclaim: device license on control removal", REVOKE), ("reclaim: user license on control removal", REVOKE)),
        (T::ControlRemovedByUser, (CONTROL, RemovedByDevice), ("reclaim: device license on control removal", REVOKE), ("reclaim: user license on control removal", REVOKE)),
        (T::SelectiveWipe, ("remove app on: selective wipe", Remove), (FLAG, REVOKE), ("", NEVER)),
        (T::DeviceWiped, ("", Gone), ("reclaim: device license on wipe", REVOKE_LATER), ("reclaim: user license on wipe", REVOKE_LATER)),
        (T::DeviceDeleted, ("", Gone), ("reclaim: device license on wipe", REVOKE_LATER), ("reclaim: user license on wipe", REVOKE_LATER)),
        (T::AppDeleted, (STOP, Remove), (FLAG, REVOKE), (FLAG, REVOKE)),
        (T::DistributionStopped, (STOP, Remove), (FLAG, REVOKE), (FLAG, REVOKE)),
        (T::TargetGroupLeft, (STOP, Remove), (FLAG, REVOKE), (FLAG, REVOKE)),
        (T::SharedSignOut, ("remove app on: sign-out from a shared device", Remove), ("", NEVER), ("", NEVER)),
        (T::UserDeleted, ("", Keep), ("", NEVER), ("reclaim: user deleted", REVOKE)),
        (T::UserRemovedApp, ("", Gone), ("reclaim: user removed the app", REVOKE), ("reclaim: user removed the app", REVOKE)),
        (T::Unused, ("", Keep), ("reclaim: unused for N days", REVOKE), ("reclaim: unused for N days", REVOKE)),
        (T::InstallAbandoned, ("", Keep), ("reclaim: install abandoned for N days", REVOKE), ("reclaim: install abandoned for N days", REVOKE)),
    ]
};

#[test]
fn every_cell_follows_its_own_setting_and_no_other_whatever_else_is_on() {
    let names: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    let app = |cell: (&str, AppEffect), on: &[&str]| match cell {
        ("", effect) => effect,
        (flag, effect) if on.contains(&flag) => effect,
        _ => AppEffect::Keep,
    };
    let license = |cell: (&str, LicenseEffect), on: &[&str]| match cell {
        ("", effect) => effect,
        (rule, effect) if on.contains(&rule) => effect,
        _ => OFF,
    };
    // All 32,768 ways to switch the settings.
    for bits in 0u32..1 << names.len() {
        let on: Vec<&str> =
            names.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, name)| *name).collect();
        for (trigger, app_cell, device_cell, user_cell) in TABLE {
            let device = with(&on, trigger, HeldLicense::Device);
            let user = with(&on, trigger, HeldLicense::User);
            assert_eq!(device.app, app(app_cell, &on), "{trigger:?} {on:?}");
            assert_eq!(user.app, device.app, "{trigger:?} {on:?}");
            assert_eq!(device.license, license(device_cell, &on), "{trigger:?} {on:?}");
            assert_eq!(user.license, license(user_cell, &on), "{trigger:?} {on:?}");
        }
    }
}

#[test]
fn leaving_the_tokens_groups_keeps_turns_unlicensed_or_revokes_and_never_touches_the_app() {
    for (rule, effect) in [
        (ScopeLeftRule::Keep, OFF),
        (ScopeLeftRule::Unlicensed, LicenseEffect::BecomeUnlicensed),
        (ScopeLeftRule::Revoke, REVOKE),
    ] {
        let rules = ReclaimRules { on_token_scope_left: rule, ..ReclaimRules::default() };
        for license in [HeldLicense::Device, HeldLicense::User] {
            let left =
                depart(DepartureTrigger::TokenScopeLeft, held(license), &AppPolicies::default(), &rules);
            assert_eq!(left, Departure { app: AppEffect::Keep, license: effect });
        }
    }
}

#[test]
fn the_table_names_every_trigger() {
    let mut triggers: Vec<DepartureTrigger> = TABLE.iter().map(|row| row.0).collect();
    triggers.push(DepartureTrigger::TokenScopeLeft);
    triggers.sort_unstable();
    let mut all = DepartureTrigger::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(triggers, all);
}

#[test]
fn s13_rule_by_default_a_wipe_takes_the_device_license_and_leaves_the_user_license() {
    let by_default = |trigger, license| {
        depart(trigger, held(license), &AppPolicies::default(), &ReclaimRules::default()).license
    };
    for trigger in [DepartureTrigger::DeviceWiped, DepartureTrigger::ControlRemovedByUser] {
        assert!(matches!(by_default(trigger, HeldLicense::Device), LicenseEffect::Revoke { .. }));
        assert_eq!(by_default(trigger, HeldLicense::User), OFF);
    }
    for trigger in DepartureTrigger::ALL {
        assert_eq!(by_default(trigger, HeldLicense::Unlicensed), LicenseEffect::None);
    }
}

#[test]
fn what_apple_does_not_take_back_is_never_asked_for() {
    let on: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    for trigger in DepartureTrigger::ALL {
        let (mut policies, mut rules) = everything_off();
        SETTINGS.iter().for_each(|(_, switch_on)| switch_on(&mut policies, &mut rules));
        let book = Departing { revocable: false, ..held(HeldLicense::User) };
        let license = depart(trigger, book, &policies, &rules).license;
        assert!(matches!(license, LicenseEffect::Keep { .. }), "{trigger:?} with {on:?}");
    }
}

#[test]
fn a_target_that_stops_takes_nothing_that_another_target_gives() {
    let (mut policies, mut rules) = everything_off();
    SETTINGS.iter().for_each(|(_, switch_on)| switch_on(&mut policies, &mut rules));
    for trigger in [DepartureTrigger::DistributionStopped, DepartureTrigger::TargetGroupLeft] {
        let both = Departing { given_otherwise: true, ..held(HeldLicense::User) };
        let kept = LicenseEffect::Keep { why: KeepReason::GivenOtherwise };
        assert_eq!(
            depart(trigger, both, &policies, &rules),
            Departure { app: AppEffect::Keep, license: kept }
        );
    }
    let deleted = Departing { given_otherwise: true, ..held(HeldLicense::User) };
    assert_eq!(depart(DepartureTrigger::AppDeleted, deleted, &policies, &rules).license, REVOKE);
}
