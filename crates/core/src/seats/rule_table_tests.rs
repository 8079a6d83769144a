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
    for motion in ProgressClass::ALL {
        for fence in FenceClass::ALL {
            for want in DesiredClass::ALL {
                for seen in Observed::ALL {
                    let rows = table.iter().filter(|row| {
                        row.motions.contains(&motion)
                            && row.fences.contains(&fence)
                            && row.wants.contains(&want)
                            && row.seen.contains(&seen)
                    });
                    assert_eq!(rows.count(), 1, "{motion:?} {fence:?} {want:?} {seen:?}");
                }
            }
        }
    }
}

/// All inputs that the rule can tell apart, and more: both directions of a fence that has passed.
fn every_step(mut check: impl FnMut(Desired, Observed, &Progress, Option<Fence>, SeatStep)) {
    let now = DateTime::UNIX_EPOCH;
    let given_up = Progress::GivenUp { error: apple_error() };
    let motions =
        [Progress::Idle, Progress::Queued { apart: None }, ProgressClass::InRequest.example(), given_up];
    for want in DesiredClass::ALL.map(DesiredClass::example) {
        for seen in Observed::ALL {
            for motion in &motions {
                for fence in all_fences(now) {
                    check(want, seen, motion, fence, seat_rule(want, seen, motion, fence, now));
                }
            }
        }
    }
}

#[test]
fn nothing_is_ever_sent_against_a_fence_nor_before_one_that_has_passed_was_looked_behind() {
    every_step(|want, seen, motion, fence, step| {
        if let (Some(fence), SeatStep::Queue { direction } | SeatStep::Send { direction }) = (fence, step) {
            let inputs = format!("{want:?} {seen:?} {motion:?} {fence:?}");
            assert_eq!(direction, fence.direction, "{inputs}");
            assert!(!fence.has_passed(DateTime::UNIX_EPOCH), "{inputs}");
        }
    });
}

#[test]
fn what_is_sent_is_what_is_desired_and_never_for_somebody_elses_license() {
    every_step(|want, seen, motion, fence, step| {
        if let SeatStep::Queue { direction } | SeatStep::Send { direction } = step {
            assert_eq!(Some(direction), want.direction(), "{seen:?} {motion:?} {fence:?}");
            assert!(!seen.agrees_with(direction), "{seen:?} {motion:?} {fence:?}");
        }
    });
}

#[test]
fn only_what_was_queued_is_sent_or_taken_from_the_queue_and_only_what_is_still_is_queued() {
    every_step(|_, _, motion, _, step| match step {
        SeatStep::Send { .. } | SeatStep::Unqueue => assert!(matches!(motion, Progress::Queued { .. })),
        SeatStep::Queue { .. } => assert_eq!(*motion, Progress::Idle),
        SeatStep::Await { .. } => assert!(matches!(motion, Progress::InRequest { .. })),
        SeatStep::Nothing | SeatStep::Confirm | SeatStep::Look | SeatStep::Wait { .. } => {
            assert!(matches!(motion, Progress::Idle | Progress::GivenUp { .. }));
        }
    });
}

#[test]
fn the_rows_of_a_seat_that_is_still_are_those_of_the_plan() {
    use DesiredClass::{Foreign, Free, Hold};
    use Direction::{Associate, Disassociate};
    let now = DateTime::UNIX_EPOCH;
    let until = now + TimeDelta::minutes(1);
    let queue = |direction| SeatStep::Queue { direction };
    let (none, passed) = (FenceClass::None, FenceClass::Passed);
    let [to_holder, to_pool] = [Associate, Disassociate].map(|direction| FenceClass::Standing { direction });
    let (nothing, look, confirm, wait) =
        (SeatStep::Nothing, SeatStep::Look, SeatStep::Confirm, SeatStep::Wait { until });
    // Unknown, absent, told, present.
    for (want, fence, steps) in [
        (Hold, none, [look, queue(Associate), confirm, nothing]),
        (Free, none, [look, nothing, queue(Disassociate), queue(Disassociate)]),
        (Foreign, none, [look, nothing, nothing, nothing]),
        (Hold, to_holder, [queue(Associate), queue(Associate), confirm, wait]),
        (Free, to_holder, [wait; 4]),
        (Foreign, to_holder, [wait; 4]),
        (Hold, to_pool, [wait; 4]),
        (Free, to_pool, [queue(Disassociate), wait, queue(Disassociate), queue(Disassociate)]),
        (Foreign, to_pool, [wait; 4]),
        (Hold, passed, [look; 4]),
        (Free, passed, [look; 4]),
        (Foreign, passed, [look; 4]),
    ] {
        let step = |seen| seat_rule(want.example(), seen, &Progress::Idle, fence.example(now), now);
        assert_eq!(Observed::ALL.map(step), steps, "{want:?} {fence:?}");
    }
}
