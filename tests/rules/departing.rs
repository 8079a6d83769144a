//! Departures: the events that remove an app and release its license.

use mdm_vpp::{
    policy::{
        AppEffect, Departing, Departure, HeldLicense, LicenseEffect, ManagementFlags, ReclaimRules, depart,
        departure_table,
    },
    seats::DepartureTrigger,
    token::{AppPolicies, RemoveAppOn},
};

fn held(license: HeldLicense) -> Departing {
    Departing { license, revocable: true, given_otherwise: false }
}

fn by(trigger: DepartureTrigger, policies: &AppPolicies) -> Departure {
    depart(trigger, held(HeldLicense::Device), policies, &ReclaimRules::default())
}

fn removing(change: fn(&mut RemoveAppOn)) -> AppPolicies {
    let mut policies = AppPolicies::default();
    change(&mut policies.remove_app_on);
    policies
}

fn is_released(departure: Departure) -> bool {
    matches!(departure.license, LicenseEffect::Revoke { .. })
}

/// The triggers to which a flag applies, its effect on the app, and how it is switched on.
type Flag = (&'static [DepartureTrigger], AppEffect, fn(&mut RemoveAppOn));

#[test]
fn s11_rule_each_trigger_removes_the_app_by_its_own_flag_alone() {
    use DepartureTrigger as T;
    let flags: [Flag; 4] = [
        (&[T::ControlRemovedByAdministrator, T::ControlRemovedByUser], AppEffect::RemovedByDevice, |on| {
            on.mdm_control_removal = true;
        }),
        (&[T::SelectiveWipe], AppEffect::Remove, |on| on.selective_wipe = true),
        (&[T::AppDeleted, T::DistributionStopped, T::TargetGroupLeft], AppEffect::Remove, |on| {
            on.deletion_or_stop_of_distribution = true;
        }),
        (&[T::SharedSignOut], AppEffect::Remove, |on| on.sign_out_from_shared_device = true),
    ];
    for (triggers, effect, flag) in flags {
        for trigger in triggers {
            assert_eq!(by(*trigger, &removing(flag)).app, effect, "{trigger:?}");
            assert_eq!(
                by(*trigger, &AppPolicies::default()).app,
                AppEffect::Keep,
                "{trigger:?} without its flag"
            );
        }
        for other in flags.iter().flat_map(|(others, ..)| *others).filter(|other| !triggers.contains(other)) {
            assert_eq!(by(*other, &removing(flag)).app, AppEffect::Keep, "{other:?} by another's flag");
        }
    }
}

#[test]
fn s12_rule_the_revoke_flag_releases_licenses_on_deletion_and_stop() {
    use DepartureTrigger as T;
    let policies =
        AppPolicies { revoke_license_on_deletion_or_stop_of_distribution: true, ..AppPolicies::default() };
    for trigger in [T::AppDeleted, T::DistributionStopped, T::TargetGroupLeft] {
        assert!(is_released(by(trigger, &policies)), "{trigger:?}");
        assert!(!is_released(by(trigger, &AppPolicies::default())), "{trigger:?}");
    }
}

#[test]
fn s13_rule_the_reclaim_rules_decide_what_a_wipe_releases() {
    let switched =
        ReclaimRules { device_license_on_wipe: false, user_license_on_wipe: true, ..ReclaimRules::default() };
    let wiped = |license, rules: &ReclaimRules| {
        is_released(depart(DepartureTrigger::DeviceWiped, held(license), &AppPolicies::default(), rules))
    };
    let by_default = ReclaimRules::default();
    assert_eq!(
        (wiped(HeldLicense::Device, &by_default), wiped(HeldLicense::User, &by_default)),
        (true, false)
    );
    assert_eq!((wiped(HeldLicense::Device, &switched), wiped(HeldLicense::User, &switched)), (false, true));
}

#[test]
fn s14_rule_the_install_command_carries_the_no_backup_flag_and_both_flags_make_five() {
    let backup = AppPolicies { restrict_data_backup: true, ..AppPolicies::default() };
    let control = removing(|on| on.mdm_control_removal = true);
    let both = AppPolicies { restrict_data_backup: true, ..control };
    let flags =
        [AppPolicies::default(), control, backup, both].map(|policies| ManagementFlags::of(&policies).0);
    assert_eq!(flags, [0, 1, 4, 5]);
}

#[test]
fn s20_rule_leaving_a_target_group_is_a_stop_of_distribution_unless_another_target_gives_the_app() {
    let policies = AppPolicies {
        revoke_license_on_deletion_or_stop_of_distribution: true,
        ..removing(|on| on.deletion_or_stop_of_distribution = true)
    };
    let left = by(DepartureTrigger::TargetGroupLeft, &policies);
    assert_eq!(left, by(DepartureTrigger::DistributionStopped, &policies));
    assert_eq!((left.app, is_released(left)), (AppEffect::Remove, true));
    let other = Departing { given_otherwise: true, ..held(HeldLicense::Device) };
    let kept = depart(DepartureTrigger::TargetGroupLeft, other, &policies, &ReclaimRules::default());
    assert_eq!((kept.app, is_released(kept)), (AppEffect::Keep, false));
}

#[test]
fn p9_rule_each_reclaim_rule_releases_licenses_by_its_own_event_alone() {
    use DepartureTrigger as T;
    let off = ReclaimRules {
        device_license_on_wipe: false,
        device_license_on_control_removal: false,
        abandoned_days: None,
        ..ReclaimRules::default()
    };
    let switches = [
        (T::UserRemovedApp, ReclaimRules { on_user_removed_app: true, ..off }),
        (T::Unused, ReclaimRules { unused_days: Some(30), ..off }),
        (T::UserDeleted, ReclaimRules { on_user_deleted: true, ..off }),
        (T::InstallAbandoned, ReclaimRules { abandoned_days: Some(14), ..off }),
    ];
    for (own, rules) in switches {
        for trigger in T::ALL {
            let back = depart(trigger, held(HeldLicense::User), &AppPolicies::default(), &rules);
            assert_eq!(is_released(back), trigger == own, "{trigger:?} by the switch of {own:?}");
        }
    }
}

#[test]
fn n11_rule_the_published_table_shows_every_setting_of_the_function() {
    let page = include_str!("../../docs/TRIGGERS.md");
    for row in departure_table() {
        let line = page.lines().find(|line| line.starts_with(&format!("| {} |", row.trigger.label())));
        let line = line.unwrap_or_else(|| unreachable!("{:?} has no row", row.trigger));
        for (setting, _) in row.app.when {
            assert!(line.contains(setting), "{line}");
        }
        for (setting, _) in row.device_license.when.iter().chain(&row.user_license.when) {
            assert!(line.contains(setting), "{line}");
        }
    }
}
