//! One license that several devices of a user share, and a license that replaces another.

use std::collections::BTreeSet;

use mdm_vpp::{
    catalog::PricingParam,
    chrono::{DateTime, Utc},
    id::{DeviceId, TenantId},
    installs::{Install, InstallLicense, SeatReasons, desired_of, pointing_at},
    plan::{AppPlan, AppStock, PlanCause, PlannedApp, WaitsFor, pack_users, plan_app},
    policy::{Distribution, LicenseType, Recipient, ReclaimRules, Target, TargetOf},
    seats::{Direction, Holder, NextAction, Observed, Progress, Seat, SeatKey, seat_rule},
    token::AppPolicies,
};

use crate::fixture::{APP, owning, person, planned, pool, public, ranked, seat_of_device, seat_of_user};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
fn device(n: usize) -> DeviceId {
    DeviceId::new(format!("device {n} of ada")).unwrap()
}

/// Ada with her device number `n`.
fn ada_with(n: usize) -> Recipient {
    let mut ada = person("ada", &[]);
    ada.device.as_mut().unwrap().id = device(n);
    ada
}

/// The plan of an app with user licenses for the first `given` of Ada's devices, of which the first `holding` have it
/// now.
fn plan(devices: usize, holding: usize, given: usize, policies: &AppPolicies) -> AppPlan<usize> {
    let tokens = [owning("Berlin", &[], 0)];
    let target = |n| Target { to: TargetOf::Device { device: device(n) }, license: LicenseType::User };
    let distribution = Distribution { targets: (1..=given).map(target).collect() };
    let (reclaim, key) = (ReclaimRules::default(), seat_of_user("Berlin", &ada_with(1)));
    let recipients: Vec<Recipient> = (1..=devices).map(ada_with).collect();
    let planned: Vec<_> = (1..=devices)
        .zip(&recipients)
        .map(|(id, recipient)| planned(id, recipient, (id <= holding).then_some(&key), &reclaim))
        .collect();
    let app = PlannedApp {
        adam_id: APP,
        app: public(&distribution),
        policies,
        paid: false,
        owners: &ranked(&tokens),
        cause: PlanCause::ChangeApplied,
    };
    let mut berlin = pool(10);
    berlin.occupied = u64::from(holding > 0);
    let pools = [((key.location.clone(), PricingParam::Standard), berlin)].into();
    plan_app(&app, &planned, &mut AppStock { pools, ..AppStock::default() }, NOW).unwrap()
}

#[test]
fn p19_rule_five_devices_of_a_user_are_one_associate_and_the_sixth_waits_for_the_device_limit() {
    let plan = plan(6, 0, 6, &AppPolicies::default());
    assert_eq!(
        plan.preview.gains,
        BTreeSet::from([seat_of_user("Berlin", &ada_with(1))]),
        "one license for five devices"
    );
    assert_eq!(plan.report.waiting().collect::<Vec<_>>(), [(&6, &WaitsFor::DeviceLimit)]);
    let users = plan.preview.gains.iter().map(|seat| match &seat.holder {
        Holder::User { client_user_id } => (&seat.asset, client_user_id),
        Holder::Device { .. } => unreachable!("a user license was asked for"),
    });
    let requests = pack_users(users, &mdm_vpp::plan::PackLimits::default());
    assert_eq!((requests.len(), requests[0].pairs()), (1, 1), "one associate");
}

#[test]
fn p19_rule_four_devices_leave_without_a_call_and_the_last_releases_the_seat_if_the_policy_says_so() {
    for revoke in [true, false] {
        let policies = AppPolicies {
            revoke_license_on_deletion_or_stop_of_distribution: revoke,
            ..AppPolicies::default()
        };
        assert!(plan(5, 5, 1, &policies).preview.changes_nothing(), "four leave and one stays");
        let last = plan(1, 1, 0, &policies).preview;
        let back =
            if revoke { BTreeSet::from([seat_of_user("Berlin", &ada_with(1))]) } else { BTreeSet::new() };
        assert_eq!((last.loses, last.gains.len()), (back, 0));
    }
}

#[test]
fn p12_rule_the_device_license_is_confirmed_before_the_user_license_is_released() {
    let ada = ada_with(1);
    let (user, device) = (seat_of_user("Berlin", &ada), seat_of_device("Berlin", &ada));
    let install = Install {
        license: InstallLicense::OnSeat { seat: user.clone() },
        ..Install::new(TenantId::new("t").unwrap(), ada.device.unwrap().id, APP, NOW)
    };
    let moving = install.moved_to(device.clone());
    let wanted = |install: &Install, seat: &SeatKey| {
        desired_of(pointing_at(seat, [install]), &SeatReasons { moved: true, ..SeatReasons::default() })
    };
    let call =
        |install: &Install, seat, seen| seat_rule(wanted(install, seat), seen, &Progress::Idle, None, NOW);
    let (assign, unassign) = (Some(Direction::Associate), Some(Direction::Disassociate));
    assert_eq!(wanted(&moving, &device).direction(), assign);
    assert_eq!(call(&moving, &device, Observed::Unassigned), Some(NextAction::Send), "the new one first");
    for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
        let read = Seat::new(device.clone(), wanted(&moving, &device), seen, NOW);
        assert_eq!(moving.after_read(&read), None, "not confirmed: {seen:?}");
        assert_eq!(call(&moving, &user, Observed::Assigned), None, "the old one stays");
    }
    let read = Seat::new(device.clone(), wanted(&moving, &device), Observed::Assigned, NOW);
    let moved = moving.after_read(&read).unwrap();
    assert_eq!(call(&moved, &device, Observed::Assigned), None);
    assert_eq!(wanted(&moved, &user).direction(), unassign);
    assert_eq!(call(&moved, &user, Observed::Assigned), Some(NextAction::Send), "it is released only now");
}
