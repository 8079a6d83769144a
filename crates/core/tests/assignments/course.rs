//! The course of direct assignments: from the act to a license that was read, and all that comes between.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::*, decide::assignments::*, id::*, plan::PackLimits, policy::*, seats::*, transaction::*,
};

use crate::fixture::*;
use proptest::prelude::*;

fn send(location: LocationId) -> JobKind {
    JobKind::SendRequests { location }
}

fn sync(location: LocationId) -> JobKind {
    JobKind::SyncAssets { location }
}

fn fill_waitlist(location: LocationId) -> JobKind {
    JobKind::FillWaitlist { location }
}

#[test]
fn an_assignment_becomes_a_seat_a_request_and_a_license_that_was_read() {
    let mut fixture = location_with(2);
    assert_eq!(fixture.outcomes(&["A", "B"], &[]), ["gains", "gains"]);
    assert!(fixture.is_enqueued(send));
    let requests = fixture.write();
    assert_eq!((requests.len(), requests[0].seats().count()), (1, 2), "they share a request");
    assert!(fixture.write().is_empty(), "each is sent once");
    fixture.done(RequestNumber(1));
    let observed = |fixture: &Fixture| fixture.rows.seats[&device_seat(7, "A")].observed;
    assert_eq!(observed(&fixture), Observed::Reported);
    fixture.full_read(&["A", "B"]);
    assert_eq!(observed(&fixture), Observed::Assigned);
    assert!(fixture.rows.seats.values().all(|seat| seat.next_action().is_none()));
    assert_eq!(fixture.outcomes(&["A"], &[]), ["keeps"], "assigning twice is assigning once");
}

#[test]
fn a_seat_that_finds_no_license_waits_and_the_first_to_wait_is_assigned_first() {
    let mut fixture = location_with(1);
    assert_eq!(fixture.outcomes(&["A"], &[]), ["gains"]);
    fixture.pass(TimeDelta::seconds(1));
    assert_eq!(fixture.outcomes(&["Z"], &[]), ["waits"]);
    fixture.pass(TimeDelta::seconds(1));
    assert_eq!(fixture.outcomes(&["B"], &[]), ["waits"]);
    let _ = fixture.write();
    fixture.done(RequestNumber(1));
    fixture.full_read(&["A"]);
    assert_eq!(fixture.outcomes(&[], &["A"]), ["loses"]);
    assert_eq!(fixture.free(), Some(0), "not before Apple has taken it back");
    fixture.pass(TimeDelta::seconds(1));
    let _ = fixture.write();
    fixture.done(RequestNumber(2));
    assert!(fixture.is_enqueued(fill_waitlist));
    fixture.fill_waitlist();
    assert!(fixture.is_enqueued(sync), "the counts do not show yet what has come back");
    fixture.count();
    fixture.fill_waitlist();
    assert!(fixture.rows.seats.contains_key(&device_seat(7, "Z")));
    assert_eq!(fixture.rows.waitlist.len(), 1);
    assert_eq!(fixture.outcomes(&["C"], &[]), ["waits"], "the waitlist comes first");
    assert_eq!(fixture.outcomes(&[], &["B", "C"]), ["not_given", "not_given"]);
    assert!(fixture.rows.waitlist.is_empty(), "what is unassigned waits no more");
}

#[test]
fn licenses_that_apple_had_listed_when_it_was_counted_are_not_subtracted_again() {
    let mut fixture = location_with(3);
    let _ = fixture.change_assignments(&["A"], &[]);
    let _ = fixture.write();
    fixture.done(RequestNumber(1));
    fixture.full_read(&["A"]);
    let _ = fixture.change_assignments(&["B"], &[]);
    assert_eq!(fixture.free(), Some(1));
    fixture.count();
    assert_eq!(fixture.free(), Some(1), "A is in the counts, B is not");
    fixture.count();
    assert_eq!(fixture.free(), Some(1), "and counting again changes nothing");
    assert_eq!(fixture.rows.pools[&asset(7)].uncounted, 1);
}

#[test]
fn an_assignment_that_is_unassigned_before_it_was_sent_sends_nothing() {
    let mut fixture = location_with(1);
    let _ = fixture.change_assignments(&["A"], &[]);
    let _ = fixture.change_assignments(&[], &["A"]);
    assert!(fixture.write().is_empty());
    assert_eq!(fixture.free(), Some(1));
}

#[test]
fn a_list_unassigns_the_holders_that_are_not_in_it_unless_they_are_too_many() {
    let mut fixture = location_with(50);
    let names: Vec<String> = (0..30).map(|n| format!("D{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let _ = fixture.change_assignments(&names, &[]);
    let holders = |names: &[&str]| -> BTreeSet<Holder> {
        names.iter().map(|name| Holder::Device { serial_number: serial(name) }).collect()
    };
    let list =
        |names: &[&str], bound| AssignmentChange::List { asset: asset(7), holders: holders(names), bound };
    let asked = Some(ReleaseBound::default());
    let few = decide_change_assignments(&fixture.rows, &list(&names[1..], asked), fixture.now).unwrap().1;
    assert_eq!(few.counts(), [("keeps", 29), ("loses", 1)].into());
    let refused = decide_change_assignments(&fixture.rows, &list(&[], asked), fixture.now).unwrap_err();
    assert_eq!(refused.code(), "too_many_releases");
    let confirmed = decide_change_assignments(&fixture.rows, &list(&[], None), fixture.now).unwrap().1;
    assert_eq!(confirmed.counts(), [("loses", 30)].into());
}

#[test]
fn licenses_that_go_back_leave_before_those_that_are_given() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A"], &[]);
    let _ = fixture.write();
    fixture.done(RequestNumber(1));
    fixture.pass(TimeDelta::seconds(1));
    let _ = fixture.change_assignments(&["B"], &["A"]);
    let directions: Vec<_> = fixture.write().iter().map(|request| request.direction).collect();
    assert_eq!(directions, [Direction::Disassociate, Direction::Associate]);
}

/// A refusal that names no seat.
fn refusal() -> RequestEvent {
    let error = AppleError { number: Some(ErrorNumber(9602)), message: "no".into() };
    RequestEvent::Refused {
        refusal: RequestRefusal { error, http_status: 400, subjects: ErrorSubjects::default() },
    }
}

#[test]
fn a_request_that_was_refused_without_a_name_is_halved_until_the_seat_at_fault_is_alone() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A", "B", "BAD", "C"], &[]);
    for _ in 0..4 {
        for request in fixture.write() {
            if request.seats().any(|seat| seat == device_seat(7, "BAD")) {
                fixture.answer(request.number, &refusal());
            } else {
                fixture.done(request.number);
            }
        }
    }
    let given_up =
        |name: &str| fixture.rows.seats[&device_seat(7, name)].next_action() == Some(NextAction::GivenUp);
    assert!(given_up("BAD") && !given_up("A") && !given_up("B") && !given_up("C"));
}

#[test]
fn a_license_that_is_reported_behind_a_fence_is_read_back_when_the_fence_passes() {
    let mut fixture = location_with(2);
    let _ = fixture.outcomes(&["A"], &[]);
    let first = fixture.write()[0].number;
    fixture.answer(first, &RequestEvent::Lost { last_possible_send: fixture.now });
    let fence = fixture.rows.seats[&device_seat(7, "A")].fence.unwrap();
    let again = fixture.write()[0].number;

    fixture.jobs.clear();
    fixture.done(again);

    let seat = &fixture.rows.seats[&device_seat(7, "A")];
    assert_eq!((seat.observed, seat.fence), (Observed::Reported, Some(fence)));
    let release = JobKind::ReleaseFences { location: location_id("1") };
    assert_eq!(fixture.jobs.get(&release), Some(&fence.until), "a delta may have moved past the license");
}

#[test]
fn what_an_earlier_session_wrote_is_lost_and_goes_no_other_way_until_its_fence_has_passed() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A"], &[]);
    let _ = fixture.write();
    fixture.save(decide_orphans(&fixture.rows, Epoch(2), fixture.now, fixture.now));
    let _ = fixture.change_assignments(&[], &["A"]);
    assert!(fixture.write().is_empty(), "Apple may still run it");
    fixture.pass(TimeDelta::minutes(16));
    fixture.save(decide_refresh_seats(&fixture.rows, &[], fixture.now, fixture.now));
    assert_eq!(
        fixture.rows.seats[&device_seat(7, "A")].next_action(),
        Some(NextAction::AwaitFence),
        "it is read first"
    );
    fixture.full_read(&["A"]);
    assert_eq!(fixture.write()[0].direction, Direction::Disassociate);
}

#[test]
fn a_seat_of_a_user_waits_until_they_were_read_as_registered() {
    let mut fixture = location_with(9);
    let assign = BTreeSet::from([user_seat(7, "ada")]);
    let change = AssignmentChange::Seats { assign, unassign: BTreeSet::new() };
    let (decision, _) = decide_change_assignments(&fixture.rows, &change, fixture.now).unwrap();
    fixture.save(decision);
    assert!(fixture.write().is_empty());
    assert!(fixture.is_enqueued(|location| JobKind::RefreshUsers { location }));
    fixture.pass(TimeDelta::seconds(1));
    let ada: VppUser = fixture.rows.users.values().next().unwrap().clone();
    let read = [(ada.client_user_id, VppUserStatus::Registered)];
    fixture.save(decide_refresh_seats(&fixture.rows, &read, fixture.now, fixture.now));
    assert_eq!(fixture.write().len(), 1);
}

#[test]
fn a_foreign_license_is_counted_and_not_sent_for_and_an_assignment_makes_it_ours() {
    let mut fixture = location_with(2);
    fixture.full_read(&["X"]);
    assert_eq!(fixture.free(), Some(1), "one of two is taken, whatever the counts say");
    assert!(fixture.write().is_empty());
    assert_eq!(fixture.outcomes(&["X"], &[]), ["reuses"]);
    fixture.full_read(&["X"]);
    assert!(fixture.write().is_empty(), "it was read again, and is there");
    assert_eq!(fixture.outcomes(&[], &["X"]), ["loses"]);
}

#[test]
fn changes_that_contradict_themselves_are_refused_by_name() {
    let fixture = location_with(1);
    let refused = |assign: BTreeSet<_>, unassign: BTreeSet<_>| {
        decide_change_assignments(&fixture.rows, &AssignmentChange::Seats { assign, unassign }, fixture.now)
            .unwrap_err()
            .code()
    };
    assert_eq!(refused(seats(&["A"]), seats(&["A"])), "assigned_and_unassigned");
    let elsewhere = SeatKey { location: location_id("2"), ..device_seat(7, "A") };
    assert_eq!(refused([elsewhere].into(), BTreeSet::new()), "other_location");
    let mut other = fixture.clone();
    let unknown = AssignmentChange::Seats { assign: [device_seat(8, "A")].into(), unassign: BTreeSet::new() };
    let report = decide_change_assignments(&other.rows, &unknown, other.now).unwrap().1;
    assert_eq!(report.counts(), [("not_relevant", 1)].into());
    other.save(decide_record_answer(&other.rows, RequestNumber(9), &lost(&other), other.now));
}

#[test]
fn a_seat_that_lacked_a_license_is_tried_again_when_newer_counts_show_one() {
    let mut fixture = location_with(1);
    let _ = fixture.change_assignments(&["A"], &[]);
    let number = fixture.write()[0].number;
    let event_id = EventId::new("e").unwrap();
    fixture.answer(number, &RequestEvent::Accepted { event_id: event_id.clone(), at: fixture.now });
    let error = AppleError { number: Some(ErrorNumber(9709)), message: "not enough".into() };
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    fixture.answer(
        number,
        &RequestEvent::Failed { event_id, failures: vec![RequestFailure { error, subjects }] },
    );
    fixture.full_read(&[]);
    fixture.save(decide_retry_given_up(&fixture.rows, fixture.now));
    assert!(fixture.write().is_empty(), "the counts were not read since");
    fixture.pass(TimeDelta::seconds(1));
    fixture.rows.pools.get_mut(&asset(7)).unwrap().counted_at = fixture.now;
    fixture.save(decide_retry_given_up(&fixture.rows, fixture.now));
    assert_eq!(fixture.write().len(), 1);
}

fn lost(fixture: &Fixture) -> RequestEvent {
    RequestEvent::Lost { last_possible_send: fixture.now }
}

#[test]
fn a_failure_that_names_a_seat_gives_it_up_and_the_others_are_read_back() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A", "B"], &[]);
    let number = fixture.write()[0].number;
    let event_id = EventId::new("e").unwrap();
    fixture.answer(number, &RequestEvent::Accepted { event_id: event_id.clone(), at: fixture.now });
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    let error = AppleError { number: None, message: "no".into() };
    let failures = vec![RequestFailure { error, subjects }];
    fixture.answer(number, &RequestEvent::Failed { event_id, failures });
    let progress = |name: &str| fixture.rows.seats[&device_seat(7, name)].progress.clone();
    assert!(matches!(progress("A"), Progress::GivenUp { error: SeatError::Apple { .. } }));
    assert_eq!(fixture.rows.seats[&device_seat(7, "B")].next_action(), Some(NextAction::ReadBack));
}

#[test]
fn a_full_read_whose_list_changed_meanwhile_makes_nothing_unassigned_and_reads_back_what_it_does_not_list() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A", "B"], &[]);
    let number = fixture.write()[0].number;
    fixture.done(number);
    fixture.full_read(&["A", "B"]);
    fixture.pass(TimeDelta::seconds(1));
    let listed = seats(&["A"]);
    let read =
        AssignmentsRead { begun_at: fixture.now, listed: &listed, covers: Covers::DoubtfullyUpTo(None) };
    fixture.save(decide_apply_read(&fixture.rows, &read, fixture.now).0);
    let observed = |fixture: &Fixture, name: &str| fixture.rows.seats[&device_seat(7, name)].observed;
    assert_eq!((observed(&fixture, "A"), observed(&fixture, "B")), (Observed::Assigned, Observed::Unknown));
    assert_eq!(fixture.rows.seats[&device_seat(7, "B")].next_action(), Some(NextAction::ReadBack));
    assert!(fixture.write().is_empty(), "nothing is sent on a doubt");
    fixture.full_read(&["A", "B"]);
    assert_eq!(observed(&fixture, "B"), Observed::Assigned);
}

#[test]
fn what_is_previewed_is_what_is_written_afterwards() {
    let mut fixture = location_with(9);
    let _ = fixture.change_assignments(&["A", "B", "C"], &[]);
    let limits = PackLimits::new(25, 2, 2).unwrap();
    let previewed = preview_requests(&fixture.rows, &limits, fixture.now);
    assert_eq!(previewed, preview_requests(&fixture.rows, &limits, fixture.now), "asking changes nothing");
    let (_, written) = decide_write_request(&fixture.rows, Epoch(1), &limits, fixture.now, 9, fixture.now);
    let written: Vec<_> = written.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
    let previewed: Vec<_> = previewed.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
    assert_eq!((previewed.len(), previewed), (2, written));
}

#[derive(Debug, Clone)]
enum Step {
    Change(Vec<&'static str>, Vec<&'static str>),
    Write,
    Done(usize),
    Lose(usize),
    FullRead(Vec<&'static str>),
    Pass(i64),
    FillWaitlist,
    Refresh,
}

fn any_step() -> impl Strategy<Value = Step> {
    let names = || prop::sample::subsequence(vec!["A", "B", "C", "D", "E"], 0..=3);
    prop_oneof![
        3 => (names(), names()).prop_map(|(assign, unassign)| {
            let unassign = unassign.into_iter().filter(|name| !assign.contains(name)).collect();
            Step::Change(assign, unassign)
        }),
        3 => Just(Step::Write),
        2 => (0usize..3).prop_map(Step::Done),
        1 => (0usize..3).prop_map(Step::Lose),
        2 => names().prop_map(Step::FullRead),
        1 => (0i64..20).prop_map(Step::Pass),
        1 => Just(Step::FillWaitlist),
        1 => Just(Step::Refresh),
    ]
}

proptest! {
    #[test]
    fn in_any_course_nothing_that_must_hold_is_broken_and_no_more_is_assigned_than_is_free(
        total in 0u64..5, steps in prop::collection::vec(any_step(), 0..40),
    ) {
        let mut fixture = location_with(total);
        for step in steps {
            let (free, held) = (fixture.free().unwrap(), fixture.rows.seats.len());
            match step {
                Step::Change(assign, unassign) => {
                    let counts = fixture.change_assignments(&assign, &unassign).counts();
                    let count = |name| counts.get(name).copied().unwrap_or_default();
                    prop_assert!(count("gains") <= free + count("loses"));
                }
                Step::FillWaitlist => {
                    fixture.fill_waitlist();
                    prop_assert!(fixture.rows.seats.len() - held <= usize::try_from(free).unwrap());
                }
                Step::Write => drop(fixture.write()),
                Step::Done(n) | Step::Lose(n) => {
                    let open: Vec<_> =
                        fixture.rows.requests.iter().filter(|request| request.is_open()).cloned().collect();
                    if let Some(request) = open.get(n % open.len().max(1)) {
                        match step {
                            Step::Done(_) => fixture.done(request.number),
                            _ => fixture.answer(request.number, &lost(&fixture)),
                        }
                    }
                }
                Step::FullRead(listed) => fixture.full_read(&listed),
                Step::Pass(minutes) => fixture.pass(TimeDelta::minutes(minutes)),
                Step::Refresh => fixture.save(decide_refresh_seats(&fixture.rows, &[], fixture.now, fixture.now)),
            }
        }
    }
}
