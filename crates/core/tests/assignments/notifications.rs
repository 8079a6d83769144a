//! When notifications end a request, and when Apple has to be asked.

use chrono::TimeDelta;
use mdm_vpp_core::{decide::assignments::*, location::*, seats::*, transaction::*};

use crate::fixture::*;

fn event_id() -> EventId {
    EventId::new("event").unwrap()
}

fn event(serials: &[&str]) -> NotifiedEvent {
    NotifiedEvent::of(event_id(), seats(serials).into_iter().map(|seat| (seat.asset, seat.holder)))
}

/// Two devices in one request that Apple accepted.
fn accepted() -> (Fixture, RequestNumber) {
    let mut fixture = location_with(9);
    fixture.rows.state.subscribed = true;
    drop(fixture.change_assignments(&["A", "B"], &[]));
    let number = fixture.write()[0].number;
    fixture.answer(number, &RequestEvent::Accepted { event_id: event_id(), at: fixture.now });
    (fixture, number)
}

fn notified(fixture: &mut Fixture, events: &[NotifiedEvent]) {
    fixture.rows.notified_events = events.to_vec();
    fixture.save(decide_apply_notifications(&fixture.rows, fixture.now));
}

fn observed(fixture: &Fixture) -> Vec<Observed> {
    fixture.rows.seats.values().map(|seat| seat.observed).collect()
}

#[test]
fn notifications_that_name_every_license_end_a_request_and_a_later_delta_read_confirms_it() {
    let (mut fixture, number) = accepted();
    notified(&mut fixture, &[event(&["A"])]);
    assert_eq!(
        observed(&fixture),
        [Observed::Unassigned, Observed::Unassigned],
        "one of two says nothing of the request"
    );
    notified(&mut fixture, &[event(&["B"]), event(&["A"]), event(&["A"])]);
    assert_eq!(observed(&fixture), [Observed::Reported, Observed::Reported]);
    assert_eq!(fixture.rows.requests[0].number, number);
    assert!(!fixture.rows.requests[0].is_open());
    fixture.pass(TimeDelta::seconds(1));
    let listed = seats(&["A", "B"]);
    let read = AssignmentsRead { begun_at: fixture.now, listed: &listed, covers: Covers::Nothing };
    fixture.save(decide_apply_read(&fixture.rows, &read, fixture.now).0);
    assert_eq!(observed(&fixture), [Observed::Assigned, Observed::Assigned]);
}

#[test]
fn a_delta_read_that_lists_a_license_before_its_request_is_known_to_be_over_confirms_it_all_the_same() {
    let (mut fixture, _) = accepted();
    fixture.pass(TimeDelta::seconds(1));
    let listed = seats(&["A", "B"]);
    let read = AssignmentsRead { begun_at: fixture.now, listed: &listed, covers: Covers::Nothing };
    fixture.save(decide_apply_read(&fixture.rows, &read, fixture.now).0);
    assert_eq!(
        fixture.rows.seats[&device_seat(7, "A")].next_action(),
        Some(NextAction::AwaitAnswer),
        "it is not over"
    );
    notified(&mut fixture, &[event(&["A", "B"])]);
    assert_eq!(observed(&fixture), [Observed::Assigned, Observed::Assigned]);
    assert!(fixture.rows.seats.values().all(|seat| seat.is_usable()));
}

#[test]
fn another_event_a_failure_and_a_request_that_takes_back_are_not_ended_by_notifications() {
    let (mut fixture, number) = accepted();
    let foreign = NotifiedEvent { event_id: EventId::new("foreign").unwrap(), ..event(&["A", "B"]) };
    let failed = NotifiedEvent { listed: Vec::new(), ..event(&[]) };
    notified(&mut fixture, &[foreign, failed]);
    assert!(fixture.rows.requests[0].is_open());
    fixture.answer(number, &RequestEvent::Completed { event_id: event_id() });
    fixture.full_read(&["A", "B"]);
    drop(fixture.change_assignments(&[], &["A", "B"]));
    let number = fixture.write()[0].number;
    fixture.answer(number, &RequestEvent::Accepted { event_id: event_id(), at: fixture.now });
    notified(&mut fixture, &[event(&["A", "B"])]);
    assert!(fixture.rows.requests.iter().any(|request| request.number == number && request.is_open()));
}

#[test]
fn apple_is_polled_after_seconds_or_after_a_minute_when_it_notifies_and_then_each_half_minute() {
    let (mut fixture, number) = accepted();
    let question = |fixture: &Fixture, subscribed| {
        next_poll_at(&fixture.rows.requests[0], subscribed, &fixture.rows.notified_events).unwrap()
    };
    let accepted_at = fixture.now;
    assert_eq!(question(&fixture, false), accepted_at + TimeDelta::seconds(5));
    assert_eq!(question(&fixture, true), accepted_at + TimeDelta::seconds(60));
    let location = fixture.rows.state.location.clone();
    assert_eq!(fixture.jobs[&JobKind::PollEvents { location }], accepted_at + TimeDelta::seconds(60));
    fixture.pass(TimeDelta::seconds(60));
    fixture.save(decide_record_pending(&fixture.rows, number, fixture.now));
    assert_eq!(question(&fixture, true), fixture.now + TimeDelta::seconds(30));
    fixture.answer(number, &RequestEvent::Completed { event_id: event_id() });
    assert_eq!(next_poll_at(&fixture.rows.requests[0], false, &[]), None);
    assert_eq!(decide_record_pending(&fixture.rows, number, fixture.now), Decision::default());
}

#[test]
fn apple_is_polled_at_once_when_a_notification_says_what_no_delta_read_confirms() {
    let (mut fixture, number) = accepted();
    let question = |fixture: &Fixture, events: &[NotifiedEvent]| {
        let request = fixture.rows.requests.iter().find(|request| request.is_open()).unwrap();
        next_poll_at(request, true, events).unwrap()
    };
    let (at_once, later) = (fixture.now, fixture.now + TimeDelta::seconds(60));
    let failed = event(&[]);
    let foreign = NotifiedEvent { event_id: EventId::new("foreign").unwrap(), ..failed.clone() };
    assert_eq!(question(&fixture, &[event(&["A", "B"]), foreign]), later, "a delta confirms what was given");
    assert_eq!(question(&fixture, std::slice::from_ref(&failed)), at_once);
    fixture.save(decide_record_pending(&fixture.rows, number, fixture.now));
    assert_eq!(question(&fixture, &[failed]), fixture.now + TimeDelta::seconds(30), "one question is enough");

    fixture.answer(number, &RequestEvent::Completed { event_id: event_id() });
    fixture.full_read(&["A", "B"]);
    drop(fixture.change_assignments(&[], &["A", "B"]));
    let number = fixture.write()[0].number;
    fixture.answer(number, &RequestEvent::Accepted { event_id: event_id(), at: fixture.now });
    assert_eq!(question(&fixture, &[event(&["A"])]), fixture.now, "no delta shows what is gone");
}
