//! A notification of Apple's on its way into the store.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::LocationId, location::NotifiedEvent, transaction::Job};

use crate::NotificationId;

/// A notification that Apple posted, with the jobs that follow from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedNotification {
    /// The location that it is about.
    pub location: LocationId,
    /// Its id, unique within the location.
    pub id: NotificationId,
    /// When it was received, UTC.
    pub received_at: DateTime<Utc>,
    /// The event that it reports, if it reports one.
    pub event: Option<NotifiedEvent>,
    /// The jobs to enqueue.
    pub jobs: Vec<Job>,
}

/// The store's answer to a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It was stored.
    Recorded,
    /// It was stored, and no open request has its event. The event belongs to another product or to a request that is
    /// settled, or Apple's answer with the event id has not been recorded yet.
    UnknownEvent,
    /// A notification with this id was stored before. Nothing was changed.
    Repeated,
    /// No tenant has a token of the location. Nothing was changed.
    UnknownLocation,
}
