//! Notifications that wait to be sent, and the function that stands for the MDM while one is tested.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::apple::{LocationUid, NotificationId, NotificationKind};
use crate::settings::{NotificationDials, after};

/// A notification, with the address that it is sent to.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Its kind.
    pub kind: NotificationKind,
    /// The location that it is about.
    pub location: LocationUid,
    /// The address, as the MDM set it.
    pub url: String,
    /// The token that goes with it in `Authorization: Bearer`. A secret of the MDM.
    pub bearer: String,
    /// The body: JSON.
    pub body: Vec<u8>,
    /// When it was made, by the simulator's clock.
    pub made_at: DateTime<Utc>,
}

impl Notification {
    /// The body as JSON.
    ///
    /// # Errors
    /// Never for a notification of the simulator's own making.
    pub fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Notification {
    /// Without the token and without the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("location", &self.location)
            .field("url", &self.url)
            .field("bearer", &"(secret)")
            .field("body_bytes", &self.body.len())
            .field("made_at", &self.made_at)
            .finish()
    }
}

/// The most notifications that wait; the oldest are dropped first. Otherwise a service whose notifications are never
/// taken would fill the memory.
const MOST_WAITING: usize = 10_000;

/// Notifications by the time at which they are sent.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: BTreeMap<(DateTime<Utc>, u64), Notification>,
    entered: u64,
    made: u64,
}

impl Outbox {
    /// Enters a notification, not at all or twice where the dials say so.
    pub(crate) fn enter(&mut self, notification: &Notification, dials: &NotificationDials) {
        self.made = self.made.saturating_add(1);
        let at = after(notification.made_at, dials.delay);
        for _ in 0..dials.copies(self.made) {
            self.entered = self.entered.saturating_add(1);
            self.waiting.insert((at, self.entered), notification.clone());
        }
        while self.waiting.len() > MOST_WAITING {
            self.waiting.pop_first();
        }
    }

    /// Takes those whose time has come.
    pub(crate) fn take(&mut self, now: DateTime<Utc>, newest_first: bool) -> Vec<Notification> {
        let later = self.waiting.split_off(&(now, u64::MAX));
        let ready = std::mem::replace(&mut self.waiting, later).into_values();
        if newest_first { ready.rev().collect() } else { ready.collect() }
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// A function that stands for the MDM that receives the test notification.
#[derive(Clone)]
pub(crate) struct TestReceiver(pub(crate) Arc<dyn Fn(&Notification) -> bool + Send + Sync>);
