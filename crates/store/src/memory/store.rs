//! The port, on what the memory store holds.

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
    kept::{due_micros, open_secret},
    machine_clock::MachineClock,
    sealing::KeyRing,
};

/// A store in memory. It keeps the same promises as a database, secrets sealed too, until the process ends.
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

    /// Another clock than the machine's. Leases end by it.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The rows. A decision that panicked while they were locked has changed nothing.
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
        if let Some(talk) = &scope.location {
            rows.check_lease(tenant, talk, self.clock.now())?;
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
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.rows().lease(tenant, location, talker, self.clock.now(), period)
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
        let row = rows.tenants.get(tenant).and_then(|rows| rows.state.tokens.get(location));
        let Some(row) = row else {
            return Err(StoreError::UnknownToken { location: location.clone() });
        };
        let content_token = open_secret(&self.keys, tenant, location, &row.secret.sealed)?;
        Ok(StoredContentToken { content_token, generation: row.secret.generation })
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if !due.is_empty() {
            let kept = &mut rows.tenants.entry(tenant.clone()).or_default().state.due;
            due.iter().for_each(|due| kept.note(due));
        }
        Ok(())
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        Ok(self.rows().hear(notification))
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        let rows = self.rows();
        let mut found: Vec<TenantJob> = rows
            .tenants
            .iter()
            .flat_map(|(tenant, rows)| rows.state.due.iter().map(move |due| (tenant, due)))
            .filter(|(_, due)| due_micros(due.at) <= due_micros(now))
            .map(|(tenant, due)| TenantJob { tenant: tenant.clone(), job: due.clone() })
            .collect();
        // Stable: within one time, rows stay by tenant, kind and subject.
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
        let due = rows.tenants.get(tenant).into_iter().flat_map(|rows| rows.state.due.iter());
        let mut found: Vec<Job> = due.filter(|due| due.kind.location() == Some(location)).cloned().collect();
        found.sort_by_key(|due| due.at);
        Ok(found)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let rows = self.rows();
        Ok(rows.tenants.values().flat_map(|rows| rows.state.due.iter()).map(|due| due.at).min())
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
