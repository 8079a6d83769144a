//! What is revoked, what is kept, and that revoking twice changes nothing.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::AppleError,
    catalog::{Platform, Pool},
    decide::assignments::*,
    location::*,
    seats::*,
    transaction::*,
};

use crate::fixture::*;

fn revoke(house: &mut House, revoke: &Revoke) -> Vec<(SeatKey, &'static str)> {
    house.pass(TimeDelta::seconds(1));
    let (decision, report) = decide_revoke(&house.rows, revoke, house.now);
    house.save(decision);
    report.lines.iter().map(|line| (line.id.clone(), line.outcome.name())).collect()
}

/// One license of ours, one foreign, one wish that waits; another app beside.
fn busy() -> House {
    let mut house = house(2);
    house.walk(&["F"]);
    let _ = house.wish(&["A"], &[]);
    let _ = house.write();
    house.done(RequestNumber(1));
    house.walk(&["A", "F"]);
    house.pass(TimeDelta::seconds(1));
    let _ = house.wish(&["W"], &[]);
    assert_eq!(house.rows.waitlist.len(), 1);
    let other = Pool::of(&location_id("1"), &app_asset(8, &[Platform::Ios], 5), house.now);
    house.rows.pools.insert(asset(8), other);
    let give = BTreeSet::from([device_seat(8, "A"), device_seat(8, "B")]);
    let change = AssignmentChange::Seats { assign: give, unassign: BTreeSet::new() };
    let (decision, _) = decide_change_assignments(&house.rows, &change, house.now).unwrap();
    house.save(decision);
    house
}

#[test]
fn a_revoked_app_loses_ours_and_foreign_ones_and_nobody_waits_for_it_any_more() {
    let mut house = busy();
    let app = Revoke::App { asset: asset(7) };
    let said = revoke(&mut house, &app);
    let expected =
        [(device_seat(7, "A"), "loses"), (device_seat(7, "F"), "loses"), (device_seat(7, "W"), "not_given")];
    assert_eq!(said, expected);
    assert!(house.rows.waitlist.is_empty());
    assert!(house.rows.seats[&device_seat(8, "A")].desired.is_assigned(), "another app");
    let before = house.rows.clone();
    assert_eq!(revoke(&mut house, &app), []);
    assert_eq!(house.rows, before, "twice is once");
    // The foreign one is read before it goes back.
    house.walk(&["A", "F"]);
    let back: Vec<_> =
        house.write().into_iter().filter(|it| it.direction == Direction::Disassociate).collect();
    let seats: Vec<_> = back.iter().flat_map(|request| request.seats().collect::<Vec<_>>()).collect();
    assert_eq!(seats, [device_seat(7, "A"), device_seat(7, "F")]);
    house.serve();
    assert!(!house.rows.seats.contains_key(&device_seat(7, "W")));
}

#[test]
fn a_revoked_device_loses_its_licenses_of_all_apps_and_no_other_device_does() {
    let mut house = busy();
    let said = revoke(&mut house, &Revoke::Holder { holder: device_seat(7, "A").holder });
    assert_eq!(said, [(device_seat(7, "A"), "loses"), (device_seat(8, "A"), "loses")]);
    assert_eq!(house.rows.waitlist.len(), 1, "of another device");
}

#[test]
fn a_revoked_token_loses_everything() {
    let mut house = busy();
    assert_eq!(revoke(&mut house, &Revoke::Token).len(), 5);
    assert!(
        house.rows.seats.values().all(|seat| !seat.desired.is_assigned()) && house.rows.waitlist.is_empty()
    );
}

#[test]
fn a_license_that_apple_does_not_take_back_is_kept_unless_it_was_not_given_yet() {
    let mut house = house(9);
    if let Some(pool) = house.rows.pools.get_mut(&asset(7)) {
        pool.revocable = false;
    }
    let _ = house.wish(&["A", "B"], &[]);
    let _ = house.write();
    house.done(RequestNumber(1));
    let _ = house.wish(&["C"], &[]);
    let before = house.rows.seats[&device_seat(7, "A")].clone();
    let said = revoke(&mut house, &Revoke::Token);
    let expected =
        [(device_seat(7, "A"), "keeps"), (device_seat(7, "B"), "keeps"), (device_seat(7, "C"), "loses")];
    assert_eq!(said, expected);
    assert_eq!(house.rows.seats[&device_seat(7, "A")], before);
    assert!(house.write().is_empty(), "nothing is sent for any of them");
    let (decision, report) = decide_revoke(&house.rows, &Revoke::Token, house.now);
    assert_eq!((decision, report.counts()), (Decision::default(), [("keeps", 2)].into()));
}

#[test]
fn what_was_given_up_on_its_way_back_is_tried_again() {
    let mut house = busy();
    let app = Revoke::App { asset: asset(7) };
    let _ = revoke(&mut house, &app);
    let back =
        house.write().into_iter().find(|request| request.direction == Direction::Disassociate).unwrap();
    let error = AppleError { number: None, message: "no".into() };
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    let event_id = EventId::new("event").unwrap();
    house.hear(back.number, &RequestEvent::Accepted { event_id: event_id.clone(), at: house.now });
    let failures = vec![RequestFailure { error, subjects }];
    house.hear(back.number, &RequestEvent::Failed { event_id, failures });
    assert!(matches!(house.rows.seats[&device_seat(7, "A")].progress, Progress::GivenUp { .. }));
    assert_eq!(revoke(&mut house, &app), [(device_seat(7, "A"), "loses")]);
    house.walk(&["A", "F"]);
    assert!(house.write().iter().any(|request| request.direction == Direction::Disassociate));
}
