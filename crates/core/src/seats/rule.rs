//! The seat rule: what is to be done about a seat, as one function of what is known.

use chrono::{DateTime, Utc};

use crate::seats::{Desired, Direction, Fence, Observed, Progress, RequestNumber};

/// What is to be done about a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatStep {
    /// Nothing: it is as desired, or it was given up.
    Nothing,
    /// Apple reported the license as given: read it back. The location's next delta or walk is enough.
    Confirm,
    /// Read whether Apple lists it: a walk, or the assignments of its holder. A delta is not enough.
    Look,
    /// Queue it for a request in this direction.
    Queue {
        /// The direction.
        direction: Direction,
    },
    /// It is queued: the session may put it into a request of this direction, and of no other.
    Send {
        /// The direction.
        direction: Direction,
    },
    /// Take it from the queue: what it was queued for is no longer desired, or not allowed yet.
    Unqueue,
    /// Nothing before this time, then decide again.
    Wait {
        /// When the fence has passed, UTC.
        until: DateTime<Utc>,
    },
    /// Its request has to be answered or lost first, whatever is desired meanwhile.
    Await {
        /// The request, within the location.
        request: RequestNumber,
    },
}

/// Decides what is to be done about a seat.
///
/// Source: our choice, worked out with an exhaustive model of one seat against a service that runs requests late and
/// in any order; a test explores it. The page `docs/SEATS.md` is this function, asked for every input.
///
/// - A fence is there until a reading that began after it has removed it. While it stands, a request may go in its
///   direction only. When it has passed: look, then decide.
/// - Without a fence: what is not known is looked at; what differs from the desire is queued.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use mdm_vpp_core::seats::*;
///
/// let now = DateTime::UNIX_EPOCH;
/// let hold = Desired::Hold { because: AssignReason::Install };
/// let step = |seen, fence: Option<Fence>| seat_rule(hold, seen, &Progress::Still, fence, now);
/// assert_eq!(step(Observed::Absent, None), SeatStep::Queue { direction: Direction::Associate });
///
/// let lost = Fence::around(Direction::Disassociate, now);
/// assert_eq!(step(Observed::Absent, Some(lost)), SeatStep::Wait { until: now + TimeDelta::minutes(15) });
/// ```
#[must_use]
pub fn seat_rule(
    want: Desired,
    seen: Observed,
    motion: &Progress,
    fence: Option<Fence>,
    now: DateTime<Utc>,
) -> SeatStep {
    match (motion, at_rest(want, seen, fence, now)) {
        (Progress::InRequest { request }, _) => SeatStep::Await { request: *request },
        (Progress::Queued { .. }, SeatStep::Queue { direction }) => SeatStep::Send { direction },
        (Progress::Queued { .. }, _) => SeatStep::Unqueue,
        (Progress::GivenUp { .. }, SeatStep::Queue { .. }) => {
            fence.map_or(SeatStep::Nothing, |fence| SeatStep::Wait { until: fence.until })
        }
        (Progress::Idle | Progress::GivenUp { .. }, step) => step,
    }
}

/// What is to be done while nothing is under way.
fn at_rest(want: Desired, seen: Observed, fence: Option<Fence>, now: DateTime<Utc>) -> SeatStep {
    let wanted = want.direction();
    let agrees = wanted.is_none_or(|direction| seen.agrees_with(direction));
    let to_confirm = wanted == Some(Direction::Associate) && seen == Observed::Reported;
    match (fence, wanted) {
        (Some(fence), _) if fence.has_passed(now) => SeatStep::Look,
        (Some(fence), Some(direction)) if direction == fence.direction && !agrees => {
            SeatStep::Queue { direction }
        }
        (Some(fence), Some(Direction::Associate))
            if to_confirm && fence.direction == Direction::Associate =>
        {
            SeatStep::Confirm
        }
        (Some(fence), _) => SeatStep::Wait { until: fence.until },
        (None, _) if seen == Observed::Unknown => SeatStep::Look,
        (None, _) if to_confirm => SeatStep::Confirm,
        (None, Some(direction)) if !agrees => SeatStep::Queue { direction },
        (None, _) => SeatStep::Nothing,
    }
}
