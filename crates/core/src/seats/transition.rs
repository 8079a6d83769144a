//! What can happen to a seat, and what it does to the seat. Total: an event that is late, repeated or for another
//! request changes nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::seats::{Desired, Direction, Fence, Half, Observed, Progress, RequestNumber, Seat, SeatError};

/// After how many answers a seat is given up for which Apple names no reason for a failure, or never lists the license
/// that it reports as given. Our choice: one repetition for a passing failure and one more to be sure.
pub const MOST_TRIES: u32 = 3;

/// What can happen to a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatEvent {
    /// Something else is desired, or for another reason.
    DesiredChanged {
        /// What.
        desired: Desired,
    },
    /// The location session put it into a request. Committed before anything is sent.
    Written {
        /// The request.
        request: RequestNumber,
    },
    /// Its request is over.
    Answered {
        /// The request.
        request: RequestNumber,
        /// The request's direction.
        direction: Direction,
        /// How it ended for this seat.
        outcome: SeatOutcome,
    },
    /// A read listed the license: a page of a full or delta read, or a read-back of its holder.
    Listed {
        /// When the read began, UTC: before its first request left.
        begun_at: DateTime<Utc>,
    },
    /// A read that had to list the license if it is there came to its end and did not. Never a delta read.
    NotListed {
        /// When the read began, UTC: before its first request left.
        begun_at: DateTime<Utc>,
    },
    /// Apple notified us of a license that went one way. A hint, because notifications come late, twice and in any
    /// order.
    Notified {
        /// Which way.
        direction: Direction,
    },
    /// A person asks for it again, or the time for another try has come, after it was given up.
    Retry,
}

/// How a request ended for one of its seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatOutcome {
    /// Apple refused the request as a whole and did nothing; the seat was not at fault, as far as is known.
    SentBack {
        /// With which seats it may share the next request.
        apart: Option<Half>,
    },
    /// Apple refused the request as a whole and did nothing, because of this seat.
    Refused {
        /// Why.
        error: SeatError,
    },
    /// Apple says that all of the request is done.
    Completed,
    /// Apple says that not all of the request is done.
    Failed {
        /// Why, if Apple named this seat.
        error: Option<SeatError>,
    },
    /// The outcome is unknown, and Apple may still run it: no answer, an unknown event id, or pending for too long.
    Lost {
        /// When the request may have left for the last time, or was last reported as pending, whichever is later; UTC.
        last_possible_send: DateTime<Utc>,
    },
}

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
    /// The seat is not needed any more: it was not desired, and a read that counts did not list it.
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
/// - A read counts only if it began after the last thing that touched the seat. One that began before a fence has
///   passed counts only if it says what the fence's direction would bring about anyway; a later one removes the fence.
/// - While a request with the seat is under way, only its answer or its loss changes the seat: notifications say
///   nothing then, and reads only that the license is listed.
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
/// let (request, direction) = (RequestNumber(7), Direction::Associate);
/// let desired = Desired::Assigned { because: AssignReason::Install };
/// let seat = Seat::new(key, desired, Observed::Unassigned, now);
/// let seat = Seat { progress: Progress::InRequest { request }, ..seat };
///
/// let complete = SeatEvent::Answered { request, direction, outcome: SeatOutcome::Completed };
/// let seat = apply(&seat, &complete, now).or_unchanged(&seat).unwrap();
/// assert_eq!((seat.observed, &seat.progress), (Observed::Reported, &Progress::Idle));
/// assert_eq!(apply(&seat, &complete, now), Applied::Unchanged);
/// # Ok::<(), TextIdError>(())
/// ```
#[must_use]
pub fn apply(seat: &Seat, event: &SeatEvent, now: DateTime<Utc>) -> Applied {
    let after = match event {
        SeatEvent::DesiredChanged { desired } => Some(with_desired(seat, *desired, now)),
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
        SeatEvent::Listed { begun_at } => return read(seat, Observed::Assigned, *begun_at),
        SeatEvent::NotListed { begun_at } => return read(seat, Observed::Unassigned, *begun_at),
        SeatEvent::Notified { direction } => {
            let news = seat.is_at_rest()
                && seat.observed != Observed::Unknown
                && !seat.observed.agrees_with(*direction);
            news.then(|| Seat { observed: Observed::Unknown, ..touched(seat, now) })
        }
        SeatEvent::Retry => match seat.progress {
            Progress::GivenUp { .. } => Some(Seat { progress: Progress::Idle, tries: 0, ..seat.clone() }),
            _ => None,
        },
    };
    match after {
        Some(after) if after != *seat => Applied::Changed { seat: after },
        _ => Applied::Unchanged,
    }
}

/// The seat with another desire. The opposite starts anew; another reason for the same desire changes nothing else. A
/// foreign seat that becomes ours is read again: it may stand on a page that was read before we gave the license back.
fn with_desired(seat: &Seat, desired: Desired, now: DateTime<Utc>) -> Seat {
    if !seat.is_ours() && desired != seat.desired {
        return Seat { desired, observed: Observed::Unknown, ..touched(seat, now) };
    }
    let turned = desired.direction() != seat.desired.direction();
    let tries = if turned { 0 } else { seat.tries };
    let progress = match &seat.progress {
        Progress::GivenUp { .. } if turned => Progress::Idle,
        progress => progress.clone(),
    };
    Seat { desired, tries, progress, ..seat.clone() }
}

fn answered(seat: &Seat, direction: Direction, outcome: &SeatOutcome, now: DateTime<Utc>) -> Seat {
    let idle = Seat { progress: Progress::Idle, ..touched(seat, now) };
    let tries = seat.tries.saturating_add(1);
    match outcome {
        SeatOutcome::SentBack { apart } => Seat { progress: Progress::Queued { apart: *apart }, ..idle },
        SeatOutcome::Refused { error } => given_up(idle, direction, error.clone()),
        SeatOutcome::Completed => match direction {
            // Listed since the request was written: that is the confirmation.
            Direction::Associate if seat.observed == Observed::Assigned => Seat { tries: 0, ..idle },
            Direction::Associate => Seat { observed: Observed::Reported, tries, ..idle },
            Direction::Disassociate => Seat { observed: Observed::Unassigned, tries, ..idle },
        },
        SeatOutcome::Failed { error } => {
            let unknown = Seat { observed: Observed::Unknown, tries, ..idle };
            match error {
                Some(error) => given_up(unknown, direction, error.clone()),
                None if tries >= MOST_TRIES => given_up(unknown, direction, SeatError::Unexplained),
                None => unknown,
            }
        }
        SeatOutcome::Lost { last_possible_send } => {
            let fence = Some(fenced(seat.fence, Fence::around(direction, *last_possible_send)));
            Seat { observed: Observed::Unknown, fence, ..idle }
        }
    }
}

/// Gives the seat up only if the request was for what is desired now: meanwhile the opposite may be.
fn given_up(seat: Seat, direction: Direction, error: SeatError) -> Seat {
    let concerned = seat.desired.direction() == Some(direction);
    let progress = if concerned { Progress::GivenUp { error } } else { Progress::Idle };
    Seat { progress, ..seat }
}

/// Two fences in one direction last as long as the longer one. The rule never lets one stand against the other; if it
/// did, the fresher loss would be the one to fear.
fn fenced(standing: Option<Fence>, fresh: Fence) -> Fence {
    let until = standing.map_or(fresh.until, |standing| standing.until.max(fresh.until));
    Fence { until, ..fresh }
}

fn touched(seat: &Seat, now: DateTime<Utc>) -> Seat {
    Seat { touched_at: seat.touched_at.max(now), ..seat.clone() }
}

/// Applies a read that found the license (`Assigned`) or did not (`Unassigned`).
fn read(seat: &Seat, found: Observed, begun_at: DateTime<Utc>) -> Applied {
    if begun_at <= seat.touched_at {
        return Applied::Unchanged;
    }
    if !seat.is_at_rest() {
        return read_meanwhile(seat, found, begun_at);
    }
    let fence = seat.fence.filter(|fence| !fence.has_passed(begun_at));
    // What the lost request may still change is not known, whatever is true now.
    let counts = fence.is_none_or(|fence| found.agrees_with(fence.direction));
    let observed = if counts { found } else { Observed::Unknown };
    let gone = observed == Observed::Unassigned && fence.is_none();
    let unwanted = seat.desired.direction() != Some(Direction::Associate);
    if gone && unwanted {
        return Applied::Forgotten;
    }
    let after = settled(Seat { observed, fence, ..seat.clone() }, seat.observed);
    if after == *seat {
        return Applied::Unchanged;
    }
    Applied::Changed { seat: Seat { touched_at: begun_at, ..after } }
}

/// A license that is listed while its request is under way is there, because we send nothing else meanwhile; the answer
/// says when the request is over. It is kept, because no later delta read lists it again. Behind a fence it says
/// nothing.
fn read_meanwhile(seat: &Seat, found: Observed, begun_at: DateTime<Utc>) -> Applied {
    if found != Observed::Assigned || seat.observed == Observed::Assigned || seat.fence.is_some() {
        return Applied::Unchanged;
    }
    Applied::Changed { seat: Seat { observed: Observed::Assigned, touched_at: begun_at, ..seat.clone() } }
}

/// A seat read as desired needs no more tries; one that Apple reported as given [`MOST_TRIES`] times and does not list
/// is given up.
fn settled(seat: Seat, before: Observed) -> Seat {
    let as_desired = seat.desired.direction().is_none_or(|direction| seat.observed.agrees_with(direction));
    if as_desired {
        let progress = match seat.progress {
            Progress::GivenUp { .. } => Progress::Idle,
            progress => progress,
        };
        return Seat { progress, tries: 0, ..seat };
    }
    let unconfirmed =
        before == Observed::Reported && seat.observed == Observed::Unassigned && seat.tries >= MOST_TRIES;
    if unconfirmed && seat.progress == Progress::Idle {
        return Seat { progress: Progress::GivenUp { error: SeatError::Unconfirmed }, ..seat };
    }
    seat
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "read_tests.rs"]
mod read_tests;
