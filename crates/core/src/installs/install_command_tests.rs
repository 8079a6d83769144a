//! No licensed install before its license was read.

use super::*;
use crate::{
    id::UserId,
    seats::{Observed, testing::*},
    testing::{location_id, now},
};

fn member(status: VppUserStatus) -> VppUser {
    let member = VppUser::new(location_id("1"), client_user("u1"), UserId::new("ada").unwrap(), now());
    VppUser { status, ..member }
}

fn asked(
    license: &InstallLicense,
    seats: &[Seat],
    status: VppUserStatus,
) -> Result<InstallWith, InstallWithheld> {
    let member = member(status);
    install_with(license, |key| seats.iter().find(|seat| seat.key == *key), |_| Some(&member))
}

#[test]
fn complete_is_not_enough_for_an_install_and_listed_is() {
    let key = device_seat(7, "C02A");
    let license = InstallLicense::OnSeat { seat: key.clone() };
    for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
        let withheld = asked(&license, &[seat(HOLD, seen, now())], VppUserStatus::Unknown);
        assert_eq!(withheld, Err(InstallWithheld::Unconfirmed { holder: key.holder.clone() }), "{seen:?}");
    }
    let with = asked(&license, &[seat(HOLD, Observed::Assigned, now())], VppUserStatus::Unknown);
    assert_eq!(with, Ok(InstallWith::License { seat: key }));
    assert!(asked(&license, &[], VppUserStatus::Unknown).is_err(), "a seat that is not there");
}

#[test]
fn a_user_license_is_used_once_the_user_has_accepted() {
    let key = user_seat(7, "u1");
    let license = InstallLicense::OnSeat { seat: key.clone() };
    let present = [Seat::new(key.clone(), HOLD, Observed::Assigned, now())];
    let withheld = asked(&license, &present, VppUserStatus::Registered);
    assert_eq!(withheld, Err(InstallWithheld::NotAssociated { holder: key.holder.clone() }));
    let with = asked(&license, &present, VppUserStatus::Associated);
    assert_eq!(with, Ok(InstallWith::License { seat: key }));
}

#[test]
fn while_an_install_moves_the_license_that_it_leaves_is_used_as_long_as_it_can_be() {
    let (from, to) = (device_seat(7, "A"), device_seat(7, "B"));
    let license = InstallLicense::Moving { from: from.clone(), to: to.clone() };
    let both =
        |one, other| [Seat::new(from.clone(), HOLD, one, now()), Seat::new(to.clone(), HOLD, other, now())];
    let with = |one, other| asked(&license, &both(one, other), VppUserStatus::Unknown);
    assert_eq!(with(Observed::Assigned, Observed::Reported), Ok(InstallWith::License { seat: from.clone() }));
    assert_eq!(with(Observed::Unknown, Observed::Assigned), Ok(InstallWith::License { seat: to.clone() }));
    assert!(with(Observed::Reported, Observed::Reported).is_err());
}

#[test]
fn an_unlicensed_install_needs_no_seat_and_a_waiting_one_gets_no_command() {
    assert_eq!(asked(&InstallLicense::Unlicensed, &[], VppUserStatus::Unknown), Ok(InstallWith::NoLicense));
    let why = crate::policy::NotRelevant::NotOwned;
    let withheld = asked(&InstallLicense::NotRelevant { why }, &[], VppUserStatus::Unknown);
    assert_eq!(withheld, Err(InstallWithheld::NoLicense));
}
