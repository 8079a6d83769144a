//! Every cell of the trigger table, written by hand beside the function that decides it.

use super::*;
use crate::{
    policy::departure::{SETTINGS, everything_off},
    token::RemoveAppOn,
};

const REVOKE: LicenseEffect = LicenseEffect::Revoke { grace: Grace::None };
const REVOKE_LATER: LicenseEffect = LicenseEffect::Revoke { grace: Grace::Reenrollment };
const OFF: LicenseEffect = LicenseEffect::Keep { why: KeepReason::RuleOff };
const NEVER: LicenseEffect = LicenseEffect::Keep { why: KeepReason::NeverByThisEvent };

/// A setting, by its bit in a number that says which settings are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum On {
    ControlRemovesApp,
    WipeRemovesApp,
    StopRemovesApp,
    SignOutRemovesApp,
    StopRevokes,
    DeviceOnWipe,
    UserOnWipe,
    DeviceOnControl,
    UserOnControl,
    UserRemovedApp,
    Unused,
    UserDeleted,
    ScopeLeftUnlicensed,
    ScopeLeftRevoke,
    Abandoned,
}

const SETTING_COUNT: u32 = On::Abandoned as u32 + 1;

impl On {
    const fn is_in(self, bits: u32) -> bool {
        bits >> (self as u32) & 1 == 1
    }
}

fn switched(bits: u32) -> (AppPolicies, ReclaimRules) {
    let remove_app_on = RemoveAppOn {
        mdm_control_removal: On::ControlRemovesApp.is_in(bits),
        selective_wipe: On::WipeRemovesApp.is_in(bits),
        deletion_or_stop_of_distribution: On::StopRemovesApp.is_in(bits),
        sign_out_from_shared_device: On::SignOutRemovesApp.is_in(bits),
    };
    let policies = AppPolicies {
        remove_app_on,
        revoke_license_on_deletion_or_stop_of_distribution: On::StopRevokes.is_in(bits),
        restrict_data_backup: false,
        app_approval: false,
    };
    let rules = ReclaimRules {
        device_license_on_wipe: On::DeviceOnWipe.is_in(bits),
        user_license_on_wipe: On::UserOnWipe.is_in(bits),
        device_license_on_control_removal: On::DeviceOnControl.is_in(bits),
        user_license_on_control_removal: On::UserOnControl.is_in(bits),
        on_user_removed_app: On::UserRemovedApp.is_in(bits),
        unused_days: On::Unused.is_in(bits).then_some(90),
        on_user_deleted: On::UserDeleted.is_in(bits),
        on_token_scope_left: match (On::ScopeLeftRevoke.is_in(bits), On::ScopeLeftUnlicensed.is_in(bits)) {
            (true, _) => ScopeLeftRule::Revoke,
            (false, true) => ScopeLeftRule::Unlicensed,
            (false, false) => ScopeLeftRule::Keep,
        },
        abandoned_days: On::Abandoned.is_in(bits).then_some(14),
    };
    (policies, rules)
}

/// The effect while no setting of the cell is on, and each setting with its effect; the first that is on counts.
type Cell<E> = (E, &'static [(On, E)]);
type Row = (DepartureTrigger, Cell<AppEffect>, Cell<LicenseEffect>, Cell<LicenseEffect>);

/// The expected effects, cell by cell: on the app, on a device license, on a user license.
#[rustfmt::skip]
const TABLE: [Row; 14] = {
    use AppEffect::{Gone, Keep, Remove, RemovedByDevice};
    use DepartureTrigger as T;
    const SCOPE: Cell<LicenseEffect> = (OFF, &[(On::ScopeLeftRevoke, REVOKE), (On::ScopeLeftUnlicensed, LicenseEffect::BecomeUnlicensed)]);
    [
        (T::ControlRemovedByAdministrator, (Keep, &[(On::ControlRemovesApp, RemovedByDevice)]), (OFF, &[(On::DeviceOnControl, REVOKE)]), (OFF, &[(On::UserOnControl, REVOKE)])),
        (T::ControlRemovedByUser, (Keep, &[(On::ControlRemovesApp, RemovedByDevice)]), (OFF, &[(On::DeviceOnControl, REVOKE)]), (OFF, &[(On::UserOnControl, REVOKE)])),
        (T::SelectiveWipe, (Keep, &[(On::WipeRemovesApp, Remove)]), (OFF, &[(On::StopRevokes, REVOKE)]), (NEVER, &[])),
        (T::DeviceWiped, (Gone, &[]), (OFF, &[(On::DeviceOnWipe, REVOKE_LATER)]), (OFF, &[(On::UserOnWipe, REVOKE_LATER)])),
        (T::DeviceDeleted, (Gone, &[]), (OFF, &[(On::DeviceOnWipe, REVOKE_LATER)]), (OFF, &[(On::UserOnWipe, REVOKE_LATER)])),
        (T::AppDeleted, (Keep, &[(On::StopRemovesApp, Remove)]), (OFF, &[(On::StopRevokes, REVOKE)]), (OFF, &[(On::StopRevokes, REVOKE)])),
        (T::DistributionStopped, (Keep, &[(On::StopRemovesApp, Remove)]), (OFF, &[(On::StopRevokes, REVOKE)]), (OFF, &[(On::StopRevokes, REVOKE)])),
        (T::TargetGroupLeft, (Keep, &[(On::StopRemovesApp, Remove)]), (OFF, &[(On::StopRevokes, REVOKE)]), (OFF, &[(On::StopRevokes, REVOKE)])),
        (T::TokenScopeLeft, (Keep, &[]), SCOPE, SCOPE),
        (T::SharedSignOut, (Keep, &[(On::SignOutRemovesApp, Remove)]), (NEVER, &[]), (NEVER, &[])),
        (T::UserDeleted, (Keep, &[]), (NEVER, &[]), (OFF, &[(On::UserDeleted, REVOKE)])),
        (T::UserRemovedApp, (Gone, &[]), (OFF, &[(On::UserRemovedApp, REVOKE)]), (OFF, &[(On::UserRemovedApp, REVOKE)])),
        (T::Unused, (Keep, &[]), (OFF, &[(On::Unused, REVOKE)]), (OFF, &[(On::Unused, REVOKE)])),
        (T::InstallAbandoned, (Keep, &[]), (OFF, &[(On::Abandoned, REVOKE)]), (OFF, &[(On::Abandoned, REVOKE)])),
    ]
};

fn effect<E: Copy>((otherwise, settings): Cell<E>, bits: u32) -> E {
    settings.iter().find(|(setting, _)| setting.is_in(bits)).map_or(otherwise, |(_, effect)| *effect)
}

/// The effects on an install according to the table.
fn expected(row: &Row, departing: Departing, bits: u32) -> Departure {
    let (trigger, app, device, user) = row;
    let one_target = [DepartureTrigger::DistributionStopped, DepartureTrigger::TargetGroupLeft];
    let untouched = departing.given_otherwise && one_target.contains(trigger);
    let by_table = match departing.license {
        HeldLicense::Device => effect(*device, bits),
        HeldLicense::User => effect(*user, bits),
        HeldLicense::Unlicensed => LicenseEffect::None,
    };
    let license = match (by_table, untouched, departing.revocable) {
        (LicenseEffect::None, _, _) => LicenseEffect::None,
        (_, true, _) => LicenseEffect::Keep { why: KeepReason::GivenOtherwise },
        (stays @ LicenseEffect::Keep { .. }, ..) => stays,
        (_, _, false) => LicenseEffect::Keep { why: KeepReason::Irrevocable },
        (goes, _, true) => goes,
    };
    Departure { app: if untouched { AppEffect::Keep } else { effect(*app, bits) }, license }
}

#[test]
fn every_cell_follows_its_own_settings_alone_for_every_install() {
    let mut installs = Vec::new();
    for license in [HeldLicense::Device, HeldLicense::User, HeldLicense::Unlicensed] {
        for (revocable, given_otherwise) in [(true, false), (true, true), (false, false), (false, true)] {
            installs.push(Departing { license, revocable, given_otherwise });
        }
    }
    // All 32,768 ways to switch the settings.
    for bits in 0..1 << SETTING_COUNT {
        let (policies, rules) = switched(bits);
        for row in &TABLE {
            for departing in &installs {
                let decided = depart(row.0, *departing, &policies, &rules);
                assert_eq!(decided, expected(row, *departing, bits), "{:?} {departing:?} {bits:b}", row.0);
            }
        }
    }
}

#[test]
fn the_table_names_every_trigger_in_the_published_order() {
    assert_eq!(TABLE.map(|row| row.0), DepartureTrigger::ALL);
}

#[test]
fn policies_that_are_not_about_departure_change_nothing() {
    for (trigger, ..) in TABLE {
        for bits in 0..1 << SETTING_COUNT {
            let (policies, rules) = switched(bits);
            let other = AppPolicies { restrict_data_backup: true, app_approval: true, ..policies };
            let held = Departing { license: HeldLicense::User, revocable: true, given_otherwise: false };
            assert_eq!(depart(trigger, held, &policies, &rules), depart(trigger, held, &other, &rules));
        }
    }
}

#[test]
fn the_settings_of_the_published_table_switch_what_their_names_say() {
    let names = [
        "remove app on: MDM control removal",
        "remove app on: selective wipe",
        "remove app on: deletion or stop of distribution",
        "remove app on: sign-out from a shared device",
        "revoke license on deletion or stop of distribution",
        "reclaim: device license on wipe",
        "reclaim: user license on wipe",
        "reclaim: device license on control removal",
        "reclaim: user license on control removal",
        "reclaim: user removed the app",
        "reclaim: unused for N days",
        "reclaim: user deleted",
        "reclaim: token's groups left, unlicensed",
        "reclaim: token's groups left, revoke",
        "reclaim: install abandoned for N days",
    ];
    assert_eq!(SETTINGS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    assert_eq!(everything_off(), switched(0));
    for (bit, (name, switch_on)) in SETTINGS.iter().enumerate() {
        let (mut policies, mut rules) = everything_off();
        switch_on(&mut policies, &mut rules);
        assert_eq!((policies, rules), switched(1 << bit), "{name}");
    }
}
