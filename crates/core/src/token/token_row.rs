//! A token as it is stored, without its secret, and the rules between the tokens of a tenant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Location, TokenCondition, TokenName, TokenSettings, TokenStatus};
use crate::id::LocationId;

/// A token of a tenant. The store keeps its secret apart, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The location it belongs to. No two tokens have the same location.
    pub location: Location,
    /// The organization named in the token file (`orgName`).
    pub organization: String,
    /// The settings: the dialog's three tabs.
    pub settings: TokenSettings,
    /// The facts from which its status follows.
    pub condition: TokenCondition,
    /// The number of the secret: 1 after the upload, one more after each renewal.
    pub generation: u32,
    /// When it was first uploaded, UTC.
    pub uploaded_at: DateTime<Utc>,
    /// The last sync that was attempted; `None` before the first.
    pub last_sync: Option<SyncRecord>,
}

/// The result of the last attempted sync of a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncRecord {
    /// When it ended, UTC.
    pub at: DateTime<Utc>,
    /// What failed, for people; `None` when it succeeded.
    pub failure: Option<String>,
}

impl Token {
    /// The identity of the token, which is that of its location.
    #[must_use]
    pub const fn id(&self) -> &LocationId {
        &self.location.id
    }

    /// The status at `now` (UTC).
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> TokenStatus {
        TokenStatus::of(&self.condition, now)
    }
}

/// The reason for which a token cannot be added to, or renamed among, the tokens of its tenant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryRefusal {
    /// Another token of the tenant has this name, in the same or another case.
    #[error(
        "cannot name the token `{name}`: there is a token named `{taken_by}` already; choose another name"
    )]
    NameTaken {
        /// The name that was asked for.
        name: TokenName,
        /// The name of the other token.
        taken_by: TokenName,
    },
    /// Another token of the tenant belongs to this location.
    #[error(
        "location `{location}` (uId {id}) is managed with token `{token}` already: \
         update that token with the new file instead of adding it"
    )]
    LocationTaken {
        /// The location's name at Apple.
        location: String,
        /// The location's `uId`.
        id: LocationId,
        /// The token that belongs to it.
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

/// Refuses a name that another token of the tenant has. `of` is the token that shall get the name, if it exists
/// already: its own name is no obstacle.
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
/// [`RegistryRefusal::LocationTaken`] names the token that belongs to it.
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
