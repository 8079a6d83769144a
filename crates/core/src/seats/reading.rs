//! What a reading of Apple's assignments says about a seat, and when it says nothing.

use chrono::{DateTime, Utc};

use crate::seats::{Applied, Direction, MOST_TRIES, Observed, Progress, Seat, SeatError};

/// Applies a reading that found the license (`Present`) or did not (`Absent`).
pub(super) fn read(seat: &Seat, found: Observed, begun_at: DateTime<Utc>) -> Applied {
    if begun_at <= seat.touched_at {
        return Applied::Unchanged;
    }
    if !seat.is_at_rest() {
        return read_meanwhile(seat, found, begun_at);
    }
    let fence = seat.fence.filter(|fence| !fence.has_passed(begun_at));
    // What the lost request may still change is not known, whatever is true now.
    let counts = fence.is_none_or(|fence| found.agrees_with(fence.direction));
    let seen = if counts { found } else { Observed::Unknown };
    let gone = seen == Observed::Unassigned && fence.is_none();
    let unwanted = seat.desired.direction() != Some(Direction::Associate);
    if gone && unwanted {
        return Applied::Forgotten;
    }
    let after = settled(Seat { observed: seen, fence, ..seat.clone() }, seat.observed);
    if after == *seat {
        return Applied::Unchanged;
    }
    Applied::Changed { seat: Seat { touched_at: begun_at, ..after } }
}

/// A license that is listed while its request is under way is there, for we send nothing else meanwhile; the answer says
/// when the request is over. It is kept, for no later delta lists it again. Behind a fence it says nothing.
fn read_meanwhile(seat: &Seat, found: Observed, begun_at: DateTime<Utc>) -> Applied {
    if found != Observed::Assigned || seat.observed == Observed::Assigned || seat.fence.is_some() {
        return Applied::Unchanged;
    }
    Applied::Changed { seat: Seat { observed: Observed::Assigned, touched_at: begun_at, ..seat.clone() } }
}

/// What was read as desired needs no more tries; what Apple reported as given so often and does not list is given up.
fn settled(seat: Seat, before: Observed) -> Seat {
    let as_desired = seat.desired.direction().is_none_or(|direction| seat.observed.agrees_with(direction));
    if as_desired {
        let motion = match seat.progress {
            Progress::GivenUp { .. } => Progress::Idle,
            motion => motion,
        };
        return Seat { progress: motion, tries: 0, ..seat };
    }
    let unconfirmed =
        before == Observed::Reported && seat.observed == Observed::Unassigned && seat.tries >= MOST_TRIES;
    if unconfirmed && seat.progress == Progress::Idle {
        return Seat { progress: Progress::GivenUp { error: SeatError::Unconfirmed }, ..seat };
    }
    seat
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
