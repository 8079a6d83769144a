//! What is decided, with a user who is not there yet, and with one who is gone.

use super::*;
use crate::{
    seats::{Fence, Half, Observed, testing::*},
    testing::now,
};

const ASSOCIATE: Direction = Direction::Associate;

fn after(seat: &Seat, gate: Gate) -> (Progress, NextStep) {
    let decision = decide(seat, gate, now());
    (decision.applied.or_unchanged(seat).unwrap().progress, decision.next)
}

fn user(want: crate::seats::Desired, motion: Progress) -> Seat {
    let seen = if want.is_assigned() { Observed::Unassigned } else { Observed::Assigned };
    Seat { progress: motion, ..Seat::new(user_seat(7, "u1"), want, seen, now()) }
}

#[test]
fn a_license_waits_for_its_user_and_a_release_does_not() {
    for motion in [Progress::Idle, Progress::Queued { apart: None }] {
        let waiting = user(HOLD, motion.clone());
        assert_eq!(after(&waiting, Gate::NotYet), (Progress::Idle, NextStep::AwaitUser));
        let (queued, next) = after(&user(FREE, motion), Gate::NotYet);
        assert_eq!(
            (queued, next),
            (Progress::Queued { apart: None }, NextStep::Send { direction: Direction::Disassociate })
        );
    }
}

#[test]
fn a_license_for_a_retired_user_is_refused_until_he_is_registered_again() {
    let refused = Progress::GivenUp { error: SeatError::RetiredUser };
    assert_eq!(after(&user(HOLD, Progress::Idle), Gate::Retired), (refused.clone(), NextStep::Nothing));
    assert_eq!(after(&user(HOLD, refused.clone()), Gate::NotYet), (Progress::Idle, NextStep::AwaitUser));
    let (motion, next) = after(&user(HOLD, refused), Gate::Open);
    assert_eq!((motion, next), (Progress::Queued { apart: None }, NextStep::Send { direction: ASSOCIATE }));
}

#[test]
fn a_queued_seat_follows_the_wish_and_keeps_its_half() {
    let apart = Some(Half::First { of: RequestNumber(3) });
    let queued = |want, seen| Seat { progress: Progress::Queued { apart }, ..seat(want, seen, now()) };
    let (motion, next) = after(&queued(HOLD, Observed::Unassigned), Gate::Open);
    assert_eq!((motion, next), (Progress::Queued { apart }, NextStep::Send { direction: ASSOCIATE }));
    assert_eq!(after(&queued(FREE, Observed::Unassigned), Gate::Open), (Progress::Idle, NextStep::Nothing));
}

#[test]
fn a_reading_is_asked_for_after_what_touched_the_seat() {
    let told = seat(HOLD, Observed::Reported, now());
    let at = now() + TimeDelta::milliseconds(1);
    assert_eq!(decide(&told, Gate::Open, now()).next, NextStep::Confirm { at });
    let later = now() + TimeDelta::hours(1);
    assert_eq!(decide(&told, Gate::Open, later).next, NextStep::Confirm { at: later });
}

#[test]
fn what_is_wished_the_other_way_waits_for_the_fence_and_then_for_a_look() {
    let fence = Fence::around(ASSOCIATE, now());
    let lost = Seat { fence: Some(fence), ..seat(FREE, Observed::Unknown, now()) };
    assert_eq!(after(&lost, Gate::Open), (Progress::Idle, NextStep::Wait { until: fence.until }));
    assert_eq!(decide(&lost, Gate::Open, fence.until).next, NextStep::Look { at: fence.until });
}
