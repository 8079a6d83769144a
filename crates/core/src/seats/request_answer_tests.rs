//! Which seats of a request get which event.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::{
    apple_error::ErrorNumber,
    seats::{Direction, Epoch, Holders, RequestNumber, testing::*},
    testing::{location_id, now},
};

fn request(assets: u64, holders: usize) -> Request {
    let serial_numbers = (0..holders).map(|n| serial(&format!("S{n:04}"))).collect();
    Request::written(
        location_id("1"),
        RequestNumber(9),
        Direction::Associate,
        (1..=assets).map(asset).collect(),
        Holders::Devices { serial_numbers },
        Epoch(2),
    )
}

fn event_id(text: &str) -> EventId {
    EventId::new(text).unwrap()
}

fn accepted(request: &Request) -> Request {
    let event = RequestEvent::Accepted { event_id: event_id("e"), at: now() };
    changed(request, &event).0
}

fn changed(request: &Request, event: &RequestEvent) -> (Request, BTreeMap<SeatKey, SeatOutcome>) {
    match apply_to_request(request, event) {
        RequestApplied::Changed { request: after, events } => {
            let outcome = |event| match event {
                SeatEvent::Answered { request: number, direction, outcome } => {
                    assert_eq!((number, direction), (request.number, request.direction));
                    outcome
                }
                other => panic!("{other:?}"),
            };
            (after, events.into_iter().map(|(seat, event)| (seat, outcome(event))).collect())
        }
        RequestApplied::Unchanged => panic!("unchanged by {event:?}"),
    }
}

fn refusal(number: u32, subjects: ErrorSubjects) -> RequestEvent {
    let error = AppleError { number: Some(ErrorNumber(number)), message: "no".into() };
    RequestEvent::Refused { refusal: RequestRefusal { error, http_status: 400, subjects } }
}

fn named(serials: &[&str]) -> ErrorSubjects {
    ErrorSubjects {
        serial_numbers: serials.iter().map(|text| serial(text)).collect(),
        ..ErrorSubjects::default()
    }
}

#[test]
fn a_completed_request_completes_all_of_its_seats() {
    let (after, outcomes) =
        changed(&accepted(&request(2, 3)), &RequestEvent::Completed { event_id: event_id("e") });
    assert_eq!((after.state, outcomes.len()), (RequestState::Ended, 6));
    assert!(outcomes.values().all(|outcome| *outcome == SeatOutcome::Completed));
}

#[test]
fn a_failed_request_keeps_the_error_of_those_that_apple_named() {
    let error = AppleError { number: Some(ErrorNumber(9709)), message: "none left".into() };
    let mut subjects = named(&["S0001"]);
    subjects.adam_ids.insert(AdamId::new(2));
    let failures = vec![
        RequestFailure { error: error.clone(), subjects },
        RequestFailure {
            error: AppleError { number: None, message: "of no seat".into() },
            subjects: ErrorSubjects::default(),
        },
    ];
    let event = RequestEvent::Failed { event_id: event_id("e"), failures };
    let (after, outcomes) = changed(&accepted(&request(2, 3)), &event);
    assert_eq!(after.state, RequestState::Ended);
    for (seat, outcome) in outcomes {
        let error = (seat == device_seat(2, "S0001")).then(|| SeatError::Apple { error: error.clone() });
        assert_eq!(outcome, SeatOutcome::Failed { error }, "{seat:?}");
    }
}

#[test]
fn a_refusal_that_names_seats_gives_them_up_and_queues_the_rest() {
    let (after, outcomes) = changed(&request(2, 3), &refusal(9609, named(&["S0002"])));
    assert!(matches!(after.state, RequestState::Refused { .. }));
    for (seat, outcome) in outcomes {
        let at_fault = seat.holder == device_seat(1, "S0002").holder;
        assert_eq!(matches!(outcome, SeatOutcome::Refused { .. }), at_fault, "{seat:?}");
        assert!(at_fault || outcome == SeatOutcome::SentBack { apart: None }, "{seat:?}");
    }
}

#[test]
fn a_refusal_that_names_only_other_holders_is_halved() {
    let (_, outcomes) = changed(&request(1, 2), &refusal(9602, named(&["OTHER"])));
    assert!(outcomes.values().all(|outcome| matches!(outcome, SeatOutcome::SentBack { apart: Some(_) })));
}

#[test]
fn a_refusal_without_names_is_halved_until_the_seat_at_fault_is_alone() {
    let mut seats: BTreeSet<SeatKey> = request(1, 1_000).seats().collect();
    let at_fault = device_seat(1, "S0713");
    let mut requests = 0;
    while seats.len() > 1 {
        let serial_numbers = seats.iter().map(|seat| match &seat.holder {
            Holder::Device { serial_number } => serial_number.clone(),
            Holder::User { .. } => panic!("a device"),
        });
        let half = Request {
            holders: Holders::Devices { serial_numbers: serial_numbers.collect() },
            ..request(1, 0)
        };
        let (_, outcomes) = changed(&half, &refusal(9602, ErrorSubjects::default()));
        let with = outcomes[&at_fault].clone();
        seats = outcomes.into_iter().filter(|(_, outcome)| *outcome == with).map(|(seat, _)| seat).collect();
        requests += 1;
    }
    assert_eq!((seats.into_iter().next(), requests), (Some(at_fault), 10));
    let (_, outcomes) = changed(&request(1, 1), &refusal(9602, ErrorSubjects::default()));
    assert!(outcomes.values().all(|outcome| matches!(outcome, SeatOutcome::Refused { .. })));
}

#[test]
fn what_concerns_the_token_or_the_moment_is_the_fault_of_no_seat() {
    for number in [9622, 9625, 9621, 9646, 9637, 9645] {
        for seats in [1, 5] {
            let (_, outcomes) = changed(&request(1, seats), &refusal(number, named(&["S0000"])));
            let back = |outcome: &SeatOutcome| *outcome == SeatOutcome::SentBack { apart: None };
            assert!(outcomes.values().all(back), "{number}");
        }
    }
    let error = AppleError { number: None, message: String::new() };
    let refusal = |http_status| RequestRefusal {
        error: error.clone(),
        http_status,
        subjects: ErrorSubjects::default(),
    };
    assert!(!refusal(429).is_about_seats());
    assert!(refusal(400).is_about_seats());
}

#[test]
fn a_loss_reaches_all_seats_from_written_and_from_accepted() {
    let lost = RequestEvent::Lost { last_possible_send: now() };
    for request in [request(2, 2), accepted(&request(2, 2))] {
        let (after, outcomes) = changed(&request, &lost);
        assert_eq!((after.state, outcomes.len()), (RequestState::Lost, 4));
        assert!(outcomes.values().all(|outcome| *outcome == SeatOutcome::Lost { last_possible_send: now() }));
    }
}

#[test]
fn a_request_is_overdue_when_it_is_pending_for_ten_minutes() {
    let after = |minutes| now() + chrono::TimeDelta::minutes(minutes);
    let accepted = accepted(&request(1, 1));
    assert!(!accepted.is_overdue(after(9)) && accepted.is_overdue(after(10)));
    assert!(!request(1, 1).is_overdue(after(99)), "whether it was accepted is not known yet");
}

#[test]
fn an_answer_for_another_event_changes_nothing() {
    let accepted = accepted(&request(1, 1));
    for event in [
        RequestEvent::Completed { event_id: event_id("other") },
        RequestEvent::Failed { event_id: event_id("other"), failures: Vec::new() },
        RequestEvent::Accepted { event_id: event_id("other"), at: now() },
        refusal(9602, ErrorSubjects::default()),
    ] {
        assert_eq!(apply_to_request(&accepted, &event), RequestApplied::Unchanged, "{event:?}");
    }
    let early = RequestEvent::Completed { event_id: event_id("e") };
    assert_eq!(apply_to_request(&request(1, 1), &early), RequestApplied::Unchanged);
}

fn any_event() -> impl Strategy<Value = RequestEvent> {
    let id = prop_oneof![Just("e"), Just("f")].prop_map(event_id);
    prop_oneof![
        id.clone().prop_map(|event_id| RequestEvent::Accepted { event_id, at: now() }),
        Just(refusal(9602, ErrorSubjects::default())),
        id.clone().prop_map(|event_id| RequestEvent::Completed { event_id }),
        id.prop_map(|event_id| RequestEvent::Failed { event_id, failures: Vec::new() }),
        Just(RequestEvent::Lost { last_possible_send: now() }),
    ]
}

proptest! {
    #[test]
    fn each_seat_is_answered_at_most_once_by_any_events(events in prop::collection::vec(any_event(), 0..9)) {
        let mut request = request(2, 2);
        let mut answers = 0;
        for event in events {
            if let RequestApplied::Changed { request: after, events } = apply_to_request(&request, &event) {
                let again = apply_to_request(&after, &event);
                prop_assert_eq!(again, RequestApplied::Unchanged);
                prop_assert!(events.len() == 4 || (events.is_empty() && after.is_open()));
                answers += events.len();
                request = after;
            }
        }
        prop_assert_eq!(answers, if request.is_open() { 0 } else { 4 });
    }
}
