//! A memory store whose transactions and leases a test spoils; all else is as it should be.

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
use mdm_vpp_store::memory::MemoryStore;

use crate::talk_mistakes::Mistake;

pub(crate) struct TalkTwin {
    pub(crate) inner: MemoryStore,
    pub(crate) mistake: Mistake,
}

#[async_trait]
impl Store for TalkTwin {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.takes_turn(tenant, scope, decide).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        self.loads(tenant, scope).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.leases(tenant, location, talker, period).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.ends_lease(tenant, lease).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.inner.content_token(tenant, location).await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.inner.enqueue(tenant, due).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.inner.record_notification(notification).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.inner.due_jobs(now, limit).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.inner.jobs_of_location(tenant, location).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.inner.next_due().await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.inner.audit_since(tenant, after, limit).await
    }
}
