//! The port, each method one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    Decide, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob,
};

use super::{SqliteStore, audit_rows, due_rows, heard_rows, lease_rows, load, save, secret_rows};

#[async_trait]
impl Store for SqliteStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let (tenant, scope) = (tenant.clone(), scope.clone());
        let (keys, clock) = (Arc::clone(&self.keys), Arc::clone(&self.clock));
        self.write("taking a turn", move |transaction| {
            if let Some(talk) = &scope.location {
                lease_rows::check(transaction, &tenant, talk, clock.now())?;
            }
            let loaded = load::load(transaction, &tenant, &scope)?;
            let decision = decide.decide(&loaded).map_err(|_| StoreError::Declined)?;
            if decision == Decision::default() {
                return Ok(());
            }
            save::save(transaction, &tenant, loaded.transaction, scope.location.as_ref(), &decision, &keys)
        })
        .await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        let (tenant, scope) = (tenant.clone(), scope.clone());
        self.read("loading a tenant", move |transaction| load::load(transaction, &tenant, &scope)).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let (tenant, location, talker) = (tenant.clone(), location.clone(), talker.clone());
        let clock = Arc::clone(&self.clock);
        self.write("leasing a location", move |transaction| {
            lease_rows::lease(transaction, &tenant, &location, &talker, clock.now(), period)
        })
        .await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        let (tenant, lease) = (tenant.clone(), lease.clone());
        self.write("ending a lease", move |transaction| lease_rows::end(transaction, &tenant, &lease)).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        let (tenant, location, keys) = (tenant.clone(), location.clone(), Arc::clone(&self.keys));
        self.read("opening a secret", move |transaction| {
            secret_rows::open(transaction, &tenant, &location, &keys)
        })
        .await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        if due.is_empty() {
            return Ok(());
        }
        let (tenant, due) = (tenant.clone(), due.to_vec());
        self.write("noting what is due", move |transaction| {
            due.iter().try_for_each(|due| due_rows::note(transaction, &tenant, due))
        })
        .await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        let notification = notification.clone();
        self.write("taking in a notification", move |transaction| {
            heard_rows::hear(transaction, &notification)
        })
        .await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.read("reading what is due", move |transaction| due_rows::due(transaction, now, limit)).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        let (tenant, location) = (tenant.clone(), location.clone());
        self.read("reading what is due", move |transaction| {
            due_rows::of_location(transaction, &tenant, &location)
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("reading what is due", due_rows::next).await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let tenant = tenant.clone();
        self.read("reading the audit log", move |transaction| {
            audit_rows::since(transaction, &tenant, after, limit)
        })
        .await
    }
}
