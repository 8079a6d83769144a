//! What is remembered of one location beside its seats and requests, and which of its licenses a person names at once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    id::LocationId,
    location::FullRead,
    seats::{Holder, RequestNumber, SeatKey},
};

/// What is remembered of the assignments of one location, beside its seats and requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationState {
    /// The location.
    pub location: LocationId,
    /// The number that the next request gets.
    pub next_request: RequestNumber,
    /// The version of the assignments up to which everything was read, in Apple's words; `None` before the first full
    /// read.
    pub version: Option<String>,
    /// When the last full read that came to its end began, UTC. What it did not list is not there.
    pub fully_read_at: Option<DateTime<Utc>>,
    /// The full read that is under way.
    pub full_read: Option<FullRead>,
    /// Whether Apple notifies us when a request is over: it is asked later then.
    #[serde(default)]
    pub subscribed: bool,
}

/// A direct assignment for which no license is free. Entries get licenses in the order of waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitlistEntry {
    /// The seat that is to be assigned.
    pub seat: SeatKey,
    /// Since when, UTC.
    pub since: DateTime<Utc>,
}

/// Which licenses of a location are adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Adopt {
    /// All that are not ours.
    All,
    /// Those of one asset: an app, or a book, with one pricing parameter.
    App {
        /// The asset.
        asset: AssetKey,
    },
}

/// Which licenses of a location are revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Revoke {
    /// All of them.
    Token,
    /// Those of one asset: an app, or a book, with one pricing parameter.
    App {
        /// The asset.
        asset: AssetKey,
    },
    /// Those of one device or user.
    Holder {
        /// The device or user.
        holder: Holder,
    },
}

impl LocationState {
    /// A location about whose assignments Apple was not asked yet.
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

impl Adopt {
    /// Whether a seat is among them, if it is foreign.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        match self {
            Self::All => true,
            Self::App { asset } => seat.asset == *asset,
        }
    }
}

impl Revoke {
    /// Whether a seat is among them.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        match self {
            Self::Token => true,
            Self::App { asset } => seat.asset == *asset,
            Self::Holder { holder } => seat.holder == *holder,
        }
    }
}
