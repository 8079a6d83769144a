//! A store whose every call passes a gate, for tests of crashes, pauses and damaged rows.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition, Job, Loaded},
};

use crate::{
    Decide, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob, Tokens,
};

/// What a [`GatedStore`] does around the calls of its store. A method that is not implemented changes nothing.
pub trait Gate: Send + Sync {
    /// Carries out a call, fails it, or delays it. The call does nothing before it is awaited.
    fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        call
    }

    /// Refuses a call that names the token of one location.
    ///
    /// # Errors
    ///
    /// The error that the call ends with instead of being carried out.
    fn may_read(&self, _location: &LocationId) -> Result<(), StoreError> {
        Ok(())
    }

    /// Replaces the decision of a transaction.
    fn decision(&self, decide: Arc<dyn Decide>) -> Arc<dyn Decide> {
        decide
    }

    /// Replaces a lease that the store granted.
    fn granted(&self, lease: Lease) -> Lease {
        lease
    }
}

/// A store behind a [`Gate`].
///
/// ```
/// use std::sync::Arc;
///
/// use mdm_vpp_ports::{
///     Store, StoreError,
///     fake::{Gate, GatedStore},
/// };
///
/// /// The database is gone: no call is carried out.
/// struct Unplugged;
///
/// impl Gate for Unplugged {
///     async fn pass<T: Send>(
///         &self,
///         _call: impl Future<Output = Result<T, StoreError>> + Send,
///     ) -> Result<T, StoreError> {
///         Err(StoreError::Busy)
///     }
/// }
///
/// fn unplug(store: Arc<dyn Store>) -> Arc<dyn Store> {
///     Arc::new(GatedStore { store, gate: Unplugged })
/// }
/// ```
#[derive(Clone)]
pub struct GatedStore<G> {
    /// The store that carries out the calls.
    pub store: Arc<dyn Store>,
    /// The gate that every call passes.
    pub gate: G,
}

impl<G: Gate> GatedStore<G> {
    fn may_load(&self, scope: &LoadScope) -> Result<(), StoreError> {
        match &scope.tokens {
            Tokens::Of(location) => self.gate.may_read(location),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl<G: Gate> Store for GatedStore<G> {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.may_load(scope)?;
        self.gate.pass(self.store.transact(tenant, scope, self.gate.decision(decide))).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        self.may_load(scope)?;
        self.gate.pass(self.store.load(tenant, scope)).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let lease = self.gate.pass(self.store.lease(tenant, location, holder, period)).await?;
        Ok(lease.map(|lease| self.gate.granted(lease)))
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.gate.pass(self.store.end_lease(tenant, lease)).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.gate.may_read(location)?;
        self.gate.pass(self.store.content_token(tenant, location)).await
    }

    async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError> {
        self.gate.pass(self.store.enqueue(tenant, jobs)).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.gate.pass(self.store.record_notification(notification)).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.gate.pass(self.store.due_jobs(now, limit)).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.gate.pass(self.store.jobs_of_location(tenant, location)).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.gate.pass(self.store.next_due()).await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.gate.pass(self.store.audit_since(tenant, after, limit)).await
    }
}
