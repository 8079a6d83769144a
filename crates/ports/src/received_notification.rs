//! A notification on its way into the store.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::LocationId, location::NotifiedEvent, transaction::Job};

use crate::NotificationId;

/// A notification, with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedNotification {
    /// The location that it is about.
    pub location: LocationId,
    /// What tells it from others of the location.
    pub id: NotificationId,
    /// When it came, UTC.
    pub received_at: DateTime<Utc>,
    /// What it said of an event.
    pub event: Option<NotifiedEvent>,
    /// What is due because of it.
    pub jobs: Vec<Job>,
}

/// What became of a notification in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It was stored.
    Recorded,
    /// It was stored. No request that awaits its answer has this event: another product's, one that is over, or one
    /// whose answer has not come yet.
    UnknownEvent,
    /// It was stored before: nothing was changed.
    Repeated,
    /// No tenant has a token of the location: nothing was changed.
    UnknownLocation,
}
