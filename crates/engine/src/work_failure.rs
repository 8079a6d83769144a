//! What the acts of administrators answer.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{LocationId, TenantId},
    token::{Token, TokenStatus},
    transaction::{CallFailure, Job, JobKind},
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
    pub failures: Vec<WorkFailure>,
}

/// Something that was due and failed; it is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WorkFailure {
    /// The tenant.
    pub tenant: TenantId,
    /// What was tried, and about what.
    pub job: JobKind,
    /// A stable name of what went wrong, for programs.
    pub code: &'static str,
    /// Apple's error number, if Apple answered with one.
    pub number: Option<ErrorNumber>,
    /// What went wrong and what to do, for people.
    pub message: String,
}

impl WorkFailure {
    /// What was tried, in words: `syncing location 2049025000431439`.
    #[must_use]
    pub fn doing(&self) -> String {
        match &self.job {
            JobKind::ClaimLocation { location } | JobKind::TakeOverLocation { location } => {
                format!("claiming location {location}")
            }
            JobKind::SyncAssets { location } => format!("syncing location {location}"),
            JobKind::SendRequests { location } => format!("sending requests for location {location}"),
            JobKind::PollEvents { location } => format!("asking how far requests of location {location} are"),
            JobKind::ReadDelta { location }
            | JobKind::ReadBack { location }
            | JobKind::ReadAssignments { location }
            | JobKind::ReleaseFences { location } => {
                format!("reading the assignments of location {location}")
            }
            JobKind::RefreshUsers { location } => format!("reading the users of location {location}"),
            JobKind::FillWaitlist { location } => {
                format!("serving who waits for licenses of location {location}")
            }
            JobKind::Subscribe { location } => {
                format!("subscribing to the notifications of location {location}")
            }
            JobKind::TellCatalog { adam_id } => format!("telling the catalog about app {adam_id}"),
            other => format!("{other:?}"),
        }
    }
}

/// What went wrong with something that was due.
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) number: Option<ErrorNumber>,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn service(error: &ServiceError) -> Self {
        Self { code: error.code(), number: error.number(), message: error.to_string() }
    }

    pub(crate) fn store(error: &StoreError) -> Self {
        Self { code: error.code(), number: None, message: error.to_string() }
    }

    pub(crate) fn of(self, tenant: &TenantId, due: &Job) -> WorkFailure {
        let Self { code, number, message: trouble } = self;
        WorkFailure { tenant: tenant.clone(), job: due.kind.clone(), code, number, message: trouble }
    }
}

/// A failed call, as the rules need it.
pub(crate) fn call_failure(error: &ServiceError) -> CallFailure {
    let message = error.apple_error().map_or_else(|| error.to_string(), |apple| apple.message.clone());
    let retry_after =
        error.retry_after().map(|wait| chrono::TimeDelta::from_std(wait).unwrap_or(chrono::TimeDelta::MAX));
    CallFailure { number: error.number(), message, retry_after }
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::id::SerialNumber;
    use mdm_vpp_ports::ServiceErrorKind;

    use super::*;
    use crate::upload::FileRefusedByApple;

    /// The same error, about a device that Apple named.
    fn naming(error: &ServiceError) -> ServiceError {
        let mut naming = error.clone();
        if let ServiceErrorKind::Apple { subjects, .. } = &mut naming.kind {
            subjects.serial_numbers.insert(SerialNumber::new("C02A000001").unwrap());
        }
        naming
    }

    #[test]
    fn an_error_means_the_same_whether_or_not_apple_names_whom_it_is_about() {
        for number in [9625, 9621, 9622, 9647, 9600] {
            let alone = ServiceError::apple("reading the client config", number, "Apple's words", 200);
            assert_eq!(call_failure(&naming(&alone)), call_failure(&alone));
            assert_eq!(call_failure(&alone).message, "Apple's words");
            assert_eq!(FileRefusedByApple::of(&naming(&alone)), FileRefusedByApple::of(&alone));
        }
    }
}
