//! The store in memory.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    Clock, Decide, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob,
};

use super::rows::Rows;
use crate::{
    sealing::{KeyRing, open_content_token},
    times::{MachineClock, due_micros},
};

/// A store in memory. Until the process ends it keeps the same promises as a database, sealed secrets included.
///
/// ```
/// use std::sync::Arc;
/// use mdm_vpp_ports::Store;
/// use mdm_vpp_store::{memory::MemoryStore, sealing::{KeyId, KeyRing, SealingKey}};
///
/// let key = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new(KeyRing::new(KeyId::new("one")?, key)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MemoryStore {
    keys: KeyRing,
    clock: Arc<dyn Clock>,
    rows: Mutex<Rows>,
}

impl MemoryStore {
    /// An empty store that seals with these keys.
    #[must_use]
    pub fn new(keys: KeyRing) -> Self {
        Self { keys, clock: Arc::new(MachineClock), rows: Mutex::default() }
    }

    /// Sets the clock by which leases end; the machine's by default.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The rows. A panic while they were locked came from a decision, which is called before anything is changed.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("keys", &self.keys).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if let Some(location) = &scope.location {
            rows.check_lease(tenant, location, self.clock.now())?;
        }
        let loaded = rows.tenants.get(tenant).map(|rows| rows.state.load(scope)).unwrap_or_default();
        let decision = decide.decide(&loaded).map_err(|_| StoreError::Declined)?;
        if decision == Decision::default() {
            return Ok(());
        }
        rows.save(tenant, scope.location.as_ref(), decision, &self.keys)
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        Ok(self.rows().tenants.get(tenant).map(|rows| rows.state.load(scope)).unwrap_or_default())
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.rows().lease(tenant, location, holder, self.clock.now(), period)
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.rows().end_lease(tenant, lease);
        Ok(())
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        let rows = self.rows();
        let row = rows.tenants.get(tenant).and_then(|rows| rows.state.token(location));
        let Some(row) = row else {
            return Err(StoreError::UnknownToken { location: location.clone() });
        };
        let content_token = open_content_token(&self.keys, tenant, location, &row.sealed_secret)?;
        Ok(StoredContentToken { content_token, generation: row.secret_generation })
    }

    async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if !jobs.is_empty() {
            let stored = &mut rows.tenants.entry(tenant.clone()).or_default().state.jobs;
            jobs.iter().for_each(|job| stored.enqueue(job));
        }
        Ok(())
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        Ok(self.rows().record(notification))
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        let rows = self.rows();
        let mut found: Vec<TenantJob> = rows
            .tenants
            .iter()
            .flat_map(|(tenant, rows)| rows.state.jobs.iter().map(move |job| (tenant, job)))
            .filter(|(_, job)| due_micros(job.at) <= due_micros(now))
            .map(|(tenant, job)| TenantJob { tenant: tenant.clone(), job: job.clone() })
            .collect();
        // The sort is stable: jobs of one time stay in the order of tenant, kind and subject.
        found.sort_by_key(|found| found.job.at);
        found.truncate(limit);
        Ok(found)
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        let rows = self.rows();
        let jobs = rows.tenants.get(tenant).into_iter().flat_map(|rows| rows.state.jobs.iter());
        let mut found: Vec<Job> = jobs.filter(|job| job.kind.location() == Some(location)).cloned().collect();
        found.sort_by_key(|job| job.at);
        Ok(found)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let rows = self.rows();
        Ok(rows.tenants.values().flat_map(|rows| rows.state.jobs.iter()).map(|job| job.at).min())
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = self.rows();
        let audit = rows.tenants.get(tenant).map(|rows| rows.audit.as_slice()).unwrap_or_default();
        let from = audit.partition_point(|entry| entry.position <= after);
        Ok(audit.iter().skip(from).take(limit).cloned().collect())
    }
}
