//! What an event does to a seat. Total: an event that is late, repeated or for another request changes nothing.

use chrono::{DateTime, Utc};

use crate::seats::{
    Desired, Direction, Fence, Observed, Progress, Seat, SeatError, SeatEvent, SeatOutcome, reading,
};

/// After so many answers a seat is given up of which Apple names no reason for a failure, or never lists the license
/// that it reports as given. Our choice.
pub const MOST_TRIES: u32 = 3;

/// What an event did to a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// Nothing: it was known, or it says nothing about this seat any more.
    Unchanged,
    /// The seat is now so.
    Changed {
        /// The seat.
        seat: Seat,
    },
    /// The seat is not needed any more: it was not wanted, and a reading that counts did not list it.
    Forgotten,
}

impl Applied {
    /// The seat as it is now; `None` when it was forgotten.
    #[must_use]
    pub fn or_unchanged(self, before: &Seat) -> Option<Seat> {
        match self {
            Self::Unchanged => Some(before.clone()),
            Self::Changed { seat } => Some(seat),
            Self::Forgotten => None,
        }
    }
}

/// Applies an event to a seat.
///
/// - Answers count only for the request that the seat is in.
/// - A reading counts only if it began after the last thing that touched the seat. One that began before a fence has
///   passed counts only if it says what the fence's direction would bring about anyway; a later one removes the fence.
/// - While a request with the seat is under way, the answer comes, or the loss: notifications say nothing then, and of
///   readings only that the license is listed.
///
/// ```
/// use chrono::DateTime;
/// use mdm_vpp_core::{catalog::{AssetKey, PricingParam}, id::*, seats::*};
///
/// let now = DateTime::UNIX_EPOCH;
/// let key = SeatKey {
///     location: LocationId::new("2049025000431439")?,
///     asset: AssetKey { adam_id: AdamId::new(1_163_852_619), pricing_param: PricingParam::Standard },
///     holder: Holder::Device { serial_number: SerialNumber::new("C02AAAAAAA02")? },
/// };
/// let want = Desired::Hold { because: AssignReason::Install };
/// let seat = Seat { motion: Progress::InRequest { request: RequestNumber(7) }, ..Seat::new(key, want, Observed::Absent, now) };
/// let (request, direction) = (RequestNumber(7), Direction::Associate);
///
/// let complete = SeatEvent::Answered { request, direction, outcome: Outcome::Completed };
/// let seat = apply(&seat, &complete, now).or_unchanged(&seat).unwrap();
/// assert_eq!((seat.seen, &seat.motion), (Observed::Told, &Progress::Still));
/// assert_eq!(apply(&seat, &complete, now), Applied::Unchanged);
/// # Ok::<(), TextIdError>(())
/// ```
#[must_use]
pub fn apply(seat: &Seat, event: &SeatEvent, now: DateTime<Utc>) -> Applied {
    let after = match event {
        SeatEvent::DesiredChanged { desired: want } => Some(wanted(seat, *want, now)),
        SeatEvent::Written { request } => match seat.progress {
            Progress::Queued { .. } => {
                Some(Seat { progress: Progress::InRequest { request: *request }, ..touched(seat, now) })
            }
            _ => None,
        },
        SeatEvent::Answered { request, direction, outcome } => {
            let own = matches!(&seat.progress, Progress::InRequest { request: in_request } if in_request == request);
            own.then(|| answered(seat, *direction, outcome, now))
        }
        SeatEvent::Listed { begun_at } => return reading::read(seat, Observed::Assigned, *begun_at),
        SeatEvent::NotListed { begun_at } => return reading::read(seat, Observed::Unassigned, *begun_at),
        SeatEvent::Noticed { direction } => {
            let news = seat.is_at_rest()
                && seat.observed != Observed::Unknown
                && !seat.observed.agrees_with(*direction);
            news.then(|| Seat { observed: Observed::Unknown, ..touched(seat, now) })
        }
        SeatEvent::TryAgain => match seat.progress {
            Progress::GivenUp { .. } => Some(Seat { progress: Progress::Idle, tries: 0, ..seat.clone() }),
            _ => None,
        },
    };
    match after {
        Some(after) if after != *seat => Applied::Changed { seat: after },
        _ => Applied::Unchanged,
    }
}

/// A wish in the other direction starts anew; another reason for the same wish changes nothing else. A foreign seat that
/// becomes ours is read again: it may stand on a page that was read before we gave the license back.
fn wanted(seat: &Seat, want: Desired, now: DateTime<Utc>) -> Seat {
    if !seat.is_ours() && want != seat.desired {
        return Seat { desired: want, observed: Observed::Unknown, ..touched(seat, now) };
    }
    let turned = want.direction() != seat.desired.direction();
    let tries = if turned { 0 } else { seat.tries };
    let motion = match &seat.progress {
        Progress::GivenUp { .. } if turned => Progress::Idle,
        motion => motion.clone(),
    };
    Seat { desired: want, tries, progress: motion, ..seat.clone() }
}

fn answered(seat: &Seat, direction: Direction, outcome: &SeatOutcome, now: DateTime<Utc>) -> Seat {
    let still = Seat { progress: Progress::Idle, ..touched(seat, now) };
    let tries = seat.tries.saturating_add(1);
    match outcome {
        SeatOutcome::SentBack { apart } => Seat { progress: Progress::Queued { apart: *apart }, ..still },
        SeatOutcome::Refused { error } => given_up(still, direction, error.clone()),
        SeatOutcome::Completed => match direction {
            // Listed since the request was written: that is the confirmation.
            Direction::Associate if seat.observed == Observed::Assigned => Seat { tries: 0, ..still },
            Direction::Associate => Seat { observed: Observed::Reported, tries, ..still },
            Direction::Disassociate => Seat { observed: Observed::Unassigned, tries, ..still },
        },
        SeatOutcome::Failed { error } => {
            let unknown = Seat { observed: Observed::Unknown, tries, ..still };
            match error {
                Some(error) => given_up(unknown, direction, error.clone()),
                None if tries >= MOST_TRIES => given_up(unknown, direction, SeatError::Unexplained),
                None => unknown,
            }
        }
        SeatOutcome::Lost { last_possible_send } => {
            let fence = Some(fenced(seat.fence, Fence::around(direction, *last_possible_send)));
            Seat { observed: Observed::Unknown, fence, ..still }
        }
    }
}

/// An error concerns the wish only if the request was for it: meanwhile the opposite may be desired.
fn given_up(seat: Seat, direction: Direction, error: SeatError) -> Seat {
    let concerned = seat.desired.direction() == Some(direction);
    let motion = if concerned { Progress::GivenUp { error } } else { Progress::Idle };
    Seat { progress: motion, ..seat }
}

/// Two fences in one direction are as long as the longer one. The rule never lets one stand against the other; if it
/// did, the fresher loss would be the one to fear.
fn fenced(standing: Option<Fence>, fresh: Fence) -> Fence {
    let until = standing.map_or(fresh.until, |standing| standing.until.max(fresh.until));
    Fence { until, ..fresh }
}

fn touched(seat: &Seat, now: DateTime<Utc>) -> Seat {
    Seat { touched_at: seat.touched_at.max(now), ..seat.clone() }
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
