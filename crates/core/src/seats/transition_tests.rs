//! What answers, desires and notifications do; and that events that are repeated, late or for another request do
//! nothing.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{
    seats::{Gate, decide_next_action, testing::*},
    testing::now,
};

const REQUEST: RequestNumber = RequestNumber(4);

fn at(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

fn in_request(desired: Desired) -> Seat {
    Seat { progress: Progress::InRequest { request: REQUEST }, ..seat(desired, Observed::Unassigned, now()) }
}

fn answer(direction: Direction, outcome: SeatOutcome) -> SeatEvent {
    SeatEvent::Answered { request: REQUEST, direction, outcome }
}

fn after(seat: &Seat, event: &SeatEvent, when: DateTime<Utc>) -> Seat {
    apply(seat, event, when).or_unchanged(seat).unwrap()
}

#[test]
fn each_outcome_leaves_the_seat_as_the_plan_says() {
    use Direction::{Associate, Disassociate};
    let half = Some(Half::Second { of: REQUEST });
    let given_up = Progress::GivenUp { error: apple_error() };
    for (desired, direction, outcome, observed, progress) in [
        (HOLD, Associate, SeatOutcome::Completed, Observed::Reported, Progress::Idle),
        (FREE, Disassociate, SeatOutcome::Completed, Observed::Unassigned, Progress::Idle),
        (
            HOLD,
            Associate,
            SeatOutcome::Failed { error: Some(apple_error()) },
            Observed::Unknown,
            given_up.clone(),
        ),
        (HOLD, Associate, SeatOutcome::Failed { error: None }, Observed::Unknown, Progress::Idle),
        (HOLD, Associate, SeatOutcome::Refused { error: apple_error() }, Observed::Unassigned, given_up),
        (
            HOLD,
            Associate,
            SeatOutcome::SentBack { apart: half },
            Observed::Unassigned,
            Progress::Queued { apart: half },
        ),
        (
            FREE,
            Associate,
            SeatOutcome::Refused { error: apple_error() },
            Observed::Unassigned,
            Progress::Idle,
        ),
        (
            FREE,
            Associate,
            SeatOutcome::Failed { error: Some(apple_error()) },
            Observed::Unknown,
            Progress::Idle,
        ),
    ] {
        let seat = after(&in_request(desired), &answer(direction, outcome.clone()), at(1));
        assert_eq!((seat.observed, seat.progress), (observed, progress), "{desired:?} {outcome:?}");
        assert_eq!((seat.fence, seat.touched_at), (None, at(1)), "{desired:?} {outcome:?}");
    }
}

#[test]
fn a_lost_request_leaves_a_fence_of_fifteen_minutes_from_its_last_possible_send() {
    let lost = answer(Direction::Associate, SeatOutcome::Lost { last_possible_send: at(30) });
    let seat = after(&in_request(HOLD), &lost, at(100));
    let fence = Fence { direction: Direction::Associate, until: at(30 + 15 * 60) };
    assert_eq!(
        (seat.observed, &seat.progress, seat.fence),
        (Observed::Unknown, &Progress::Idle, Some(fence))
    );

    let earlier = answer(Direction::Associate, SeatOutcome::Lost { last_possible_send: at(0) });
    let again = Seat { progress: Progress::InRequest { request: REQUEST }, ..seat };
    assert_eq!(after(&again, &earlier, at(200)).fence, Some(fence), "a fence never becomes shorter");
    let forever =
        answer(Direction::Associate, SeatOutcome::Lost { last_possible_send: DateTime::<Utc>::MAX_UTC });
    assert_eq!(after(&again, &forever, at(200)).fence.unwrap().until, DateTime::<Utc>::MAX_UTC);
}

#[test]
fn an_answer_for_another_request_says_nothing() {
    let stranger = SeatEvent::Answered {
        request: RequestNumber(3),
        direction: Direction::Associate,
        outcome: SeatOutcome::Completed,
    };
    assert_eq!(apply(&in_request(HOLD), &stranger, at(1)), Applied::Unchanged);
    assert_eq!(apply(&seat(HOLD, Observed::Unassigned, now()), &stranger, at(1)), Applied::Unchanged);
}

#[test]
fn a_seat_of_failing_requests_is_given_up_after_the_third_and_a_lost_one_never() {
    let mut seat = in_request(HOLD);
    for n in 1..=MOST_TRIES {
        seat.progress = Progress::InRequest { request: REQUEST };
        seat = after(&seat, &answer(Direction::Associate, SeatOutcome::Failed { error: None }), at(1));
        assert_eq!(matches!(seat.progress, Progress::GivenUp { .. }), n == MOST_TRIES, "{n}");
    }
    let again = after(&seat, &SeatEvent::Retry, at(2));
    assert_eq!((again.progress, again.tries), (Progress::Idle, 0));
    let mut seat = in_request(HOLD);
    for _ in 0..9 {
        seat.progress = Progress::InRequest { request: REQUEST };
        let lost = SeatOutcome::Lost { last_possible_send: at(1) };
        seat = after(&seat, &answer(Direction::Associate, lost), at(1));
        assert_eq!(seat.progress, Progress::Idle);
    }
}

#[test]
fn what_was_given_up_is_taken_up_when_the_opposite_is_desired() {
    let given_up =
        Seat { progress: Progress::GivenUp { error: apple_error() }, ..seat(HOLD, Observed::Unknown, now()) };
    let because = crate::seats::AssignReason::Direct;
    let other_reason =
        after(&given_up, &SeatEvent::DesiredChanged { desired: Desired::Assigned { because } }, at(1));
    assert_eq!(other_reason.progress, given_up.progress, "another reason is no news");
    assert_eq!(
        after(&given_up, &SeatEvent::DesiredChanged { desired: FREE }, at(1)).progress,
        Progress::Idle
    );
}

#[test]
fn a_foreign_license_that_becomes_ours_is_read_again_before_it_is_relied_on() {
    let theirs = Seat::foreign(device_seat(7, "C02A"), now());
    assert!(!theirs.is_ours() && !theirs.is_usable() && theirs.is_occupied());
    let ours = after(&theirs, &SeatEvent::DesiredChanged { desired: HOLD }, at(1));
    assert!(ours.is_ours() && !ours.is_usable());
    assert_eq!(ours.observed, Observed::Unknown);
    assert!(after(&ours, &SeatEvent::Listed { begun_at: at(2) }, at(3)).is_usable());
}

#[test]
fn a_notification_is_a_hint_and_only_when_it_is_news() {
    let (given, taken) = (
        SeatEvent::Notified { direction: Direction::Associate },
        SeatEvent::Notified { direction: Direction::Disassociate },
    );
    for observed in [Observed::Reported, Observed::Assigned] {
        let seat = seat(HOLD, observed, now());
        assert_eq!(apply(&seat, &given, at(1)), Applied::Unchanged);
        assert_eq!(after(&seat, &taken, at(1)).observed, Observed::Unknown);
    }
    assert_eq!(after(&seat(HOLD, Observed::Unassigned, now()), &given, at(1)).observed, Observed::Unknown);
    assert_eq!(apply(&in_request(HOLD), &given, at(1)), Applied::Unchanged);
}

#[test]
fn a_seat_counts_as_taken_until_it_is_surely_unassigned() {
    let free = |observed| seat(FREE, observed, now());
    let fence = Some(Fence { direction: Direction::Associate, until: at(1) });
    assert!(!free(Observed::Unassigned).is_occupied());
    assert!(seat(HOLD, Observed::Unassigned, now()).is_occupied());
    assert!(Seat { fence, ..free(Observed::Unassigned) }.is_occupied());
    assert!(in_request(FREE).is_occupied());
    for observed in [Observed::Unknown, Observed::Reported, Observed::Assigned] {
        assert!(free(observed).is_occupied(), "{observed:?}");
    }
}

#[test]
fn only_a_license_that_was_read_and_that_nothing_can_take_away_is_usable() {
    let present = seat(HOLD, Observed::Assigned, now());
    assert!(present.is_usable());
    for observed in [Observed::Unknown, Observed::Unassigned, Observed::Reported] {
        assert!(!seat(HOLD, observed, now()).is_usable(), "{observed:?}");
    }
    assert!(!seat(FREE, Observed::Assigned, now()).is_usable());
    assert!(!Seat { observed: Observed::Assigned, ..in_request(HOLD) }.is_usable());
    let fenced = |direction| Seat { fence: Some(Fence { direction, until: at(9) }), ..present.clone() };
    assert!(fenced(Direction::Associate).is_usable());
    assert!(!fenced(Direction::Disassociate).is_usable());
}

fn any_desired() -> impl Strategy<Value = Desired> {
    prop_oneof![Just(HOLD), Just(FREE), Just(FOREIGN)]
}

fn any_time() -> impl Strategy<Value = DateTime<Utc>> {
    (0..3_000i64).prop_map(at)
}

fn any_direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Associate), Just(Direction::Disassociate)]
}

fn any_request() -> impl Strategy<Value = RequestNumber> {
    prop_oneof![3 => Just(REQUEST), 1 => Just(RequestNumber(5))]
}

fn any_outcome() -> impl Strategy<Value = SeatOutcome> {
    prop_oneof![
        Just(SeatOutcome::SentBack { apart: None }),
        Just(SeatOutcome::Refused { error: apple_error() }),
        Just(SeatOutcome::Completed),
        Just(SeatOutcome::Failed { error: None }),
        Just(SeatOutcome::Failed { error: Some(apple_error()) }),
        any_time().prop_map(|last_possible_send| SeatOutcome::Lost { last_possible_send }),
    ]
}

fn any_event() -> impl Strategy<Value = SeatEvent> {
    prop_oneof![
        any_desired().prop_map(|desired| SeatEvent::DesiredChanged { desired }),
        any_request().prop_map(|request| SeatEvent::Written { request }),
        (any_request(), any_direction(), any_outcome())
            .prop_map(|(request, direction, outcome)| SeatEvent::Answered { request, direction, outcome }),
        any_time().prop_map(|begun_at| SeatEvent::Listed { begun_at }),
        any_time().prop_map(|begun_at| SeatEvent::NotListed { begun_at }),
        any_direction().prop_map(|direction| SeatEvent::Notified { direction }),
        Just(SeatEvent::Retry),
    ]
}

fn any_seat() -> impl Strategy<Value = Seat> {
    let progress = prop_oneof![
        Just(Progress::Idle),
        Just(Progress::Queued { apart: None }),
        Just(Progress::InRequest { request: REQUEST }),
        Just(Progress::GivenUp { error: apple_error() }),
    ];
    let observed = prop::sample::select(Observed::ALL.to_vec());
    let fence = prop::option::of((any_direction(), any_time()));
    (any_desired(), observed, progress, fence, 0..5u32, any_time()).prop_map(
        |(desired, observed, progress, fence, tries, touched_at)| {
            let fence = fence.map(|(direction, until)| Fence { direction, until });
            Seat { desired, observed, progress, fence, tries, touched_at, ..seat(desired, observed, now()) }
        },
    )
}

proptest! {
    #[test]
    fn an_event_applied_twice_does_what_it_does_once(seat in any_seat(), event in any_event(), when in any_time()) {
        let once = apply(&seat, &event, when).or_unchanged(&seat);
        if let Some(once) = once {
            prop_assert_eq!(apply(&once, &event, when), Applied::Unchanged);
        }
    }

    #[test]
    fn deciding_twice_does_what_it_does_once(seat in any_seat(), when in any_time()) {
        for gate in [Gate::Open, Gate::NotYet, Gate::Retired] {
            let first = decide_next_action(&seat, gate, when);
            let after = first.applied.or_unchanged(&seat).unwrap();
            let second = decide_next_action(&after, gate, when);
            prop_assert_eq!(&second.applied, &Applied::Unchanged);
            prop_assert_eq!(second.next, first.next);
        }
    }

    #[test]
    fn no_event_shortens_or_turns_a_standing_fence_but_the_loss_of_a_request(
        seat in any_seat(), event in any_event(), when in any_time(),
    ) {
        let lost = matches!(event, SeatEvent::Answered { outcome: SeatOutcome::Lost { .. }, .. });
        let read_after = match event {
            SeatEvent::Listed { begun_at } | SeatEvent::NotListed { begun_at } => {
                seat.fence.is_some_and(|fence| fence.has_passed(begun_at))
            }
            _ => false,
        };
        if let (Some(after), false) = (apply(&seat, &event, when).or_unchanged(&seat), lost || read_after) {
            prop_assert_eq!(after.fence, seat.fence);
        }
    }

    #[test]
    fn facts_in_any_order_and_repeated_end_in_the_same_state(
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
    ) {
        // What can still arrive about a request that ended at 1000, and that was run shortly before.
        let facts = [
            answer(Direction::Associate, SeatOutcome::Completed),
            SeatEvent::NotListed { begun_at: at(900) },
            SeatEvent::Listed { begun_at: at(999) },
            SeatEvent::Listed { begun_at: at(1_001) },
            SeatEvent::Notified { direction: Direction::Associate },
            SeatEvent::Notified { direction: Direction::Disassociate },
            SeatEvent::Written { request: RequestNumber(3) },
        ];
        let sent = Seat { touched_at: at(500), ..in_request(HOLD) };
        let applied = order.iter().fold(sent, |seat, n| after(&seat, n.get(&facts), at(1_000)));
        let answered = after(&applied, &facts[0], at(1_000));
        let end = after(&answered, &SeatEvent::Listed { begun_at: at(1_002) }, at(1_003));
        let expected = (Observed::Assigned, Progress::Idle, 0, None);
        prop_assert_eq!((end.observed, end.progress, end.tries, end.fence), expected);
    }
}
