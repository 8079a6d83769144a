//! Which seats an install points at, and when it leaves the old one.

use super::*;
use crate::{
    seats::{Observed, testing::*},
    testing::now,
};

fn install(license: InstallLicense) -> Install {
    let (tenant, device) = (TenantId::new("t").unwrap(), DeviceId::new("d").unwrap());
    Install { license, ..Install::new(tenant, device, AdamId::new(7), now()) }
}

fn on(seat: SeatKey) -> Install {
    install(InstallLicense::OnSeat { seat })
}

#[test]
fn p12_the_device_license_is_confirmed_before_the_user_license_is_left() {
    let (user, device) = (user_seat(7, "u1"), device_seat(7, "C02A"));
    let moving = on(user.clone()).moved_to(device.clone());
    assert!(moving.points_at(&user) && moving.points_at(&device));
    for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
        assert_eq!(moving.after_reading(&seat(HOLD, seen, now())), None, "{seen:?}");
    }
    let moved = moving.after_reading(&seat(HOLD, Observed::Assigned, now())).unwrap();
    assert_eq!(moved, on(device));
    assert!(!moved.points_at(&user));
}

#[test]
fn another_seat_that_was_read_ends_no_move() {
    let moving = on(user_seat(7, "u1")).moved_to(device_seat(7, "C02B"));
    assert_eq!(moving.after_reading(&seat(HOLD, Observed::Assigned, now())), None);
    assert_eq!(on(device_seat(7, "C02A")).after_reading(&seat(HOLD, Observed::Assigned, now())), None);
}

#[test]
fn an_install_on_its_way_turns_without_letting_go_of_where_it_came_from() {
    let [one, two, three] = ["A", "B", "C"].map(|serial| device_seat(7, serial));
    let moving = on(one.clone()).moved_to(two);
    let turned = moving.moved_to(three.clone());
    assert_eq!(turned.license, InstallLicense::Moving { from: one.clone(), to: three });
    assert_eq!(moving.moved_to(one.clone()), on(one.clone()), "and back again");
    assert_eq!(install(InstallLicense::Unlicensed).moved_to(one.clone()), on(one.clone()));
    assert_eq!(on(one.clone()).moved_to(one.clone()), on(one));
}

#[test]
fn only_licensed_installs_point_at_seats() {
    let waits = InstallLicense::Waiting {
        since: now(),
        candidates: Vec::new(),
        waits_for: crate::plan::WaitsFor::DeviceLimit,
    };
    let why = NotRelevant::NotOwned;
    let failed = InstallLicense::Failed { why: LicenseFailure::OutOfLicenses };
    for license in [InstallLicense::Unlicensed, waits, InstallLicense::NotRelevant { why }, failed] {
        assert_eq!(license.seats().count(), 0, "{license:?}");
    }
}
