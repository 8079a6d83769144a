//! What can go wrong in a store.

use mdm_vpp_core::{catalog::AssetKey, id::LocationId, token::TokenName};
use thiserror::Error;

/// A transaction that did not happen. Nothing of it was saved.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The decision was to do nothing; the caller knows why.
    #[error("the decision declined")]
    Declined,
    /// Another tenant has a token of this location.
    #[error(
        "location uId {location} is managed in another tenant of this installation: \
         use another location, or the tenant that has it"
    )]
    LocationInOtherTenant {
        /// The location.
        location: LocationId,
    },
    /// The tenant has a token of this location.
    #[error("location uId {location} has a token already: update that token instead of adding another")]
    LocationTaken {
        /// The location.
        location: LocationId,
    },
    /// The tenant has a token of this name, perhaps in other case.
    #[error("there is a token named `{name}` already: choose another name")]
    NameTaken {
        /// The name.
        name: TokenName,
    },
    /// There is no such token.
    #[error("there is no token for location uId {location}")]
    UnknownToken {
        /// The location.
        location: LocationId,
    },
    /// A lease is over, or somebody else has a later one.
    #[error(
        "the lease of location uId {location} is over: another process talks to Apple about it, or may do so now"
    )]
    LeaseLost {
        /// The location.
        location: LocationId,
    },
    /// A seat or a wish needs a pool that is not there.
    #[error("location uId {location} has no asset {}: read its assets first", asset.adam_id)]
    UnknownPool {
        /// The location.
        location: LocationId,
        /// What is licensed.
        asset: AssetKey,
    },
    /// A decision changes a row of a talk that is not where it belongs: a mistake of the calling program.
    #[error("a decision changes {what}: this is a mistake of the program, tell its maintainers")]
    Misplaced {
        /// Which row, as a phrase.
        what: &'static str,
    },
    /// Another process holds the database for too long.
    #[error("the database is busy: try again")]
    Busy,
    /// The database was written by a later version.
    #[error("the database has schema {found}, this version knows {known}: update this server")]
    Newer {
        /// The schema of the database.
        found: u32,
        /// The newest schema that this version knows.
        known: u32,
    },
    /// The file belongs to another program. It was not touched.
    #[error("`{path}` is not a database of this software: choose another file")]
    NotOurs {
        /// The file.
        path: String,
    },
    /// A secret cannot be sealed or opened.
    #[error("a sealed secret cannot be used: {reason}")]
    Sealing {
        /// What is wrong with the key or the sealed bytes, and what to do.
        reason: String,
    },
    /// A row cannot be read.
    #[error("row `{row}` cannot be read: {reason}")]
    Unreadable {
        /// Table and key.
        row: String,
        /// Why.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed while {doing}: {}; check its disk and its server, then try again", causes(source.as_ref()))]
    Backend {
        /// What was tried.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// Whether the same transaction may succeed when it is tried again.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::LocationInOtherTenant { .. } => "location_in_other_tenant",
            Self::LocationTaken { .. } => "location_taken",
            Self::NameTaken { .. } => "name_taken",
            Self::UnknownToken { .. } => "unknown_token",
            Self::LeaseLost { .. } => "lease_lost",
            Self::UnknownPool { .. } => "unknown_pool",
            Self::Misplaced { .. } => "misplaced",
            Self::Busy => "busy",
            Self::Newer { .. } => "newer",
            Self::NotOurs { .. } => "not_ours",
            Self::Sealing { .. } => "sealing",
            Self::Unreadable { .. } => "unreadable",
            Self::Backend { .. } => "backend",
        }
    }
}

/// An error with what caused it.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
