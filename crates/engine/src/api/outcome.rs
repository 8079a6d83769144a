//! What acts on tokens answer.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::LocationId,
    token::{Token, TokenStatus},
};
use serde::Serialize;

use crate::context::WorkFailure;

/// A token with its status at the moment of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenOverview {
    /// The token.
    pub token: Token,
    /// Its status.
    pub status: TokenStatus,
}

impl TokenOverview {
    pub(super) fn at(token: Token, now: DateTime<Utc>) -> Self {
        let status = token.status(now);
        Self { token, status }
    }

    /// The identity of the token: its location.
    #[must_use]
    pub const fn location(&self) -> &LocationId {
        self.token.id()
    }
}

/// The token after an act, and the jobs that failed of those that followed from it.
///
/// The act itself is done. The failed jobs stay enqueued and run again in [`Vpp::work`](crate::Vpp::work).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenOutcome {
    /// The token as it is now.
    pub overview: TokenOverview,
    /// The jobs that failed.
    pub failures: Vec<WorkFailure>,
}
