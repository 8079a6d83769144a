//! Readings: what Apple lists reaches the seats, and finds those that are nobody's.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{location::LocationRows, transaction::DecisionBuilder};
use crate::{
    seats::{Direction, Seat, SeatEvent, SeatKey},
    transaction::{Decision, JobKind},
};

/// What was read of the assignments.
#[derive(Debug, Clone, Copy)]
pub struct AssignmentsRead<'a> {
    /// When the reading began, UTC: before its first request left.
    pub begun_at: DateTime<Utc>,
    /// What it listed.
    pub listed: &'a BTreeSet<SeatKey>,
    /// What it would have listed if it were there.
    pub covers: Covers<'a>,
}

/// What a reading would have listed if it were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers<'a> {
    /// Nothing: a delta only adds.
    Nothing,
    /// All seats among the rows up to this key, or all of them: a full walk, or all assignments of a holder, read to the
    /// end.
    UpTo(Option<&'a SeatKey>),
    /// The same, but the list changed while it was read, so what it does not list may have slid onto a page that was read
    /// before: it has to be looked at.
    DoubtfullyUpTo(Option<&'a SeatKey>),
}

/// Applies a reading to seats.
///
/// A license that Apple lists and no seat stands for becomes a seat of somebody else's: it is counted and left alone. One
/// of an asset that is not known is left out; the answer names them.
///
/// `rows` has to hold the seats that are listed or covered, their pools and the users of their users.
#[must_use]
pub fn decide_apply_read(
    rows: &LocationRows,
    reading: &AssignmentsRead<'_>,
    now: DateTime<Utc>,
) -> (Decision, Vec<SeatKey>) {
    let begun_at = reading.begun_at;
    let mut ledger = DecisionBuilder::open(rows, now);
    for (key, seat) in &rows.seats {
        let event = match (reading.listed.contains(key), reading.covers) {
            (true, _) => SeatEvent::Listed { begun_at },
            (false, Covers::UpTo(up_to)) if up_to.is_none_or(|up_to| key <= up_to) => {
                SeatEvent::NotListed { begun_at }
            }
            (false, Covers::DoubtfullyUpTo(up_to))
                if up_to.is_none_or(|up_to| key <= up_to) && begun_at > seat.touched_at =>
            {
                SeatEvent::Notified { direction: Direction::Disassociate }
            }
            (false, _) => continue,
        };
        ledger.happen(key, &event);
    }
    let mut unknown = Vec::new();
    for key in reading.listed.iter().filter(|key| !rows.seats.contains_key(*key)) {
        if ledger.pool(&key.asset).is_some() {
            ledger.begin(&Seat::foreign(key.clone(), begun_at));
        } else {
            unknown.push(key.clone());
        }
    }
    if !ledger.changes.seats.is_empty() && reading.listed.iter().any(|key| !rows.seats.contains_key(key)) {
        // Somebody may wait for what he has got from elsewhere.
        ledger.enqueue(JobKind::FillWaitlist { location: rows.state.location.clone() }, now);
    }
    (ledger.close(), unknown)
}
