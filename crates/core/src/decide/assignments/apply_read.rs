//! Reads: what Apple lists of assignments reaches the seats and finds foreign ones, and what it says of users.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    id::ClientUserId,
    location::LocationRows,
    seats::{Direction, Seat, SeatEvent, SeatKey, VppUserEvent, VppUserStatus},
    transaction::{Decision, DecisionBuilder, JobKind},
};

/// What was read of the assignments.
#[derive(Debug, Clone, Copy)]
pub struct AssignmentsRead<'a> {
    /// When the read began, UTC: before its first request left.
    pub begun_at: DateTime<Utc>,
    /// What it listed.
    pub listed: &'a BTreeSet<SeatKey>,
    /// What it would have listed if it were there.
    pub covers: Covers<'a>,
}

/// What a read would have listed if it were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers<'a> {
    /// Nothing: a delta read only adds.
    Nothing,
    /// All seats among the rows up to this key, or all of them: a full read, or all assignments of a holder, that came
    /// to its end.
    UpTo(Option<&'a SeatKey>),
    /// The same, but the list changed while it was read, so what it does not list may have slid onto a page that was
    /// read before: it has to be read back.
    DoubtfullyUpTo(Option<&'a SeatKey>),
}

/// Applies a read to seats.
///
/// A license that Apple lists and no seat stands for becomes a foreign seat: it is counted and left alone. One of an
/// asset that is not known is left out; the answer names them.
///
/// `rows` has to hold the seats that are listed or covered, their pools and the rows of their users.
#[must_use]
pub fn decide_apply_read(
    rows: &LocationRows,
    read: &AssignmentsRead<'_>,
    now: DateTime<Utc>,
) -> (Decision, Vec<SeatKey>) {
    let begun_at = read.begun_at;
    let mut builder = DecisionBuilder::new(rows, now);
    for (key, seat) in &rows.seats {
        let event = match (read.listed.contains(key), read.covers) {
            (true, _) => SeatEvent::Listed { begun_at },
            (false, Covers::UpTo(up_to)) if up_to.is_none_or(|up_to| key <= up_to) => {
                SeatEvent::NotListed { begun_at }
            }
            // A hint is all that a doubtful read gives: the seat becomes unknown and is read back.
            (false, Covers::DoubtfullyUpTo(up_to))
                if up_to.is_none_or(|up_to| key <= up_to) && begun_at > seat.touched_at =>
            {
                SeatEvent::Notified { direction: Direction::Disassociate }
            }
            (false, _) => continue,
        };
        builder.apply_event(key, &event);
    }
    let mut unknown = Vec::new();
    for key in read.listed.iter().filter(|key| !rows.seats.contains_key(*key)) {
        if builder.pool(&key.asset).is_some() {
            builder.begin(&Seat::foreign(key.clone(), begun_at));
        } else {
            unknown.push(key.clone());
        }
    }
    if builder.has_changed_seats() && read.listed.iter().any(|key| !rows.seats.contains_key(key)) {
        // An entry of the waitlist may have got its license from another product: it need not wait any more.
        builder.enqueue(JobKind::FillWaitlist { location: rows.state.location.clone() }, now);
    }
    (builder.finish(), unknown)
}

/// Applies what was read of users, and decides again about all seats among the rows: those whose fence has passed are
/// read back, those whose user is registered by now are queued.
///
/// `rows` has to hold the users that were read, and the seats with their pools and users.
#[must_use]
pub fn decide_refresh_seats(
    rows: &LocationRows,
    read: &[(ClientUserId, VppUserStatus)],
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Decision {
    let mut builder = DecisionBuilder::new(rows, now);
    for (client_user_id, status) in read {
        let event = VppUserEvent::Read { status: *status, begun_at };
        if let Some(after) = rows.users.get(client_user_id).and_then(|user| user.after(&event, now)) {
            builder.put_user(after);
        }
    }
    for key in rows.seats.keys() {
        builder.reconsider(key);
    }
    builder.finish()
}
