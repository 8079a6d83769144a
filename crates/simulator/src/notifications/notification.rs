//! One notification, ready to be sent.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::LocationUid;

/// Apple's id of a notification: a UUID. One that is sent twice has it twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(String);

impl NotificationId {
    pub(crate) fn numbered(n: u64) -> Self {
        Self(format!("00000000-0000-4000-9{:03x}-{:012x}", n >> 48 & 0xfff, n & 0xffff_ffff_ffff))
    }

    /// The id as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NotificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotificationKind {
    /// Whether the MDM can be reached; sent while client config is written.
    Test,
    /// Tasks of an event that gave or took assets.
    AssetManagement,
    /// Tasks of an event that changed users.
    UserManagement,
    /// A user accepted the invitation.
    UserAssociated,
    /// The total of an asset changed.
    AssetCount,
}

/// A notification, with where it goes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// The location that it is about.
    pub location: LocationUid,
    /// Where it goes, as the MDM said.
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
