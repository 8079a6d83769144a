//! When notifications end a request, and when Apple has to be asked.

use chrono::TimeDelta;
use mdm_vpp_core::{decide::assignments::*, location::*, seats::*, transaction::*};

use crate::fixture::*;

fn event_id() -> EventId {
    EventId::new("event").unwrap()
}

fn notice(serials: &[&str]) -> NotifiedEvent {
    NotifiedEvent::of(event_id(), seats(serials).into_iter().map(|seat| (seat.asset, seat.holder)))
}

/// Two devices in one request that Apple accepted.
fn accepted() -> (House, RequestNumber) {
    let mut house = house(9);
    house.rows.state.subscribed = true;
    drop(house.wish(&["A", "B"], &[]));
    let number = house.write()[0].number;
    house.hear(number, &RequestEvent::Accepted { event_id: event_id(), at: house.now });
    (house, number)
}

fn notified(house: &mut House, notices: &[NotifiedEvent]) {
    house.rows.notified_events = notices.to_vec();
    house.save(decide_apply_notifications(&house.rows, house.now));
}

fn seen(house: &House) -> Vec<Observed> {
    house.rows.seats.values().map(|seat| seat.observed).collect()
}

#[test]
fn notifications_that_name_every_license_end_a_request_and_a_later_delta_confirms_it() {
    let (mut house, number) = accepted();
    notified(&mut house, &[notice(&["A"])]);
    assert_eq!(
        seen(&house),
        [Observed::Unassigned, Observed::Unassigned],
        "one of two says nothing of the request"
    );
    notified(&mut house, &[notice(&["B"]), notice(&["A"]), notice(&["A"])]);
    assert_eq!(seen(&house), [Observed::Reported, Observed::Reported]);
    assert_eq!(house.rows.requests[0].number, number);
    assert!(!house.rows.requests[0].is_open());
    house.pass(TimeDelta::seconds(1));
    let listed = seats(&["A", "B"]);
    let reading = AssignmentsRead { begun_at: house.now, listed: &listed, covers: Covers::Nothing };
    house.save(decide_apply_read(&house.rows, &reading, house.now).0);
    assert_eq!(seen(&house), [Observed::Assigned, Observed::Assigned]);
}

#[test]
fn a_delta_that_lists_a_license_before_its_request_is_known_to_be_over_confirms_it_all_the_same() {
    let (mut house, _) = accepted();
    house.pass(TimeDelta::seconds(1));
    let listed = seats(&["A", "B"]);
    let reading = AssignmentsRead { begun_at: house.now, listed: &listed, covers: Covers::Nothing };
    house.save(decide_apply_read(&house.rows, &reading, house.now).0);
    assert_eq!(
        house.rows.seats[&device_seat(7, "A")].next_action(),
        Some(NextAction::AwaitAnswer),
        "it is not over"
    );
    notified(&mut house, &[notice(&["A", "B"])]);
    assert_eq!(seen(&house), [Observed::Assigned, Observed::Assigned]);
    assert!(house.rows.seats.values().all(|seat| seat.is_usable()));
}

#[test]
fn another_event_a_failure_and_a_request_that_takes_back_are_not_ended_by_notifications() {
    let (mut house, number) = accepted();
    let foreign = NotifiedEvent { event_id: EventId::new("foreign").unwrap(), ..notice(&["A", "B"]) };
    let failed = NotifiedEvent { listed: Vec::new(), ..notice(&[]) };
    notified(&mut house, &[foreign, failed]);
    assert!(house.rows.requests[0].is_open());
    house.hear(number, &RequestEvent::Completed { event_id: event_id() });
    house.walk(&["A", "B"]);
    drop(house.wish(&[], &["A", "B"]));
    let number = house.write()[0].number;
    house.hear(number, &RequestEvent::Accepted { event_id: event_id(), at: house.now });
    notified(&mut house, &[notice(&["A", "B"])]);
    assert!(house.rows.requests.iter().any(|request| request.number == number && request.is_open()));
}

#[test]
fn apple_is_asked_after_seconds_or_a_minute_when_it_tells_by_itself_and_then_each_half_minute() {
    let (mut house, number) = accepted();
    let question = |house: &House, subscribed| {
        next_poll_at(&house.rows.requests[0], subscribed, &house.rows.notified_events).unwrap()
    };
    let accepted_at = house.now;
    assert_eq!(question(&house, false), accepted_at + TimeDelta::seconds(5));
    assert_eq!(question(&house, true), accepted_at + TimeDelta::seconds(60));
    let location = house.rows.state.location.clone();
    assert_eq!(house.due[&JobKind::PollEvents { location }], accepted_at + TimeDelta::seconds(60));
    house.pass(TimeDelta::seconds(60));
    house.save(decide_record_pending(&house.rows, number, house.now));
    assert_eq!(question(&house, true), house.now + TimeDelta::seconds(30));
    house.hear(number, &RequestEvent::Completed { event_id: event_id() });
    assert_eq!(next_poll_at(&house.rows.requests[0], false, &[]), None);
    assert_eq!(decide_record_pending(&house.rows, number, house.now), Decision::default());
}

#[test]
fn apple_is_asked_at_once_when_a_notification_says_what_no_delta_confirms() {
    let (mut house, number) = accepted();
    let question = |house: &House, notices: &[NotifiedEvent]| {
        let request = house.rows.requests.iter().find(|request| request.is_open()).unwrap();
        next_poll_at(request, true, notices).unwrap()
    };
    let (at_once, later) = (house.now, house.now + TimeDelta::seconds(60));
    let failed = notice(&[]);
    let foreign = NotifiedEvent { event_id: EventId::new("foreign").unwrap(), ..failed.clone() };
    assert_eq!(question(&house, &[notice(&["A", "B"]), foreign]), later, "a delta confirms what was given");
    assert_eq!(question(&house, std::slice::from_ref(&failed)), at_once);
    house.save(decide_record_pending(&house.rows, number, house.now));
    assert_eq!(question(&house, &[failed]), house.now + TimeDelta::seconds(30), "one question is enough");

    house.hear(number, &RequestEvent::Completed { event_id: event_id() });
    house.walk(&["A", "B"]);
    drop(house.wish(&[], &["A", "B"]));
    let number = house.write()[0].number;
    house.hear(number, &RequestEvent::Accepted { event_id: event_id(), at: house.now });
    assert_eq!(question(&house, &[notice(&["A"])]), house.now, "no delta shows what is gone");
}
