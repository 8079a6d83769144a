//! The rows of a location that a decision looks at, and those that it changes.

use std::collections::BTreeMap;

use crate::location::{FullReadPage, LocationState, NotifiedEvent, WaitlistEntry};
use crate::{
    catalog::{AssetKey, Pool},
    id::ClientUserId,
    seats::{Request, RequestNumber, Seat, SeatKey, VppUser},
};

/// The rows of one location that a decision may look at.
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
    /// Members, as asked for.
    pub users: BTreeMap<ClientUserId, VppUser>,
    /// Wishes that wait, as asked for: who waits longest comes first.
    pub waitlist: Vec<WaitlistEntry>,
    /// The pages of the walk that is under way, as asked for, by page.
    pub full_read_pages: Vec<FullReadPage>,
    /// What notifications said of the requests among these rows that Apple accepted, as asked for, in the order in which
    /// they were heard.
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
    /// Members to insert or to replace.
    pub users: Vec<VppUser>,
    /// Wishes that begin or end to wait.
    pub waitlist: BTreeMap<SeatKey, WaitlistChange>,
    /// Pages of a walk to keep.
    pub full_read_pages: Vec<FullReadPage>,
    /// Whether the pages that are kept go first: a walk ended, or another begins.
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

/// What becomes of a wish that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitlistChange {
    /// It waits from now on.
    Add(WaitlistEntry),
    /// It waits no more.
    Remove,
}
