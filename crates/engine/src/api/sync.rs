//! Syncing a location: what it owns, who holds it, or both.

use mdm_vpp_core::{
    decide::catalog::{SyncRefusal, SyncReport},
    id::LocationId,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{ServiceError, StoreError};
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
};
use crate::reconcile::{SyncFailure, sync_assets};

/// Why a sync did not happen. What was known stays.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SyncError {
    /// What was read cannot be saved.
    #[error(transparent)]
    Refused(#[from] SyncRefusal),
    /// Apple refused, or could not be reached.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SyncError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Service(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(SyncError);

impl From<SyncFailure> for SyncError {
    fn from(failure: SyncFailure) -> Self {
        match failure {
            SyncFailure::Refused(refusal) => Self::Refused(refusal),
            SyncFailure::Service(error) => Self::Service(error),
            SyncFailure::Store(error) => Self::Store(error),
        }
    }
}

impl Tenant {
    /// Reads what a location owns now, as [`sync_assets`](Self::sync_assets) does, and has who holds it read soon, as
    /// [`sync_assignments`](Self::sync_assignments) does.
    ///
    /// # Errors
    ///
    /// [`SyncError`]. Assignments are not asked for when the assets could not be read.
    pub async fn sync(&self, location: &LocationId) -> Result<SyncReport, SyncError> {
        let report = self.sync_assets(location).await?;
        self.sync_assignments(location).await?;
        Ok(report)
    }

    /// Reads what a location owns now: counts, claim, expiry, and new apps. The next sync is due a day later.
    ///
    /// # Errors
    ///
    /// [`SyncError`]. That a sync failed is kept with the token, and it runs again.
    pub async fn sync_assets(&self, location: &LocationId) -> Result<SyncReport, SyncError> {
        let kind = JobKind::SyncAssets { location: location.clone() };
        let jobs = self.context().store().jobs_of_location(self.id(), location).await?;
        // The job that is enqueued ends with this sync, so that it does not run once more at its own time.
        let enqueued = jobs.into_iter().find(|job| job.kind == kind);
        let job = enqueued.unwrap_or_else(|| Job::at(kind, self.context().now()));
        Ok(sync_assets(self.worker().sessions(), self.id(), location, &job).await?)
    }

    /// Has all assignments of a location read soon, by the next [`work`](crate::Vpp::work): a license that Apple does not
    /// list any more is found, and assigned again if it is still desired, for instance after [`drift`](Self::drift) named
    /// it. By itself that happens once a day.
    ///
    /// # Errors
    ///
    /// A failure of the store.
    pub async fn sync_assignments(&self, location: &LocationId) -> Result<(), StoreError> {
        let kind = JobKind::ReadAssignments { location: location.clone() };
        let job = Job::at(kind, self.context().now());
        self.context().store().enqueue(self.id(), &[job]).await
    }
}
