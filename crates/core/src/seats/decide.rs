//! Deciding about a seat: the rule, carried out as far as it needs nobody outside.

use chrono::{DateTime, TimeDelta, Utc};

use crate::seats::{Applied, Direction, Progress, RequestNumber, Seat, SeatError, SeatStep, seat_rule};

/// Whether the holder can be given a license. A device always can; a user once he is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// He can.
    Open,
    /// Not yet: the user is not registered.
    NotYet,
    /// He is retired.
    Retired,
}

/// What was decided about a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatDecision {
    /// What becomes of the seat.
    pub applied: Applied,
    /// What comes next.
    pub next: NextStep,
}

/// What comes next for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextStep {
    /// Nothing, until something happens.
    Nothing,
    /// The location's next delta or walk that begins then or later reads it back.
    Confirm {
        /// When at the earliest, UTC.
        at: DateTime<Utc>,
    },
    /// A reading that says yes or no, beginning then or later.
    Look {
        /// When at the earliest, UTC.
        at: DateTime<Utc>,
    },
    /// The session may put it into a request of this direction.
    Send {
        /// The direction.
        direction: Direction,
    },
    /// Decide again then.
    Wait {
        /// When, UTC.
        until: DateTime<Utc>,
    },
    /// Its request is under way.
    Await {
        /// The request, within the location.
        request: RequestNumber,
    },
    /// Its user has to be registered first.
    AwaitUser,
}

/// Decides about one seat. Deciding again changes nothing.
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
/// let seat = Seat::new(key, Desired::Hold { because: AssignReason::Install }, Observed::Absent, now);
/// let decision = decide(&seat, Gate::Open, now);
/// assert_eq!(decision.next, NextStep::Send { direction: Direction::Associate });
/// let seat = decision.applied.or_unchanged(&seat).unwrap();
/// assert_eq!(seat.motion, Progress::Queued { apart: None });
/// assert_eq!(decide(&seat, Gate::Open, now).applied, Applied::Unchanged);
/// # Ok::<(), TextIdError>(())
/// ```
#[must_use]
pub fn decide(seat: &Seat, gate: Gate, now: DateTime<Utc>) -> SeatDecision {
    let (motion, next) = settled(seat, gate, now);
    let applied = if motion == seat.progress {
        Applied::Unchanged
    } else {
        Applied::Changed { seat: Seat { progress: motion, ..seat.clone() } }
    };
    SeatDecision { applied, next }
}

/// The motion in which the rule leaves the seat, and what comes next then.
fn settled(seat: &Seat, gate: Gate, now: DateTime<Utc>) -> (Progress, NextStep) {
    let kept = progress_at_the_gate(&seat.progress, gate);
    let step = |motion: &Progress| seat_rule(seat.desired, seat.observed, motion, seat.fence, now);
    // A reading has to begin after what touched the seat; clocks of stores count microseconds.
    let at = seat.touched_at.checked_add_signed(TimeDelta::milliseconds(1)).unwrap_or(now).max(now);
    let (motion, step) = match step(&kept) {
        SeatStep::Unqueue => (Progress::Idle, step(&Progress::Idle)),
        step => (kept, step),
    };
    match step {
        SeatStep::Queue { direction } | SeatStep::Send { direction } => {
            queued(motion, direction, gate, seat.fence.map(|fence| fence.until))
        }
        SeatStep::Nothing | SeatStep::Unqueue => (motion, NextStep::Nothing),
        SeatStep::Confirm => (motion, NextStep::Confirm { at }),
        SeatStep::Look => (motion, NextStep::Look { at }),
        SeatStep::Wait { until } => (motion, NextStep::Wait { until }),
        SeatStep::Await { request } => (motion, NextStep::Await { request }),
    }
}

/// A user who can hold licenses again is no reason to leave a seat any more.
fn progress_at_the_gate(motion: &Progress, gate: Gate) -> Progress {
    match motion {
        Progress::GivenUp { error: SeatError::RetiredUser } if gate != Gate::Retired => Progress::Idle,
        motion => motion.clone(),
    }
}

/// A license waits for its user; taking one back does not.
fn queued(
    motion: Progress,
    direction: Direction,
    gate: Gate,
    fence: Option<DateTime<Utc>>,
) -> (Progress, NextStep) {
    match (direction, gate) {
        (Direction::Associate, Gate::NotYet) => (Progress::Idle, NextStep::AwaitUser),
        (Direction::Associate, Gate::Retired) => {
            let next = fence.map_or(NextStep::Nothing, |until| NextStep::Wait { until });
            (Progress::GivenUp { error: SeatError::RetiredUser }, next)
        }
        _ => {
            let motion = match motion {
                queued @ Progress::Queued { .. } => queued,
                _ => Progress::Queued { apart: None },
            };
            (motion, NextStep::Send { direction })
        }
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
