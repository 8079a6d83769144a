//! A store behind a gate that every call has to pass.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition, Job, Loaded},
};
use mdm_vpp_ports::{
    Decide, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob,
};

/// What every call of a store has to pass: it may fail there, or wait.
pub trait Gate: Send + Sync {
    /// Lets a call through, or not. The call does nothing before it is awaited.
    fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;
}

/// A store behind a gate.
pub struct GatedStore<G> {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The gate.
    pub gate: G,
}

#[async_trait]
impl<G: Gate> Store for GatedStore<G> {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.gate.pass(self.store.transact(tenant, scope, decide)).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        self.gate.pass(self.store.load(tenant, scope)).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.gate.pass(self.store.lease(tenant, location, holder, period)).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.gate.pass(self.store.end_lease(tenant, lease)).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.gate.pass(self.store.content_token(tenant, location)).await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.gate.pass(self.store.enqueue(tenant, due)).await
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
