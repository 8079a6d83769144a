//! What the rule says, what is decided with a user who is not registered yet or retired, and the stored key.

use super::*;
use crate::{
    seats::{Half, RequestNumber, testing::*},
    testing::now,
};

const ASSOCIATE: Direction = Direction::Associate;

fn after(seat: &Seat, gate: Gate) -> (Progress, Option<NextAction>) {
    let decision = decide_next_action(seat, gate, now());
    (decision.applied.or_unchanged(seat).unwrap().progress, decision.next)
}

fn user(desired: Desired, progress: Progress) -> Seat {
    let observed = if desired.is_assigned() { Observed::Unassigned } else { Observed::Assigned };
    Seat { progress, ..Seat::new(user_seat(7, "u1"), desired, observed, now()) }
}

#[test]
fn a_license_waits_for_its_user_and_a_release_does_not() {
    for progress in [Progress::Idle, Progress::Queued { apart: None }] {
        let waiting = user(HOLD, progress.clone());
        assert_eq!(after(&waiting, Gate::NotYet), (Progress::Idle, Some(NextAction::AwaitUser)));
        let released = after(&user(FREE, progress), Gate::NotYet);
        assert_eq!(released, (Progress::Queued { apart: None }, Some(NextAction::Send)));
    }
}

#[test]
fn a_license_for_a_retired_user_is_refused_until_they_are_registered_again() {
    let refused = Progress::GivenUp { error: SeatError::RetiredUser };
    let given_up = (refused.clone(), Some(NextAction::GivenUp));
    assert_eq!(after(&user(HOLD, Progress::Idle), Gate::Retired), given_up);
    let awaiting = (Progress::Idle, Some(NextAction::AwaitUser));
    assert_eq!(after(&user(HOLD, refused.clone()), Gate::NotYet), awaiting);
    let queued = (Progress::Queued { apart: None }, Some(NextAction::Send));
    assert_eq!(after(&user(HOLD, refused), Gate::Open), queued);
}

#[test]
fn a_license_for_a_retired_user_behind_a_fence_is_read_again_when_the_fence_has_passed() {
    let fence = Some(Fence::around(ASSOCIATE, now()));
    let refused = Progress::GivenUp { error: SeatError::RetiredUser };
    let fenced = Seat { fence, ..user(HOLD, Progress::Idle) };
    assert_eq!(after(&fenced, Gate::Retired), (refused, Some(NextAction::AwaitFence)));
}

#[test]
fn a_queued_seat_follows_the_desire_and_keeps_its_half() {
    let apart = Some(Half::First { of: RequestNumber(3) });
    let queued =
        |desired, observed| Seat { progress: Progress::Queued { apart }, ..seat(desired, observed, now()) };
    let kept = (Progress::Queued { apart }, Some(NextAction::Send));
    assert_eq!(after(&queued(HOLD, Observed::Unassigned), Gate::Open), kept);
    assert_eq!(after(&queued(FREE, Observed::Unassigned), Gate::Open), (Progress::Idle, None));
}

#[test]
fn a_seat_at_rest_is_queued_exactly_while_it_is_to_be_sent() {
    for fence in [None, Some(Fence::around(ASSOCIATE, now()))] {
        for desired in [HOLD, FREE, FOREIGN] {
            for observed in Observed::ALL {
                for progress in [Progress::Idle, Progress::Queued { apart: None }] {
                    let before = Seat { progress, fence, ..seat(desired, observed, now()) };
                    let (progress, next) = after(&before, Gate::Open);
                    let is_queued = matches!(progress, Progress::Queued { .. });
                    assert_eq!(is_queued, next == Some(NextAction::Send), "{before:?}");
                }
            }
        }
    }
}

#[test]
fn a_read_begins_after_what_touched_the_seat() {
    let reported = seat(HOLD, Observed::Reported, now());
    let next = |at| decide_next_action(&reported, Gate::Open, at).next;
    assert_eq!(next(now()), Some(NextAction::ReadDelta));
    assert_eq!(reported.readable_at(now()), now() + TimeDelta::milliseconds(1));
    let later = now() + TimeDelta::hours(1);
    assert_eq!((next(later), reported.readable_at(later)), (Some(NextAction::ReadDelta), later));
}

#[test]
fn what_is_desired_the_other_way_waits_for_the_fence_and_then_for_a_read() {
    let fence = Fence::around(ASSOCIATE, now());
    let lost = Seat { fence: Some(fence), ..seat(FREE, Observed::Unknown, now()) };
    assert_eq!(after(&lost, Gate::Open), (Progress::Idle, Some(NextAction::AwaitFence)));
    assert_eq!(decide_next_action(&lost, Gate::Open, fence.until).next, Some(NextAction::ReadBack));
}

#[test]
fn a_seat_is_found_by_its_next_action_if_and_only_if_the_rule_has_something_to_do() {
    let all_progress = [
        Progress::Idle,
        Progress::Queued { apart: None },
        Progress::InRequest { request: RequestNumber(1) },
        Progress::GivenUp { error: apple_error() },
    ];
    for desired in [HOLD, FREE, FOREIGN] {
        for observed in Observed::ALL {
            for progress in &all_progress {
                for fence in [None, Some(Fence::around(ASSOCIATE, now()))] {
                    let seat = Seat { progress: progress.clone(), fence, ..seat(desired, observed, now()) };
                    let rule = seat_rule(desired, observed, progress, fence, now());
                    let is_queued = matches!(progress, Progress::Queued { .. });
                    assert_eq!(
                        seat.next_action().is_some(),
                        rule.is_some() || is_queued,
                        "{seat:?} {rule:?}"
                    );
                    let is_read = rule == Some(NextAction::ReadBack) && fence.is_none() && !is_queued;
                    assert_eq!(
                        seat.next_action() == Some(NextAction::ReadBack),
                        is_read,
                        "{seat:?} {rule:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_decided_seat_is_found_by_what_was_decided() {
    let gates = [Gate::Open, Gate::NotYet, Gate::Retired];
    for desired in [HOLD, FREE, FOREIGN] {
        for observed in Observed::ALL {
            for gate in gates {
                let before = seat(desired, observed, now());
                let decision = decide_next_action(&before, gate, now());
                let after = decision.applied.or_unchanged(&before).unwrap();
                assert_eq!(after.next_action(), decision.next, "{after:?}");
            }
        }
    }
}

#[test]
fn a_next_action_is_stored_under_its_name() {
    for action in NextAction::ALL {
        assert_eq!(serde_json::to_value(action).unwrap(), serde_json::json!({"kind": action.name()}));
    }
}
