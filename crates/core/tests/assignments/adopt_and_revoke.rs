//! What is adopted or revoked, what is kept, and that doing so twice changes nothing.

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

fn revoke(fixture: &mut Fixture, revoke: &Revoke) -> Vec<(SeatKey, &'static str)> {
    fixture.pass(TimeDelta::seconds(1));
    let (decision, report) = decide_revoke(&fixture.rows, revoke, fixture.now);
    fixture.save(decision);
    report.lines.iter().map(|line| (line.id.clone(), line.outcome.name())).collect()
}

/// One license of ours, one foreign, one entry of the waitlist; another app beside.
fn busy() -> Fixture {
    let mut fixture = location_with(2);
    fixture.full_read(&["F"]);
    let _ = fixture.change_assignments(&["A"], &[]);
    let _ = fixture.write();
    fixture.done(RequestNumber(1));
    fixture.full_read(&["A", "F"]);
    fixture.pass(TimeDelta::seconds(1));
    let _ = fixture.change_assignments(&["W"], &[]);
    assert_eq!(fixture.rows.waitlist.len(), 1);
    let other = Pool::of(&location_id("1"), &app_asset(8, &[Platform::Ios], 5), fixture.now);
    fixture.rows.pools.insert(asset(8), other);
    let assign = BTreeSet::from([device_seat(8, "A"), device_seat(8, "B")]);
    let change = AssignmentChange::Seats { assign, unassign: BTreeSet::new() };
    let (decision, _) = decide_change_assignments(&fixture.rows, &change, fixture.now).unwrap();
    fixture.save(decision);
    fixture
}

#[test]
fn a_revoked_app_loses_ours_and_foreign_ones_and_its_waitlist_ends() {
    let mut fixture = busy();
    let app = Revoke::App { asset: asset(7) };
    let said = revoke(&mut fixture, &app);
    let expected =
        [(device_seat(7, "A"), "loses"), (device_seat(7, "F"), "loses"), (device_seat(7, "W"), "not_given")];
    assert_eq!(said, expected);
    assert!(fixture.rows.waitlist.is_empty());
    assert!(fixture.rows.seats[&device_seat(8, "A")].desired.is_assigned(), "another app");
    let before = fixture.rows.clone();
    assert_eq!(revoke(&mut fixture, &app), []);
    assert_eq!(fixture.rows, before, "twice is once");
    // The foreign one is read before it goes back.
    fixture.full_read(&["A", "F"]);
    let back: Vec<_> =
        fixture.write().into_iter().filter(|it| it.direction == Direction::Disassociate).collect();
    let seats: Vec<_> = back.iter().flat_map(|request| request.seats().collect::<Vec<_>>()).collect();
    assert_eq!(seats, [device_seat(7, "A"), device_seat(7, "F")]);
    fixture.fill_waitlist();
    assert!(!fixture.rows.seats.contains_key(&device_seat(7, "W")));
}

#[test]
fn a_revoked_device_loses_its_licenses_of_all_apps_and_no_other_device_does() {
    let mut fixture = busy();
    let said = revoke(&mut fixture, &Revoke::Holder { holder: device_seat(7, "A").holder });
    assert_eq!(said, [(device_seat(7, "A"), "loses"), (device_seat(8, "A"), "loses")]);
    assert_eq!(fixture.rows.waitlist.len(), 1, "of another device");
}

#[test]
fn a_revoked_token_loses_everything() {
    let mut fixture = busy();
    assert_eq!(revoke(&mut fixture, &Revoke::Token).len(), 5);
    assert!(
        fixture.rows.seats.values().all(|seat| !seat.desired.is_assigned())
            && fixture.rows.waitlist.is_empty()
    );
}

#[test]
fn a_license_that_apple_does_not_take_back_is_kept_unless_it_was_not_given_yet() {
    let mut fixture = location_with(9);
    if let Some(pool) = fixture.rows.pools.get_mut(&asset(7)) {
        pool.revocable = false;
    }
    let _ = fixture.change_assignments(&["A", "B"], &[]);
    let _ = fixture.write();
    fixture.done(RequestNumber(1));
    let _ = fixture.change_assignments(&["C"], &[]);
    let before = fixture.rows.seats[&device_seat(7, "A")].clone();
    let said = revoke(&mut fixture, &Revoke::Token);
    let expected =
        [(device_seat(7, "A"), "keeps"), (device_seat(7, "B"), "keeps"), (device_seat(7, "C"), "loses")];
    assert_eq!(said, expected);
    assert_eq!(fixture.rows.seats[&device_seat(7, "A")], before);
    assert!(fixture.write().is_empty(), "nothing is sent for any of them");
    let (decision, report) = decide_revoke(&fixture.rows, &Revoke::Token, fixture.now);
    assert_eq!((decision, report.counts()), (Decision::default(), [("keeps", 2)].into()));
}

#[test]
fn what_was_given_up_on_its_way_back_is_tried_again() {
    let mut fixture = busy();
    let app = Revoke::App { asset: asset(7) };
    let _ = revoke(&mut fixture, &app);
    let back =
        fixture.write().into_iter().find(|request| request.direction == Direction::Disassociate).unwrap();
    let error = AppleError { number: None, message: "no".into() };
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    let event_id = EventId::new("event").unwrap();
    fixture.answer(back.number, &RequestEvent::Accepted { event_id: event_id.clone(), at: fixture.now });
    let failures = vec![RequestFailure { error, subjects }];
    fixture.answer(back.number, &RequestEvent::Failed { event_id, failures });
    assert!(matches!(fixture.rows.seats[&device_seat(7, "A")].progress, Progress::GivenUp { .. }));
    assert_eq!(revoke(&mut fixture, &app), [(device_seat(7, "A"), "loses")]);
    fixture.full_read(&["A", "F"]);
    assert!(fixture.write().iter().any(|request| request.direction == Direction::Disassociate));
}

#[test]
fn adopted_licenses_are_ours_and_nothing_is_sent_for_them() {
    let mut fixture = location_with(5);
    fixture.full_read(&["A", "B", "C"]);
    let _ = fixture.change_assignments(&["A"], &[]);
    fixture.full_read(&["A", "B", "C"]);
    fixture.pass(TimeDelta::seconds(1));
    let (decision, report) = decide_adopt(&fixture.rows, &Adopt::All, fixture.now);
    let adopted: Vec<_> = report.lines.iter().map(|line| &line.id).collect();
    assert_eq!(adopted, [&device_seat(7, "B"), &device_seat(7, "C")], "the first one is ours already");
    fixture.save(decision);
    assert!(fixture.write().is_empty());
    fixture.full_read(&["A", "B", "C"]);
    assert!(fixture.is_enqueued(|location| JobKind::SyncAssets { location }));
    fixture.count();
    assert_eq!(fixture.free(), Some(2), "once the counts were read again");
    assert!(fixture.rows.seats.values().all(|seat| seat.is_usable() && seat.next_action().is_none()));
    let (again, report) = decide_adopt(&fixture.rows, &Adopt::All, fixture.now);
    assert_eq!((again, report.lines.len()), (Decision::default(), 0));
    assert_eq!(fixture.outcomes(&[], &["B"]), ["loses"], "as any direct assignment");
    assert_eq!(fixture.write().len(), 1);
}

#[test]
fn a_license_that_was_taken_back_before_it_was_adopted_is_assigned_again() {
    let mut fixture = location_with(5);
    fixture.full_read(&["A"]);
    let (decision, _) = decide_adopt(&fixture.rows, &Adopt::App { asset: asset(7) }, fixture.now);
    fixture.save(decision);
    fixture.full_read(&[]);
    assert_eq!(fixture.rows.seats[&device_seat(7, "A")].observed, Observed::Unassigned);
    assert_eq!(fixture.write().len(), 1);
}

#[test]
fn licenses_of_another_app_do_not_change() {
    let mut fixture = location_with(5);
    fixture.full_read(&["A"]);
    let (decision, report) = decide_adopt(&fixture.rows, &Adopt::App { asset: asset(8) }, fixture.now);
    assert_eq!((decision, report.lines.len()), (Decision::default(), 0));
}
