//! Carrying out what is due.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
};

use mdm_vpp_core::{
    decide::catalog::SyncReport,
    id::{AdamId, LocationId, TenantId},
    transaction::{CallFailure, Decision, Job, JobKind},
};
use mdm_vpp_ports::{AppCatalogError, Apps, LoadScope, StoreError};

use crate::{SyncError, talk::ELSEWHERE_SECONDS, vpp::Context, work_failure::Failure};

/// For whom something is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requester {
    /// A person waits for it, who is not made to wait for other processes.
    Person,
    /// It is due.
    Schedule,
}

impl Context {
    /// Carries out something that is due. What fails is due again, later; the answer says what went wrong.
    pub(crate) async fn run(
        &self,
        tenant: &TenantId,
        due: &Job,
        asker: Requester,
    ) -> Result<Option<Failure>, StoreError> {
        if let Some(told) = self.left_unsent(tenant, due).await? {
            return Ok(told);
        }
        match &due.kind {
            JobKind::ClaimLocation { location }
            | JobKind::TakeOverLocation { location }
            | JobKind::SyncAssets { location }
                if asker == Requester::Person =>
            {
                self.call(tenant, location, due).await
            }
            JobKind::ClaimLocation { location }
            | JobKind::TakeOverLocation { location }
            | JobKind::SyncAssets { location } => match self.enter_location(tenant, location).await {
                Ok(Some(_alone)) => self.call(tenant, location, due).await,
                Ok(None) => {
                    self.suppress(tenant, location, ELSEWHERE_SECONDS);
                    Ok(None)
                }
                Err(StoreError::UnknownToken { .. }) => self.call(tenant, location, due).await,
                Err(error) => Err(error),
            },
            JobKind::TellCatalog { adam_id } => self.tell_catalog(tenant, *adam_id, due).await,
            JobKind::SendRequests { location }
            | JobKind::PollEvents { location }
            | JobKind::ReadDelta { location }
            | JobKind::ReadBack { location }
            | JobKind::ReadAssignments { location }
            | JobKind::ReleaseFences { location }
            | JobKind::RefreshUsers { location }
            | JobKind::FillWaitlist { location }
            | JobKind::Subscribe { location } => self.run_job(tenant, location, due).await,
            // A kind of a later version: left to the processes that know it.
            _ => Ok(None),
        }
    }

    /// Carries out a claim or a sync.
    async fn call(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
    ) -> Result<Option<Failure>, StoreError> {
        match due.kind {
            JobKind::ClaimLocation { .. } => return self.claim_due(tenant, location, due, false).await,
            JobKind::TakeOverLocation { .. } => return self.claim_due(tenant, location, due, true).await,
            _ => {}
        }
        match self.sync_due(tenant, location, due).await {
            Ok(SyncReport { trouble, .. }) => {
                Ok(trouble.map(|trouble| Failure { code: "store_lookup", number: None, message: trouble }))
            }
            Err(SyncError::Store(error)) => Err(error),
            Err(SyncError::Service(error)) => Ok(Some(Failure::service(&error))),
            Err(SyncError::Refused(refusal)) => {
                Ok(Some(Failure { code: refusal.code(), number: None, message: refusal.to_string() }))
            }
        }
    }

    /// Moves something a day on, without touching anything else.
    pub(crate) async fn postpone(&self, tenant: &TenantId, due: &Job) -> Result<(), StoreError> {
        let later = due.next_day(self.clock.now());
        self.reschedule(tenant, due, later).await
    }

    /// Tries something again soon that a store failed over.
    pub(crate) async fn try_again(
        &self,
        tenant: &TenantId,
        due: &Job,
        error: &StoreError,
    ) -> Result<(), StoreError> {
        let failure = CallFailure { number: None, message: error.to_string(), retry_after: None };
        let later = due.after_failure(&failure, self.clock.now());
        self.reschedule(tenant, due, later).await
    }

    pub(crate) async fn reschedule(
        &self,
        tenant: &TenantId,
        due: &Job,
        later: Job,
    ) -> Result<(), StoreError> {
        let settled = due.completed();
        self.save(tenant, &LoadScope::default(), move |_| Decision {
            completed: vec![settled.clone()],
            jobs: vec![later.clone()],
            ..Decision::default()
        })
        .await
    }

    /// Tells the host's catalog about an app. The answer is what went wrong.
    async fn tell_catalog(
        &self,
        tenant: &TenantId,
        adam_id: AdamId,
        due: &Job,
    ) -> Result<Option<Failure>, StoreError> {
        let scope = LoadScope { apps: Apps::These([adam_id].into()), ..LoadScope::default() };
        let loaded = self.store.load(tenant, &scope).await?;
        if let (Some(catalog), Some(app)) = (&self.catalog, loaded.apps.get(&adam_id))
            && let Err(error) = without_panic(catalog.put_app(tenant, app), adam_id).await
        {
            let trouble = error.to_string();
            let failure = CallFailure { number: None, message: trouble.clone(), retry_after: None };
            let later = due.after_failure(&failure, self.clock.now());
            self.reschedule(tenant, due, later).await?;
            return Ok(Some(Failure { code: "app_catalog", number: None, message: trouble }));
        }
        self.complete(tenant, due).await?;
        Ok(None)
    }
}

/// The answer of the host's code. A panic in it is an error like others: it must not stop the work of every tenant.
async fn without_panic(
    mut put: Pin<Box<dyn Future<Output = Result<(), AppCatalogError>> + Send + '_>>,
    adam_id: AdamId,
) -> Result<(), AppCatalogError> {
    poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| put.as_mut().poll(context)));
        polled.unwrap_or_else(|_| {
            Poll::Ready(Err(AppCatalogError { adam_id, reason: "it panicked".to_owned() }))
        })
    })
    .await
}
