//! Work that failed: what the worker tells the embedder, and what the rules need of a failed call.

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::TenantId,
    transaction::{CallFailure, JobKind},
};
use mdm_vpp_ports::{ServiceError, StoreError};
use serde::Serialize;

/// A job that failed. It stays enqueued and runs again later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WorkFailure {
    /// The tenant.
    pub tenant: TenantId,
    /// The job, with its subject.
    pub job: JobKind,
    /// A stable name of the cause, for programs.
    pub code: &'static str,
    /// Apple's error number, if Apple answered with one.
    pub number: Option<ErrorNumber>,
    /// The cause and what to do, for people.
    pub message: String,
}

impl WorkFailure {
    /// The job in words: `syncing location 2049025000431439`.
    #[must_use]
    pub fn doing(&self) -> String {
        match &self.job {
            JobKind::ClaimLocation { location } | JobKind::TakeOverLocation { location } => {
                format!("claiming location {location}")
            }
            JobKind::SyncAssets { location } => format!("syncing location {location}"),
            JobKind::SendRequests { location } => format!("sending requests for location {location}"),
            JobKind::PollEvents { location } => format!("polling the requests of location {location}"),
            JobKind::ReadDelta { location }
            | JobKind::ReadBack { location }
            | JobKind::ReadAssignments { location }
            | JobKind::ReleaseFences { location } => {
                format!("reading the assignments of location {location}")
            }
            JobKind::RefreshUsers { location } => format!("reading the users of location {location}"),
            JobKind::FillWaitlist { location } => format!("filling the waitlist of location {location}"),
            JobKind::Subscribe { location } => {
                format!("subscribing to the notifications of location {location}")
            }
            JobKind::TellCatalog { adam_id } => format!("telling the catalog about app {adam_id}"),
            other => format!("{other:?}"),
        }
    }
}

/// Why a job failed.
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) number: Option<ErrorNumber>,
    pub(crate) message: String,
}

impl Failure {
    /// A failure that no number of Apple's names.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, number: None, message: message.into() }
    }

    pub(crate) fn service(error: &ServiceError) -> Self {
        Self { code: error.code(), number: error.number(), message: error.to_string() }
    }

    pub(crate) fn store(error: &StoreError) -> Self {
        Self::new(error.code(), error.to_string())
    }

    /// What the embedder is told of it.
    pub(crate) fn of(self, tenant: &TenantId, job: &JobKind) -> WorkFailure {
        let Self { code, number, message } = self;
        WorkFailure { tenant: tenant.clone(), job: job.clone(), code, number, message }
    }
}

/// A failed call as the rules need it.
pub(crate) fn call_failure(error: &ServiceError) -> CallFailure {
    let message = error.apple_error().map_or_else(|| error.to_string(), |apple| apple.message.clone());
    let retry_after = error.retry_after().map(|wait| TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX));
    CallFailure { number: error.number(), message, retry_after }
}
