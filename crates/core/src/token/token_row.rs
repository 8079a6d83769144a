//! A token as it is kept: everything but its secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::LocationId,
    token::{Location, TokenCondition, TokenSettings, TokenStatus},
};

/// A token of a tenant. Its secret is kept apart, sealed, by the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The location it opens; no two tokens open the same.
    pub location: Location,
    /// The organization named in the token file (`orgName`).
    pub organization: String,
    /// The dialog's three tabs.
    pub settings: TokenSettings,
    /// What its status follows from.
    pub condition: TokenCondition,
    /// How often the secret was replaced: 1 after the upload.
    pub generation: u32,
    /// When it was uploaded first, UTC.
    pub uploaded_at: DateTime<Utc>,
    /// The last sync that was tried; `None` before the first.
    pub last_sync: Option<SyncRecord>,
}

/// The last sync of a location that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncRecord {
    /// When its answer was there, UTC.
    pub at: DateTime<Utc>,
    /// What went wrong, for people; `None` when nothing did.
    pub trouble: Option<String>,
}

impl Token {
    /// The identity of the token: its location.
    #[must_use]
    pub const fn id(&self) -> &LocationId {
        &self.location.id
    }

    /// The status at `now`.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> TokenStatus {
        TokenStatus::of(&self.condition, now)
    }
}
