//! How a job of a session ended.

use chrono::{DateTime, Utc};
use mdm_vpp_core::transaction::Job;
use mdm_vpp_ports::{ServiceError, StoreError};

use crate::context::Failure;

/// How a job ended that did not fail.
pub(crate) enum JobOutcome {
    /// Nothing is left of it.
    Done,
    /// It runs again.
    Requeue(Job),
}

/// Why a session broke off.
pub(crate) enum SessionError {
    /// The store failed, or the lease was lost.
    Store(StoreError),
    /// A call to Apple failed.
    Service(Box<ServiceError>),
    /// Apple asked to leave the location alone until a time.
    Stopped(DateTime<Utc>),
    /// The job failed and knows better than the table when it runs again.
    Failed(Box<(Failure, Job)>),
}

impl SessionError {
    pub(crate) fn failed(failure: Failure, again: Job) -> Self {
        Self::Failed(Box::new((failure, again)))
    }

    /// Whether Apple answered with this error number.
    pub(crate) fn has_number(&self, number: u32) -> bool {
        matches!(self, Self::Service(error) if error.number().is_some_and(|found| found.0 == number))
    }
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ServiceError> for SessionError {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}
