//! The rule is total, and its table says what the function says.

use super::*;
use crate::seats::testing::apple_error;

fn all_fences(now: DateTime<Utc>) -> Vec<Option<Fence>> {
    let fence = |direction, minutes| Some(Fence { direction, until: now + TimeDelta::minutes(minutes) });
    let [one, other] = [Direction::Associate, Direction::Disassociate];
    vec![
        None,
        fence(one, 1),
        fence(other, 1),
        fence(one, 0),
        fence(other, 0),
        fence(one, -9),
        fence(other, -9),
    ]
}

#[test]
fn every_combination_of_inputs_is_in_exactly_one_row() {
    let table = seat_rule_table();
    for progress in ProgressClass::ALL {
        for fence in FenceClass::ALL {
            for desired in DesiredClass::ALL {
                for observed in Observed::ALL {
                    let rows = table.iter().filter(|row| {
                        row.progress.contains(&progress)
                            && row.fences.contains(&fence)
                            && row.desired.contains(&desired)
                            && row.observed.contains(&observed)
                    });
                    assert_eq!(rows.count(), 1, "{progress:?} {fence:?} {desired:?} {observed:?}");
                }
            }
        }
    }
}

/// All inputs that the rule can tell apart, and more: both directions of a fence that has passed.
fn every_action(mut check: impl FnMut(Desired, Observed, &Progress, Option<Fence>, Option<NextAction>)) {
    let now = DateTime::UNIX_EPOCH;
    let given_up = Progress::GivenUp { error: apple_error() };
    let all_progress =
        [Progress::Idle, Progress::Queued { apart: None }, ProgressClass::InRequest.example(), given_up];
    for desired in DesiredClass::ALL.map(DesiredClass::example) {
        for observed in Observed::ALL {
            for progress in &all_progress {
                for fence in all_fences(now) {
                    check(
                        desired,
                        observed,
                        progress,
                        fence,
                        seat_rule(desired, observed, progress, fence, now),
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_is_ever_sent_against_a_fence_nor_before_a_read_behind_one_that_has_passed() {
    every_action(|desired, observed, progress, fence, action| {
        if let (Some(fence), Some(NextAction::Send)) = (fence, action) {
            let inputs = format!("{desired:?} {observed:?} {progress:?} {fence:?}");
            assert_eq!(desired.direction(), Some(fence.direction), "{inputs}");
            assert!(!fence.has_passed(DateTime::UNIX_EPOCH), "{inputs}");
        }
    });
}

#[test]
fn what_is_sent_differs_from_what_is_observed_and_is_never_a_foreign_license() {
    every_action(|desired, observed, progress, fence, action| {
        if action == Some(NextAction::Send) {
            let differs = desired.direction().is_some_and(|direction| !observed.agrees_with(direction));
            assert!(differs, "{desired:?} {observed:?} {progress:?} {fence:?}");
        }
    });
}

#[test]
fn only_a_seat_in_a_request_awaits_an_answer_and_only_one_that_was_given_up_stays_so() {
    every_action(|_, _, progress, _, action| {
        let awaits = action == Some(NextAction::AwaitAnswer);
        assert_eq!(matches!(progress, Progress::InRequest { .. }), awaits);
        let is_given_up = matches!(progress, Progress::GivenUp { .. });
        match action {
            Some(NextAction::Send) | None => assert!(!is_given_up),
            Some(NextAction::GivenUp) => assert!(is_given_up),
            Some(NextAction::AwaitUser) => panic!("the rule does not know the user"),
            Some(
                NextAction::AwaitAnswer
                | NextAction::AwaitFence
                | NextAction::ReadBack
                | NextAction::ReadDelta,
            ) => {}
        }
    });
}

#[test]
fn whether_a_seat_is_queued_does_not_matter_to_the_rule() {
    let now = DateTime::UNIX_EPOCH;
    every_action(|desired, observed, progress, fence, action| {
        if *progress == Progress::Idle {
            let queued = Progress::Queued { apart: None };
            assert_eq!(seat_rule(desired, observed, &queued, fence, now), action);
        }
    });
}

#[test]
fn the_rows_of_an_idle_seat_are_those_of_the_plan() {
    use DesiredClass::{Assigned, Foreign, Unassigned};
    let now = DateTime::UNIX_EPOCH;
    let (none, passed) = (FenceClass::None, FenceClass::Passed);
    let [to_holder, to_pool] =
        [Direction::Associate, Direction::Disassociate].map(|direction| FenceClass::Standing { direction });
    let [send, read, delta, wait] =
        [NextAction::Send, NextAction::ReadBack, NextAction::ReadDelta, NextAction::AwaitFence].map(Some);
    // Unknown, unassigned, reported, assigned.
    for (desired, fence, actions) in [
        (Assigned, none, [read, send, delta, None]),
        (Unassigned, none, [read, None, send, send]),
        (Foreign, none, [read, None, None, None]),
        (Assigned, to_holder, [send, send, delta, wait]),
        (Unassigned, to_holder, [wait; 4]),
        (Foreign, to_holder, [wait; 4]),
        (Assigned, to_pool, [wait; 4]),
        (Unassigned, to_pool, [send, wait, send, send]),
        (Foreign, to_pool, [wait; 4]),
        (Assigned, passed, [read; 4]),
        (Unassigned, passed, [read; 4]),
        (Foreign, passed, [read; 4]),
    ] {
        let action =
            |observed| seat_rule(desired.example(), observed, &Progress::Idle, fence.example(now), now);
        assert_eq!(Observed::ALL.map(action), actions, "{desired:?} {fence:?}");
    }
}
