//! The rules between the tokens of a tenant: names are unique, and a location has one token.

use thiserror::Error;

use crate::{
    id::LocationId,
    token::{Location, Token, TokenName},
};

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
