//! What comes next for a seat: the seat rule, and what a decision makes of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::seats::{Applied, Desired, Direction, Fence, Observed, Progress, Seat, SeatError};

/// What comes next for a seat. A seat for which nothing comes next has none: nearly all seats at nearly all times.
///
/// The action carries no data, because the seat has it all: the direction of a request follows from [`Seat::desired`],
/// the end of a fence stands in [`Seat::fence`], the number of a request in [`Seat::progress`]. So the same type is the
/// answer of [`seat_rule`] and the key by which stores find the few seats that need something ([`Seat::next_action`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NextAction {
    /// It goes into a request in the direction that is desired. A decision queues it for one.
    Send,
    /// Its request has to be answered or lost first, whatever is desired meanwhile.
    AwaitAnswer,
    /// Nothing before the fence has passed, then decide again.
    AwaitFence,
    /// Read whether Apple lists it: a full read, or the assignments of its holder. A delta read is not enough, because
    /// it lists only what changed.
    ReadBack,
    /// Apple reported the license as given and did not list it yet. The location's next delta read or full read is
    /// enough.
    ReadDelta,
    /// Its user has to be registered first.
    AwaitUser,
    /// It was given up, and stays so until it is asked for again or the opposite is desired.
    GivenUp,
}

/// Whether the holder can be given a license. A device always can; a user once they are registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The holder can.
    Open,
    /// Not yet: the user is not registered.
    NotYet,
    /// The user is retired.
    Retired,
}

/// What was decided about a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatDecision {
    /// What becomes of the seat.
    pub applied: Applied,
    /// What comes next; `None` when nothing does until something happens.
    pub next: Option<NextAction>,
}

/// Says what is to be done about a seat.
///
/// Source: our choice, worked out with an exhaustive model of one seat against a service that runs requests late and
/// in any order; a test explores it. The page `docs/SEATS.md` is this function, asked for every input.
///
/// - A fence is there until a read that began after its end has removed it. While it stands, a request may go in its
///   direction only. When it has passed: read back, then decide.
/// - Without a fence: what is not known is read back; what differs from the desire is sent.
/// - Whether the seat is queued does not matter: it stays queued exactly while the rule says [`NextAction::Send`].
///
/// ```
/// use chrono::DateTime;
/// use mdm_vpp_core::seats::*;
///
/// let now = DateTime::UNIX_EPOCH;
/// let desired = Desired::Assigned { because: AssignReason::Install };
/// let next = |observed, fence| seat_rule(desired, observed, &Progress::Idle, fence, now);
/// assert_eq!(next(Observed::Unassigned, None), Some(NextAction::Send));
/// assert_eq!(next(Observed::Assigned, None), None);
///
/// let lost = Fence::around(Direction::Disassociate, now);
/// assert_eq!(next(Observed::Unassigned, Some(lost)), Some(NextAction::AwaitFence));
/// ```
#[must_use]
pub fn seat_rule(
    desired: Desired,
    observed: Observed,
    progress: &Progress,
    fence: Option<Fence>,
    now: DateTime<Utc>,
) -> Option<NextAction> {
    let at_rest = fence.map_or_else(
        || without_fence(desired, observed),
        |fence| Some(behind_fence(desired, observed, fence, now)),
    );
    match (progress, at_rest) {
        (Progress::InRequest { .. }, _) => Some(NextAction::AwaitAnswer),
        // Also a seat that was given up leaves its fence behind: a read that begins after the end removes it.
        (Progress::GivenUp { .. }, Some(NextAction::Send)) if fence.is_some() => Some(NextAction::AwaitFence),
        (Progress::GivenUp { .. }, None | Some(NextAction::Send)) => Some(NextAction::GivenUp),
        (Progress::Idle | Progress::Queued { .. } | Progress::GivenUp { .. }, next) => next,
    }
}

fn without_fence(desired: Desired, observed: Observed) -> Option<NextAction> {
    match desired.direction() {
        _ if observed == Observed::Unknown => Some(NextAction::ReadBack),
        Some(Direction::Associate) if observed == Observed::Reported => Some(NextAction::ReadDelta),
        Some(direction) if !observed.agrees_with(direction) => Some(NextAction::Send),
        _ => None,
    }
}

fn behind_fence(desired: Desired, observed: Observed, fence: Fence, now: DateTime<Utc>) -> NextAction {
    match desired.direction() {
        _ if fence.has_passed(now) => NextAction::ReadBack,
        // Sending once more what may still run cannot do harm: both requests bring about the same.
        Some(direction) if direction == fence.direction => match (direction, observed) {
            (Direction::Associate, Observed::Reported) => NextAction::ReadDelta,
            _ if observed.agrees_with(direction) => NextAction::AwaitFence,
            _ => NextAction::Send,
        },
        _ => NextAction::AwaitFence,
    }
}

/// Decides about one seat: the rule, and what its holder allows. Deciding again changes nothing.
///
/// ```
/// use chrono::DateTime;
/// use mdm_vpp_core::{catalog::{AssetKey, PricingParam}, id::*, seats::*};
///
/// let now = DateTime::UNIX_EPOCH;
/// let key = SeatKey {
///     location: LocationId::new("2049025000431439")?,
///     asset: AssetKey { adam_id: AdamId::new(7), pricing_param: PricingParam::Standard },
///     holder: Holder::Device { serial_number: SerialNumber::new("C02AAAAAAA02")? },
/// };
/// let seat = Seat::new(key, Desired::Assigned { because: AssignReason::Install }, Observed::Unassigned, now);
/// let decision = decide_next_action(&seat, Gate::Open, now);
/// assert_eq!(decision.next, Some(NextAction::Send));
/// let seat = decision.applied.or_unchanged(&seat).unwrap();
/// assert_eq!(seat.progress, Progress::Queued { apart: None });
/// assert_eq!(decide_next_action(&seat, Gate::Open, now).applied, Applied::Unchanged);
/// # Ok::<(), TextIdError>(())
/// ```
#[must_use]
pub fn decide_next_action(seat: &Seat, gate: Gate, now: DateTime<Utc>) -> SeatDecision {
    let progress = progress_at_the_gate(&seat.progress, gate);
    let (progress, next) = match seat_rule(seat.desired, seat.observed, &progress, seat.fence, now) {
        Some(NextAction::Send) => queued_at_the_gate(seat, progress, gate),
        // What it was queued for is no longer desired, or not allowed yet.
        next if matches!(progress, Progress::Queued { .. }) => (Progress::Idle, next),
        next => (progress, next),
    };
    let applied = if progress == seat.progress {
        Applied::Unchanged
    } else {
        Applied::Changed { seat: Seat { progress, ..seat.clone() } }
    };
    SeatDecision { applied, next }
}

/// The progress without a reason that has gone: a seat given up for a retired user, when the user can hold licenses
/// again.
fn progress_at_the_gate(progress: &Progress, gate: Gate) -> Progress {
    match progress {
        Progress::GivenUp { error: SeatError::RetiredUser } if gate != Gate::Retired => Progress::Idle,
        progress => progress.clone(),
    }
}

/// A license waits for its user; taking one back does not.
fn queued_at_the_gate(seat: &Seat, progress: Progress, gate: Gate) -> (Progress, Option<NextAction>) {
    match (seat.desired.direction(), gate) {
        (Some(Direction::Associate), Gate::NotYet) => (Progress::Idle, Some(NextAction::AwaitUser)),
        (Some(Direction::Associate), Gate::Retired) => {
            let next = if seat.fence.is_some() { NextAction::AwaitFence } else { NextAction::GivenUp };
            (Progress::GivenUp { error: SeatError::RetiredUser }, Some(next))
        }
        _ => match progress {
            // It keeps its half of a refused request.
            queued @ Progress::Queued { .. } => (queued, Some(NextAction::Send)),
            _ => (Progress::Queued { apart: None }, Some(NextAction::Send)),
        },
    }
}

impl Seat {
    /// What comes next for the seat, as stores keep it beside the row to search by. It follows from the row alone, of a
    /// seat that was decided about.
    ///
    /// It is what [`seat_rule`] says, except where the rule asks for more than the row:
    /// - Any fence reads as [`NextAction::AwaitFence`], because the key must not change by the passing of time.
    /// - A seat that is to be sent and is not queued reads as [`NextAction::AwaitUser`], because a decision queues all
    ///   others.
    #[must_use]
    pub fn next_action(&self) -> Option<NextAction> {
        match (&self.progress, self.fence) {
            (Progress::Queued { .. }, _) => Some(NextAction::Send),
            (Progress::Idle | Progress::GivenUp { .. }, Some(_)) => Some(NextAction::AwaitFence),
            // Without a fence, the rule does not ask for the time.
            (progress, _) => match seat_rule(self.desired, self.observed, progress, None, self.touched_at) {
                Some(NextAction::Send) => Some(NextAction::AwaitUser),
                next => next,
            },
        }
    }

    /// When a read that is to count for this seat may begin: after the last thing that touched the seat, and not
    /// before now.
    #[must_use]
    pub fn readable_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        // One millisecond later is later for every store: their clocks count microseconds.
        self.touched_at.checked_add_signed(TimeDelta::milliseconds(1)).unwrap_or(now).max(now)
    }
}

impl NextAction {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Send,
        Self::AwaitAnswer,
        Self::AwaitFence,
        Self::ReadBack,
        Self::ReadDelta,
        Self::AwaitUser,
        Self::GivenUp,
    ];

    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::AwaitAnswer => "await_answer",
            Self::AwaitFence => "await_fence",
            Self::ReadBack => "read_back",
            Self::ReadDelta => "read_delta",
            Self::AwaitUser => "await_user",
            Self::GivenUp => "given_up",
        }
    }
}

#[cfg(test)]
#[path = "next_action_tests.rs"]
mod tests;
