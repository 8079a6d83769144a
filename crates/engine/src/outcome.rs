//! What the acts of administrators answer.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{LocationId, TenantId},
    token::{Token, TokenStatus},
    turn::{CallFailure, Due, DueKind},
};
use mdm_vpp_ports::{ServiceError, StoreError};
use serde::Serialize;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenOutcome {
    /// The token as it is now.
    pub overview: TokenOverview,
    /// What went wrong.
    pub hitches: Vec<Hitch>,
}

/// Something that was due and failed; it is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hitch {
    /// The tenant.
    pub tenant: TenantId,
    /// What was tried, and about what.
    pub due: DueKind,
    /// A stable name of what went wrong, for programs.
    pub code: &'static str,
    /// Apple's error number, if Apple answered with one.
    pub number: Option<ErrorNumber>,
    /// What went wrong and what to do, for people.
    pub trouble: String,
}

impl Hitch {
    /// What was tried, in words: `syncing location 2049025000431439`.
    #[must_use]
    pub fn doing(&self) -> String {
        match &self.due {
            DueKind::Claim { location } | DueKind::TakeOver { location } => {
                format!("claiming location {location}")
            }
            DueKind::Sync { location } => format!("syncing location {location}"),
            DueKind::Send { location } => format!("sending requests for location {location}"),
            DueKind::Ask { location } => format!("asking how far requests of location {location} are"),
            DueKind::Confirm { location }
            | DueKind::Look { location }
            | DueKind::Walk { location }
            | DueKind::Unfence { location } => format!("reading the assignments of location {location}"),
            DueKind::Members { location } => format!("reading the users of location {location}"),
            DueKind::Serve { location } => format!("serving who waits for licenses of location {location}"),
            DueKind::TellCatalog { adam_id } => format!("telling the catalog about app {adam_id}"),
            other => format!("{other:?}"),
        }
    }
}

/// What went wrong with something that was due.
pub(crate) struct WentWrong {
    pub(crate) code: &'static str,
    pub(crate) number: Option<ErrorNumber>,
    pub(crate) trouble: String,
}

impl WentWrong {
    pub(crate) fn service(error: &ServiceError) -> Self {
        Self { code: error.code(), number: error.number(), trouble: error.to_string() }
    }

    pub(crate) fn store(error: &StoreError) -> Self {
        Self { code: error.code(), number: None, trouble: error.to_string() }
    }

    pub(crate) fn of(self, tenant: &TenantId, due: &Due) -> Hitch {
        let Self { code, number, trouble } = self;
        Hitch { tenant: tenant.clone(), due: due.kind.clone(), code, number, trouble }
    }
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
