//! A store under a process that dies.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp::{
    id::{LocationId, TenantId},
    ports::{
        Decide, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
        StoredContentToken, TenantJob, Tokens,
    },
    transaction::{AuditEntry, AuditPosition, Job, Loaded},
};

/// A store whose process dies: after so many calls every call fails, and nothing more is saved.
/// The rows of one location may be damaged.
pub(crate) struct DyingStore {
    store: Arc<dyn Store>,
    calls_left: AtomicUsize,
    damaged: Option<LocationId>,
}

impl DyingStore {
    pub(crate) fn after(store: Arc<dyn Store>, calls: usize) -> Arc<Self> {
        Arc::new(Self { store, calls_left: AtomicUsize::new(calls), damaged: None })
    }

    /// One that lives, over which the rows of a location cannot be read.
    pub(crate) fn damaged(store: Arc<dyn Store>, location: LocationId) -> Arc<Self> {
        Arc::new(Self { store, calls_left: AtomicUsize::new(usize::MAX), damaged: Some(location) })
    }

    fn live(&self) -> Result<&dyn Store, StoreError> {
        let step = |left: usize| left.checked_sub(1);
        match self.calls_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) {
            Ok(_) => Ok(&*self.store),
            Err(_) => Err(StoreError::backend("living", "the process is dead")),
        }
    }

    fn readable(&self, location: &LocationId) -> Result<(), StoreError> {
        if self.damaged.as_ref() == Some(location) {
            let row = format!("tokens {location}");
            return Err(StoreError::Unreadable { row, reason: "a bit fell over".into() });
        }
        Ok(())
    }

    /// How many calls it has taken, of one that was never to die.
    pub(crate) fn calls(&self) -> usize {
        usize::MAX - self.calls_left.load(Ordering::SeqCst)
    }

    /// Dies now.
    pub(crate) fn die(&self) {
        self.calls_left.store(0, Ordering::SeqCst);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.calls_left.load(Ordering::SeqCst) == 0
    }
}

#[async_trait]
impl Store for DyingStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        if let Tokens::Of(location) = &scope.tokens {
            self.readable(location)?;
        }
        self.live()?.transact(tenant, scope, decide).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        if let Tokens::Of(location) = &scope.tokens {
            self.readable(location)?;
        }
        self.live()?.load(tenant, scope).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.live()?.lease(tenant, location, talker, period).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.live()?.end_lease(tenant, lease).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.readable(location)?;
        self.live()?.content_token(tenant, location).await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.live()?.enqueue(tenant, due).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.live()?.record_notification(notification).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.live()?.due_jobs(now, limit).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.live()?.jobs_of_location(tenant, location).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.live()?.next_due().await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.live()?.audit_since(tenant, after, limit).await
    }
}
