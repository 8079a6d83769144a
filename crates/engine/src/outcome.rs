//! What the acts of administrators answer.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::LocationId,
    token::{Token, TokenStatus},
    turn::CallFailure,
};
use mdm_vpp_ports::ServiceError;

/// A token with its status at the moment of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenOverview {
    /// The token.
    pub token: Token,
    /// Its status.
    pub status: TokenStatus,
}

impl TokenOverview {
    pub(crate) fn at(token: Token, now: DateTime<Utc>) -> Self {
        let status = token.status(now);
        Self { token, status }
    }

    /// The identity of the token: its location.
    #[must_use]
    pub const fn location(&self) -> &LocationId {
        self.token.id()
    }
}

/// What became of a token after an act, and what went wrong in the work that followed.
///
/// The act itself is done. What went wrong stays due and is tried again by [`Vpp::work`](crate::Vpp::work).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenOutcome {
    /// The token as it is now.
    pub overview: TokenOverview,
    /// What went wrong.
    pub hitches: Vec<Hitch>,
}

/// Something that was due and failed; it is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hitch {
    /// What was tried, in words: `syncing location 2049025000431439`.
    pub doing: String,
    /// What went wrong and what to do, in words.
    pub trouble: String,
}

/// A failed call, as the rules need it.
pub(crate) fn call_failure(error: &ServiceError) -> CallFailure {
    let message = match &error.trouble {
        mdm_vpp_ports::Trouble::Apple(apple) => apple.message.clone(),
        _ => error.to_string(),
    };
    let retry_after =
        error.retry_after().map(|wait| chrono::TimeDelta::from_std(wait).unwrap_or(chrono::TimeDelta::MAX));
    CallFailure { number: error.number(), message, retry_after }
}
