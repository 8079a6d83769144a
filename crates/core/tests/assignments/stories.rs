//! Talks as stories: from a wish to a license that was read, and all that comes between.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::{apple_error::*, decide::assignments::*, id::*, policy::*, seats::*, transaction::*};

use crate::fixture::*;
use proptest::prelude::*;

fn send(location: LocationId) -> JobKind {
    JobKind::SendRequests { location }
}

fn sync(location: LocationId) -> JobKind {
    JobKind::SyncAssets { location }
}

fn serve(location: LocationId) -> JobKind {
    JobKind::FillWaitlist { location }
}

#[test]
fn a_wish_becomes_a_seat_a_request_and_a_license_that_was_read() {
    let mut house = house(2);
    assert_eq!(house.outcomes(&["A", "B"], &[]), ["gains", "gains"]);
    assert!(house.is_due(send));
    let requests = house.write();
    assert_eq!((requests.len(), requests[0].seats().count()), (1, 2), "they share a request");
    assert!(house.write().is_empty(), "each is sent once");
    house.done(RequestNumber(1));
    let seen = |house: &House| house.rows.seats[&device_seat(7, "A")].observed;
    assert_eq!(seen(&house), Observed::Reported);
    house.walk(&["A", "B"]);
    assert_eq!(seen(&house), Observed::Assigned);
    assert!(house.rows.seats.values().all(|seat| seat.next_action().is_none()));
    assert_eq!(house.outcomes(&["A"], &[]), ["keeps"], "a wish is made once");
}

#[test]
fn who_finds_no_license_waits_and_the_first_to_wait_is_served_first() {
    let mut house = house(1);
    assert_eq!(house.outcomes(&["A"], &[]), ["gains"]);
    house.pass(TimeDelta::seconds(1));
    assert_eq!(house.outcomes(&["Z"], &[]), ["waits"]);
    house.pass(TimeDelta::seconds(1));
    assert_eq!(house.outcomes(&["B"], &[]), ["waits"]);
    let _ = house.write();
    house.done(RequestNumber(1));
    house.walk(&["A"]);
    assert_eq!(house.outcomes(&[], &["A"]), ["loses"]);
    assert_eq!(house.free(), Some(0), "not before Apple has taken it back");
    house.pass(TimeDelta::seconds(1));
    let _ = house.write();
    house.done(RequestNumber(2));
    assert!(house.is_due(serve));
    house.serve();
    assert!(house.is_due(sync), "the counts do not show yet what has come back");
    house.count();
    house.serve();
    assert!(house.rows.seats.contains_key(&device_seat(7, "Z")));
    assert_eq!(house.rows.waitlist.len(), 1);
    assert_eq!(house.outcomes(&["C"], &[]), ["waits"], "nobody jumps the queue");
    assert_eq!(house.outcomes(&[], &["B", "C"]), ["not_given", "not_given"]);
    assert!(house.rows.waitlist.is_empty(), "who wishes no more does not wait");
}

#[test]
fn licenses_that_apple_had_listed_when_it_was_counted_are_not_subtracted_again() {
    let mut house = house(3);
    let _ = house.wish(&["A"], &[]);
    let _ = house.write();
    house.done(RequestNumber(1));
    house.walk(&["A"]);
    let _ = house.wish(&["B"], &[]);
    assert_eq!(house.free(), Some(1));
    house.count();
    assert_eq!(house.free(), Some(1), "A is in the counts, B is not");
    house.count();
    assert_eq!(house.free(), Some(1), "and counting again changes nothing");
    assert_eq!(house.rows.pools[&asset(7)].uncounted, 1);
}

#[test]
fn a_wish_that_is_taken_back_before_it_was_sent_sends_nothing() {
    let mut house = house(1);
    let _ = house.wish(&["A"], &[]);
    let _ = house.wish(&[], &["A"]);
    assert!(house.write().is_empty());
    assert_eq!(house.free(), Some(1));
}

#[test]
fn a_list_takes_from_those_who_are_not_in_it_unless_that_are_too_many() {
    let mut house = house(50);
    let names: Vec<String> = (0..30).map(|n| format!("D{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let _ = house.wish(&names, &[]);
    let holders = |names: &[&str]| -> BTreeSet<Holder> {
        names.iter().map(|name| Holder::Device { serial_number: serial(name) }).collect()
    };
    let list = |names: &[&str], blast_radius| AssignmentChange::List {
        asset: asset(7),
        holders: holders(names),
        bound: blast_radius,
    };
    let asked = Some(ReleaseBound::default());
    let few = decide_change_assignments(&house.rows, &list(&names[1..], asked), house.now).unwrap().1;
    assert_eq!(few.counts(), [("keeps", 29), ("loses", 1)].into());
    let refused = decide_change_assignments(&house.rows, &list(&[], asked), house.now).unwrap_err();
    assert_eq!(refused.code(), "too_many_releases");
    let confirmed = decide_change_assignments(&house.rows, &list(&[], None), house.now).unwrap().1;
    assert_eq!(confirmed.counts(), [("loses", 30)].into());
}

#[test]
fn licenses_that_go_back_leave_before_those_that_are_given() {
    let mut house = house(9);
    let _ = house.wish(&["A"], &[]);
    let _ = house.write();
    house.done(RequestNumber(1));
    house.pass(TimeDelta::seconds(1));
    let _ = house.wish(&["B"], &["A"]);
    let directions: Vec<_> = house.write().iter().map(|request| request.direction).collect();
    assert_eq!(directions, [Direction::Disassociate, Direction::Associate]);
}

/// A refusal that names nobody.
fn refusal() -> RequestEvent {
    let error = AppleError { number: Some(ErrorNumber(9602)), message: "no".into() };
    RequestEvent::Refused {
        refusal: RequestRefusal { error, http_status: 400, subjects: ErrorSubjects::default() },
    }
}

#[test]
fn a_request_that_was_refused_without_a_name_is_halved_until_the_culprit_is_alone() {
    let mut house = house(9);
    let _ = house.wish(&["A", "B", "BAD", "C"], &[]);
    for _ in 0..4 {
        for request in house.write() {
            if request.seats().any(|seat| seat == device_seat(7, "BAD")) {
                house.hear(request.number, &refusal());
            } else {
                house.done(request.number);
            }
        }
    }
    let given_up =
        |name: &str| house.rows.seats[&device_seat(7, name)].next_action() == Some(NextAction::GivenUp);
    assert!(given_up("BAD") && !given_up("A") && !given_up("B") && !given_up("C"));
}

#[test]
fn what_an_earlier_talker_wrote_is_lost_and_goes_no_other_way_until_its_fence_has_passed() {
    let mut house = house(9);
    let _ = house.wish(&["A"], &[]);
    let _ = house.write();
    house.save(decide_orphans(&house.rows, Epoch(2), house.now, house.now));
    let _ = house.wish(&[], &["A"]);
    assert!(house.write().is_empty(), "Apple may still run it");
    house.pass(TimeDelta::minutes(16));
    house.save(decide_refresh_seats(&house.rows, &[], house.now, house.now));
    assert_eq!(
        house.rows.seats[&device_seat(7, "A")].next_action(),
        Some(NextAction::AwaitFence),
        "look first"
    );
    house.walk(&["A"]);
    assert_eq!(house.write()[0].direction, Direction::Disassociate);
}

#[test]
fn a_seat_of_a_user_waits_until_he_was_read_as_registered() {
    let mut house = house(9);
    let give = BTreeSet::from([user_seat(7, "ada")]);
    let change = AssignmentChange::Seats { assign: give, unassign: BTreeSet::new() };
    let (decision, _) = decide_change_assignments(&house.rows, &change, house.now).unwrap();
    house.save(decision);
    assert!(house.write().is_empty());
    assert!(house.is_due(|location| JobKind::RefreshUsers { location }));
    house.pass(TimeDelta::seconds(1));
    let ada: VppUser = house.rows.users.values().next().unwrap().clone();
    let read = [(ada.client_user_id, VppUserStatus::Registered)];
    house.save(decide_refresh_seats(&house.rows, &read, house.now, house.now));
    assert_eq!(house.write().len(), 1);
}

#[test]
fn what_nobody_asked_for_is_counted_and_left_alone_and_a_wish_makes_it_ours() {
    let mut house = house(2);
    house.walk(&["X"]);
    assert_eq!(house.free(), Some(1), "one of two is taken, whatever the counts say");
    assert!(house.write().is_empty());
    assert_eq!(house.outcomes(&["X"], &[]), ["reuses"]);
    house.walk(&["X"]);
    assert!(house.write().is_empty(), "it was read again, and is there");
    assert_eq!(house.outcomes(&[], &["X"]), ["loses"]);
}

#[test]
fn wishes_that_contradict_themselves_are_refused_by_name() {
    let house = house(1);
    let refused = |give: BTreeSet<_>, take: BTreeSet<_>| {
        decide_change_assignments(
            &house.rows,
            &AssignmentChange::Seats { assign: give, unassign: take },
            house.now,
        )
        .unwrap_err()
        .code()
    };
    assert_eq!(refused(seats(&["A"]), seats(&["A"])), "assigned_and_unassigned");
    let elsewhere = SeatKey { location: location_id("2"), ..device_seat(7, "A") };
    assert_eq!(refused([elsewhere].into(), BTreeSet::new()), "other_location");
    let mut other = house.clone();
    let unknown = AssignmentChange::Seats { assign: [device_seat(8, "A")].into(), unassign: BTreeSet::new() };
    let report = decide_change_assignments(&other.rows, &unknown, other.now).unwrap().1;
    assert_eq!(report.counts(), [("not_relevant", 1)].into());
    other.save(decide_record_answer(&other.rows, RequestNumber(9), &lost(&other), other.now));
}

#[test]
fn a_seat_that_lacked_a_license_is_tried_again_when_newer_counts_show_one() {
    let mut house = house(1);
    let _ = house.wish(&["A"], &[]);
    let number = house.write()[0].number;
    let event_id = EventId::new("e").unwrap();
    house.hear(number, &RequestEvent::Accepted { event_id: event_id.clone(), at: house.now });
    let error = AppleError { number: Some(ErrorNumber(9709)), message: "not enough".into() };
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    house
        .hear(number, &RequestEvent::Failed { event_id, failures: vec![RequestFailure { error, subjects }] });
    house.walk(&[]);
    house.save(decide_retry_given_up(&house.rows, house.now));
    assert!(house.write().is_empty(), "nobody has counted since");
    house.pass(TimeDelta::seconds(1));
    house.rows.pools.get_mut(&asset(7)).unwrap().counted_at = house.now;
    house.save(decide_retry_given_up(&house.rows, house.now));
    assert_eq!(house.write().len(), 1);
}

fn lost(house: &House) -> RequestEvent {
    RequestEvent::Lost { last_possible_send: house.now }
}

#[test]
fn a_failure_that_names_a_seat_gives_it_up_and_the_others_are_looked_at() {
    let mut house = house(9);
    let _ = house.wish(&["A", "B"], &[]);
    let number = house.write()[0].number;
    let event_id = EventId::new("e").unwrap();
    house.hear(number, &RequestEvent::Accepted { event_id: event_id.clone(), at: house.now });
    let subjects = ErrorSubjects { serial_numbers: [serial("A")].into(), ..ErrorSubjects::default() };
    let error = AppleError { number: None, message: "no".into() };
    let failures = vec![RequestFailure { error, subjects }];
    house.hear(number, &RequestEvent::Failed { event_id, failures });
    let motion = |name: &str| house.rows.seats[&device_seat(7, name)].progress.clone();
    assert!(matches!(motion("A"), Progress::GivenUp { error: SeatError::Apple { .. } }));
    assert_eq!(house.rows.seats[&device_seat(7, "B")].next_action(), Some(NextAction::ReadBack));
}

#[test]
fn a_walk_whose_list_changed_meanwhile_makes_nothing_absent_and_who_is_not_listed_is_looked_at() {
    let mut house = house(9);
    let _ = house.wish(&["A", "B"], &[]);
    let number = house.write()[0].number;
    house.done(number);
    house.walk(&["A", "B"]);
    house.pass(TimeDelta::seconds(1));
    let listed = seats(&["A"]);
    let reading =
        AssignmentsRead { begun_at: house.now, listed: &listed, covers: Covers::DoubtfullyUpTo(None) };
    house.save(decide_apply_read(&house.rows, &reading, house.now).0);
    let seen = |house: &House, name: &str| house.rows.seats[&device_seat(7, name)].observed;
    assert_eq!((seen(&house, "A"), seen(&house, "B")), (Observed::Assigned, Observed::Unknown));
    assert_eq!(house.rows.seats[&device_seat(7, "B")].next_action(), Some(NextAction::ReadBack));
    assert!(house.write().is_empty(), "nothing is sent on a doubt");
    house.walk(&["A", "B"]);
    assert_eq!(seen(&house, "B"), Observed::Assigned);
}

#[derive(Debug, Clone)]
enum Step {
    Wish(Vec<&'static str>, Vec<&'static str>),
    Write,
    Done(usize),
    Lose(usize),
    Walk(Vec<&'static str>),
    Pass(i64),
    Serve,
    Again,
}

fn any_step() -> impl Strategy<Value = Step> {
    let names = || prop::sample::subsequence(vec!["A", "B", "C", "D", "E"], 0..=3);
    prop_oneof![
        3 => (names(), names()).prop_map(|(give, take)| {
            let take = take.into_iter().filter(|name| !give.contains(name)).collect();
            Step::Wish(give, take)
        }),
        3 => Just(Step::Write),
        2 => (0usize..3).prop_map(Step::Done),
        1 => (0usize..3).prop_map(Step::Lose),
        2 => names().prop_map(Step::Walk),
        1 => (0i64..20).prop_map(Step::Pass),
        1 => Just(Step::Serve),
        1 => Just(Step::Again),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_nothing_that_must_hold_is_broken_and_no_more_is_given_than_is_free(
        total in 0u64..5, steps in prop::collection::vec(any_step(), 0..40),
    ) {
        let mut house = house(total);
        for step in steps {
            let (free, held) = (house.free().unwrap(), house.rows.seats.len());
            match step {
                Step::Wish(give, take) => {
                    let counts = house.wish(&give, &take).counts();
                    let count = |name| counts.get(name).copied().unwrap_or_default();
                    prop_assert!(count("gains") <= free + count("loses"));
                }
                Step::Serve => {
                    house.serve();
                    prop_assert!(house.rows.seats.len() - held <= usize::try_from(free).unwrap());
                }
                Step::Write => drop(house.write()),
                Step::Done(n) | Step::Lose(n) => {
                    let open: Vec<_> =
                        house.rows.requests.iter().filter(|request| request.is_open()).cloned().collect();
                    if let Some(request) = open.get(n % open.len().max(1)) {
                        match step {
                            Step::Done(_) => house.done(request.number),
                            _ => house.hear(request.number, &lost(&house)),
                        }
                    }
                }
                Step::Walk(listed) => house.walk(&listed),
                Step::Pass(minutes) => house.pass(TimeDelta::minutes(minutes)),
                Step::Again => house.save(decide_refresh_seats(&house.rows, &[], house.now, house.now)),
            }
        }
    }
}
