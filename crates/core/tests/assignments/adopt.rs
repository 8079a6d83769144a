//! Licenses of another product become ours, without a call that writes.

use chrono::TimeDelta;
use mdm_vpp_core::{decide::assignments::*, location::*, seats::*, transaction::*};

use crate::fixture::*;

#[test]
fn adopted_licenses_are_ours_and_nothing_is_sent_for_them() {
    let mut house = house(5);
    house.walk(&["A", "B", "C"]);
    let _ = house.wish(&["A"], &[]);
    house.walk(&["A", "B", "C"]);
    house.pass(TimeDelta::seconds(1));
    let (decision, report) = decide_adopt(&house.rows, &Adopt::All, house.now);
    let adopted: Vec<_> = report.lines.iter().map(|line| &line.id).collect();
    assert_eq!(adopted, [&device_seat(7, "B"), &device_seat(7, "C")], "the first one is ours already");
    house.save(decision);
    assert!(house.write().is_empty());
    house.walk(&["A", "B", "C"]);
    assert!(house.is_due(|location| JobKind::SyncAssets { location }));
    house.count();
    assert_eq!(house.free(), Some(2), "once the counts were read again");
    assert!(house.rows.seats.values().all(|seat| seat.is_usable() && seat.next_action().is_none()));
    let (again, report) = decide_adopt(&house.rows, &Adopt::All, house.now);
    assert_eq!((again, report.lines.len()), (Decision::default(), 0));
    assert_eq!(house.outcomes(&[], &["B"]), ["loses"], "as any wish of ours");
    assert_eq!(house.write().len(), 1);
}

#[test]
fn a_license_that_was_taken_back_before_it_was_adopted_is_given_again() {
    let mut house = house(5);
    house.walk(&["A"]);
    let (decision, _) = decide_adopt(&house.rows, &Adopt::App { asset: asset(7) }, house.now);
    house.save(decision);
    house.walk(&[]);
    assert_eq!(house.rows.seats[&device_seat(7, "A")].observed, Observed::Unassigned);
    assert_eq!(house.write().len(), 1);
}

#[test]
fn another_app_is_left_alone() {
    let mut house = house(5);
    house.walk(&["A"]);
    let (decision, report) = decide_adopt(&house.rows, &Adopt::App { asset: asset(8) }, house.now);
    assert_eq!((decision, report.lines.len()), (Decision::default(), 0));
}
