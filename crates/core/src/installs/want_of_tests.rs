//! Held if and only if somebody or something wants it; and how many devices one license serves.

use super::*;
use crate::{
    id::{AdamId, DeviceId, TenantId},
    installs::InstallLicense,
    seats::DeviceLimit,
    seats::testing::*,
    testing::now,
};

const WIPED: DepartureTrigger = DepartureTrigger::DeviceWiped;

#[test]
fn a_seat_is_held_exactly_when_something_wants_it_and_the_first_reason_is_named() {
    use AssignReason::{Direct, Foreign, Install, Kept, TokenDeleted};
    use UnassignReason::{Departed, Moved, NotNeeded};
    let none = SeatReasons::default();
    let all = SeatReasons {
        direct: true,
        kept: Some(WIPED),
        token_deleted: true,
        foreign: true,
        departed: Some(WIPED),
        moved: true,
    };
    let hold = |because| Desired::Assigned { because };
    let free = |because| Desired::Unassigned { because };
    for (installs, wishes, want) in [
        (1, all, hold(Install)),
        (0, all, hold(Direct)),
        (0, SeatReasons { direct: false, ..all }, hold(Kept { trigger: WIPED })),
        (0, SeatReasons { token_deleted: true, foreign: true, ..none }, hold(TokenDeleted)),
        (0, SeatReasons { foreign: true, departed: Some(WIPED), ..none }, hold(Foreign)),
        (0, SeatReasons { departed: Some(WIPED), moved: true, ..none }, free(Departed { trigger: WIPED })),
        (0, SeatReasons { moved: true, ..none }, free(Moved)),
        (0, none, free(NotNeeded)),
    ] {
        assert_eq!(desired_of(installs, &wishes), want, "{installs} {wishes:?}");
    }
}

#[test]
fn p19_one_user_license_serves_five_devices_and_is_freed_by_the_last() {
    let seat = user_seat(7, "u1");
    let on_device = |n: usize| crate::installs::Install {
        license: InstallLicense::OnSeat { seat: seat.clone() },
        ..crate::installs::Install::new(
            TenantId::new("t").unwrap(),
            DeviceId::new(format!("d{n}")).unwrap(),
            AdamId::new(7),
            now(),
        )
    };
    let mut installs: Vec<_> = (0..5).map(on_device).collect();
    let limit = DeviceLimit::default();
    assert!(limit.has_room(&seat, 4));
    assert!(!limit.has_room(&seat, pointing_at(&seat, &installs)), "the sixth waits");
    while installs.pop().is_some() {
        let want = desired_of(pointing_at(&seat, &installs), &SeatReasons::default());
        assert_eq!(want.is_assigned(), !installs.is_empty());
    }
}

#[test]
fn a_device_license_serves_its_device_alone() {
    let seat = device_seat(7, "C02A");
    assert!(DeviceLimit::default().has_room(&seat, 0));
    assert!(!DeviceLimit::default().has_room(&seat, 1));
}
