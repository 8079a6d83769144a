//! The rows of a location that a decision is given, and those that it changes.

use std::collections::BTreeMap;

use crate::{
    catalog::{AssetKey, Pool},
    id::ClientUserId,
    location::{FullReadPage, LocationState, NotifiedEvent, WaitlistEntry},
    seats::{Request, RequestNumber, Seat, SeatKey, VppUser},
};

/// The rows of one location that a decision is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationRows {
    /// The location's own row.
    pub state: LocationState,
    /// Pools, as asked for.
    pub pools: BTreeMap<AssetKey, Pool>,
    /// Seats, as asked for.
    pub seats: BTreeMap<SeatKey, Seat>,
    /// Requests, as asked for, by number.
    pub requests: Vec<Request>,
    /// Users, as asked for.
    pub users: BTreeMap<ClientUserId, VppUser>,
    /// Entries of the waitlist, as asked for: the one that has waited longest comes first.
    pub waitlist: Vec<WaitlistEntry>,
    /// The pages of the full read that is under way, as asked for, by page.
    pub full_read_pages: Vec<FullReadPage>,
    /// What notifications said of the requests among these rows that Apple accepted, as asked for, in the order in
    /// which they were received.
    pub notified_events: Vec<NotifiedEvent>,
}

/// What a decision changes in one location. Saved with the rest of the decision, or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationChanges {
    /// The location's own row, if it changes.
    pub state: Option<LocationState>,
    /// Seats to insert, to replace or to delete.
    pub seats: BTreeMap<SeatKey, SeatChange>,
    /// Requests to insert or to replace, by number.
    pub requests: Vec<Request>,
    /// Requests before this number are forgotten, as far as they await no answer.
    pub forget_requests_before: Option<RequestNumber>,
    /// Users to insert or to replace.
    pub users: Vec<VppUser>,
    /// Direct assignments that begin or end to wait.
    pub waitlist: BTreeMap<SeatKey, WaitlistChange>,
    /// Pages of a full read to keep.
    pub full_read_pages: Vec<FullReadPage>,
    /// Whether the pages that are kept go first: a full read ended, or another begins.
    pub forget_full_read_pages: bool,
}

/// What becomes of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatChange {
    /// It is inserted or replaced.
    Put(Seat),
    /// It is deleted.
    Forget,
}

/// What becomes of a direct assignment that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitlistChange {
    /// It waits from now on.
    Add(WaitlistEntry),
    /// It waits no more.
    Remove,
}

impl LocationChanges {
    /// Changes the rows as a store does. Rows that were not asked for appear when they are inserted or replaced.
    ///
    /// - Requests are forgotten before the changed ones are put: a request that this decision closes is kept until a
    ///   later decision forgets it. Open requests are never forgotten.
    /// - Requests stay in the order of their numbers, the waitlist in the order of waiting (seats that wait since the
    ///   same time in the order of their keys), pages in the order of their numbers.
    /// - Pages are forgotten before new ones are put, so that another full read may begin in the same decision.
    /// - What notifications said is not changed: stores keep that by itself, and load what concerns open requests.
    ///
    /// Databases keep times in whole microseconds. Rounding is theirs: here each time stays as it was decided.
    pub fn apply_to(self, rows: &mut LocationRows) {
        if let Some(state) = self.state {
            rows.state = state;
        }
        for (key, change) in self.seats {
            match change {
                SeatChange::Put(seat) => rows.seats.insert(key, seat),
                SeatChange::Forget => rows.seats.remove(&key),
            };
        }
        if let Some(first) = self.forget_requests_before {
            rows.requests.retain(|request| request.number >= first || request.is_open());
        }
        for request in self.requests {
            put_by(&mut rows.requests, request, |request| request.number);
        }
        for user in self.users {
            rows.users.insert(user.client_user_id.clone(), user);
        }
        rows.waitlist.retain(|entry| !self.waitlist.contains_key(&entry.seat));
        rows.waitlist.extend(self.waitlist.into_values().filter_map(|change| match change {
            WaitlistChange::Add(entry) => Some(entry),
            WaitlistChange::Remove => None,
        }));
        rows.waitlist.sort_by(|one, other| (one.since, &one.seat).cmp(&(other.since, &other.seat)));
        if self.forget_full_read_pages {
            rows.full_read_pages.clear();
        }
        for page in self.full_read_pages {
            put_by(&mut rows.full_read_pages, page, |page| page.page);
        }
    }
}

/// Inserts a row into rows in the order of a key, or replaces the one that has its key.
fn put_by<T, K: Ord>(rows: &mut Vec<T>, row: T, key: fn(&T) -> K) {
    let place = rows.partition_point(|kept| key(kept) < key(&row));
    match rows.get_mut(place) {
        Some(kept) if key(kept) == key(&row) => *kept = row,
        _ => rows.insert(place, row),
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
