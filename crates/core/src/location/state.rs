//! What is remembered of the talk with Apple about one location.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    id::{ClientUserId, LocationId, SerialNumber},
    seats::{EventId, RequestNumber, SeatKey},
};

/// What is remembered of the talk with Apple about one location, beside its seats and requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationState {
    /// The location.
    pub location: LocationId,
    /// The number that the next request gets.
    pub next_request: RequestNumber,
    /// The version of the assignments up to which everything was read, in Apple's words; `None` before the first full
    /// walk.
    pub version: Option<String>,
    /// When the last full walk that was read to its end began, UTC. What it did not list is not there.
    pub fully_read_at: Option<DateTime<Utc>>,
    /// The full walk that is under way.
    pub full_read: Option<FullRead>,
    /// Whether Apple tells us by itself when a request is over: it is asked later then.
    #[serde(default)]
    pub subscribed: bool,
}

/// A full walk through the assignments. Its pages are kept until they are merged, so that a walk goes on where it ended
/// when the process dies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullRead {
    /// When it began, UTC: before its first request left. It says nothing of what was touched since.
    pub begun_at: DateTime<Utc>,
    /// The version that its first page named: the delta from there on ends the walk.
    pub version: Option<String>,
    /// How many pages its first page counted.
    pub pages: u32,
    /// How far it is.
    pub phase: FullReadPhase,
    /// Whether the list changed while it was read: rows may have slid onto pages that were read before, so what it does not
    /// list may be there.
    #[serde(default)]
    pub changed: bool,
}

/// How far a full walk is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FullReadPhase {
    /// Its pages are read.
    Reading,
    /// All pages were read; what they list is compared with the seats, in the order of their keys.
    Merging {
        /// The last key that was compared.
        after: Option<SeatKey>,
    },
}

/// A page of a walk, as it is kept until the walk is merged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullReadPage {
    /// Which page, from 0.
    pub page: u32,
    /// The page after this one; `None` on the last.
    pub next: Option<u32>,
    /// What it lists, by asset.
    pub listed: Vec<ListedAsset>,
}

/// The holders of one asset on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedAsset {
    /// The asset.
    pub asset: AssetKey,
    /// The devices that hold a license.
    pub devices: Vec<SerialNumber>,
    /// The users that hold a license.
    pub users: Vec<ClientUserId>,
}

/// What a notification said of an event: these licenses went the way they should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifiedEvent {
    /// The event.
    pub event_id: EventId,
    /// The licenses, at most 100; none when it said that something failed.
    pub listed: Vec<ListedAsset>,
}

/// A direct wish for which no license is free. It is served in the order of waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitlistEntry {
    /// The seat that is wished.
    pub seat: SeatKey,
    /// Since when, UTC.
    pub since: DateTime<Utc>,
}

impl LocationState {
    /// A location with which nothing was talked yet.
    #[must_use]
    pub const fn new(location: LocationId) -> Self {
        Self {
            location,
            next_request: RequestNumber(1),
            version: None,
            fully_read_at: None,
            full_read: None,
            subscribed: false,
        }
    }
}
