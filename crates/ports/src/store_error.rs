//! Failures of a store, with whom they concern and whether trying again helps.

use std::{error::Error, time::Duration};

use mdm_vpp_core::{audience::Audience, catalog::AssetKey, id::LocationId, token::TokenName};
use thiserror::Error;

/// The reason why a transaction was not saved. Nothing of it was saved, unless [`StoreError::Backend`] says that the
/// commit got no answer.
///
/// The text of an error says what failed, why, and what to do. It includes the texts of its causes, so `source` is
/// always `None`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The decision declined. Its caller keeps the reason.
    #[error("nothing was saved: the decision declined")]
    Declined,
    /// Another tenant has the token of this location.
    #[error(
        "cannot add the token: location uId {location} belongs to another tenant of this installation; \
         use a token of another location, or the tenant that has this one"
    )]
    LocationInOtherTenant {
        /// The location.
        location: LocationId,
    },
    /// The tenant has a token of this location already.
    #[error("cannot add the token: location uId {location} has one already; update that token instead")]
    LocationTaken {
        /// The location.
        location: LocationId,
    },
    /// The tenant has a token of this name already, perhaps in other letter case.
    #[error("cannot name the token `{name}`: another token has this name; choose another one")]
    NameTaken {
        /// The name.
        name: TokenName,
    },
    /// The tenant has no token of this location.
    #[error("location uId {location} has no token in this tenant: upload one, or correct the uId")]
    UnknownToken {
        /// The location.
        location: LocationId,
    },
    /// The lease that the scope names has expired, or a later one was granted.
    #[error(
        "the lease of location uId {location} is over: another process may call Apple about it by now; \
         take a new lease before the next call"
    )]
    LeaseLost {
        /// The location.
        location: LocationId,
    },
    /// A seat or a waitlist entry names a pool that does not exist.
    #[error("location uId {location} has no asset {}: sync its assets first", asset.adam_id)]
    UnknownPool {
        /// The location.
        location: LocationId,
        /// The asset.
        asset: AssetKey,
    },
    /// A decision changes a row of another location than the one that its scope names. This is a bug of the calling
    /// program.
    #[error(
        "cannot save the decision: it changes {what}; report this bug to the maintainers of the calling program"
    )]
    Misplaced {
        /// The row, as a phrase.
        what: &'static str,
    },
    /// Another process holds the database, or a row of it, for longer than the store waits.
    #[error("the database is busy: another process has held it for too long; try again")]
    Busy,
    /// The calling thread is in no tokio runtime, which this store needs.
    #[error(
        "cannot use the store on {database}: the calling thread is in no tokio runtime; call it from a task of one"
    )]
    NoRuntime {
        /// The database: `SQLite` or `PostgreSQL`.
        database: &'static str,
    },
    /// A later version of this software wrote the database.
    #[error("the database has schema {found}, this version knows {known}: update this server")]
    Newer {
        /// The schema of the database.
        found: u32,
        /// The newest schema that this version knows.
        known: u32,
    },
    /// The file belongs to another program. It was not changed.
    #[error("`{path}` is not a database of this software: choose another file")]
    NotOurs {
        /// The file.
        path: String,
    },
    /// A secret cannot be sealed or opened.
    #[error("a sealed secret cannot be used: {reason}")]
    Sealing {
        /// The reason and what to do.
        reason: String,
    },
    /// A row cannot be read. It was damaged by hand, or a later version wrote it.
    #[error(
        "row `{row}` cannot be read: {reason}; restore it from a backup, or update this server if a later version wrote it"
    )]
    Unreadable {
        /// The table and the key.
        row: String,
        /// The reason.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed while {doing}: {}; check its disk and its server, then try again", with_causes(cause.as_ref()))]
    Backend {
        /// What the store was doing.
        doing: &'static str,
        /// The driver's error. The text shows it, so it is no `source`.
        cause: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// A failure of the database.
    #[must_use]
    pub fn backend(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Backend { doing, cause: cause.into() }
    }

    /// Whether the same transaction may succeed when it is tried again, without a change by anyone.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// How long to wait before trying again; `None` when the store knows no time, which is so for all its errors today:
    /// a busy database has made its caller wait already.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on the error.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        match self {
            Self::Declined
            | Self::LocationInOtherTenant { .. }
            | Self::LocationTaken { .. }
            | Self::NameTaken { .. }
            | Self::UnknownToken { .. }
            | Self::LeaseLost { .. }
            | Self::UnknownPool { .. }
            | Self::Misplaced { .. }
            | Self::NoRuntime { .. } => Audience::Caller,
            Self::Busy
            | Self::Newer { .. }
            | Self::NotOurs { .. }
            | Self::Sealing { .. }
            | Self::Unreadable { .. }
            | Self::Backend { .. } => Audience::Operator,
        }
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
            Self::NoRuntime { .. } => "no_runtime",
            Self::Newer { .. } => "newer",
            Self::NotOurs { .. } => "not_ours",
            Self::Sealing { .. } => "sealing",
            Self::Unreadable { .. } => "unreadable",
            Self::Backend { .. } => "backend",
        }
    }
}

/// The text of an error with those of its causes. Drivers put what matters into the last one.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Error)]
    #[error("the write failed")]
    struct WriteFailed(#[source] std::io::Error);

    #[test]
    fn a_failure_of_the_database_shows_its_causes_in_its_text_alone() {
        let failure =
            StoreError::backend("saving", WriteFailed(std::io::Error::other("no space left on device")));
        assert_eq!(
            failure.to_string(),
            "the database failed while saving: the write failed: no space left on device; \
             check its disk and its server, then try again"
        );
        assert!(failure.source().is_none());
    }

    #[test]
    fn an_error_says_who_can_act_and_whether_trying_again_helps() {
        let location = || LocationId::new("2049025000431439").unwrap();
        for (error, audience, is_retryable) in [
            (StoreError::Busy, Audience::Operator, true),
            (StoreError::backend("saving", "gone"), Audience::Operator, false),
            (StoreError::UnknownToken { location: location() }, Audience::Caller, false),
            (StoreError::NoRuntime { database: "SQLite" }, Audience::Caller, false),
        ] {
            assert_eq!((error.audience(), error.is_retryable()), (audience, is_retryable), "{error}");
            assert_eq!(error.retry_after(), None);
        }
    }
}
