//! A token as it is kept: everything but its secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Location, TokenCondition, TokenName, TokenSettings, TokenStatus};
use crate::id::LocationId;

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
    pub failure: Option<String>,
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

/// Why a token cannot stand beside the others.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryRefusal {
    /// Another token of the tenant has this name, perhaps in other case.
    #[error("there is a token named `{taken_by}` already: choose another name than `{name}`")]
    NameTaken {
        /// The name that was asked for.
        name: TokenName,
        /// The name as the other token has it.
        taken_by: TokenName,
    },
    /// Another token of the tenant opens this location.
    #[error(
        "location `{location}` (uId {id}) is managed with token `{token}` already: \
         update that token with the new file instead of adding it"
    )]
    LocationTaken {
        /// The location's name at Apple.
        location: String,
        /// The location's `uId`.
        id: LocationId,
        /// The token that opens it.
        token: TokenName,
    },
}

impl RegistryRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameTaken { .. } => "name_taken",
            Self::LocationTaken { .. } => "location_taken",
        }
    }
}

/// Refuses a name that another token of the tenant has. `of` is the token that asks, when it exists already.
///
/// # Errors
///
/// [`RegistryRefusal::NameTaken`] names the other token.
pub fn check_name_is_free(
    tokens: &[Token],
    name: &TokenName,
    of: Option<&LocationId>,
) -> Result<(), RegistryRefusal> {
    let folded = name.folded();
    let other = tokens
        .iter()
        .filter(|token| Some(token.id()) != of)
        .find(|token| token.settings.detail.name.folded() == folded);
    match other {
        Some(token) => Err(RegistryRefusal::NameTaken {
            name: name.clone(),
            taken_by: token.settings.detail.name.clone(),
        }),
        None => Ok(()),
    }
}

/// Refuses a second token for a location of the tenant.
///
/// # Errors
///
/// [`RegistryRefusal::LocationTaken`] names the token that opens it.
pub fn check_location_is_new(tokens: &[Token], location: &Location) -> Result<(), RegistryRefusal> {
    match tokens.iter().find(|token| token.id() == &location.id) {
        Some(token) => Err(RegistryRefusal::LocationTaken {
            location: location.name.clone(),
            id: location.id.clone(),
            token: token.settings.detail.name.clone(),
        }),
        None => Ok(()),
    }
}
