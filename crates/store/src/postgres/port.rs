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

use super::{
    PostgresStore, audit_rows, due_rows, heard_rows, lease_rows, load, save, save_talk::Place,
    store::settled, tenant_rows, together::both, token_rows,
};

#[async_trait]
impl Store for PostgresStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let decide = &*decide;
        settled(|| self.turn_once(tenant, scope, decide)).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            let reads = both(tenant_rows::turns(&work, tenant), load::load(&work, tenant, scope));
            let (turn, (loaded, _)) = work.begin_with(reads).await?;
            Ok(Loaded { transaction: turn, ..loaded })
        })
        .await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            work.begin_with(tenant_rows::lock_known(&work, tenant)).await?;
            let lease = lease_rows::lease(&work, tenant, location, talker, period).await?;
            work.commit().await?;
            Ok(lease)
        })
        .await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            work.begin_with(lease_rows::end(&work, tenant, lease)).await?;
            work.commit().await
        })
        .await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(token_rows::secret(&work, tenant, location, &self.keys)).await
        })
        .await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        if due.is_empty() {
            return Ok(());
        }
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            work.begin_with(due_rows::note(&work, tenant, due)).await?;
            work.commit().await
        })
        .await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            let hearing = work.begin_with(heard_rows::hear(&work, notification)).await?;
            work.commit().await?;
            Ok(hearing)
        })
        .await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.due_until(Some(now), limit).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(due_rows::of_location(&work, tenant, location)).await
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.due_until(None, 1).await?.first().map(|found| found.job.at))
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(audit_rows::since(&work, tenant, after, limit)).await
        })
        .await
    }
}

impl PostgresStore {
    async fn turn_once(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: &dyn Decide,
    ) -> Result<(), StoreError> {
        let mut connection = self.connections.get().await?;
        let work = connection.writing()?;
        let turns = work.begin_with(tenant_rows::lock(&work, tenant)).await?;
        // What is read goes no further when the lease is over.
        let ((), (loaded, numbers)) =
            both(lease_rows::check(&work, tenant, scope.location.as_ref()), load::load(&work, tenant, scope))
                .await?;
        let loaded = Loaded { transaction: turns, ..loaded };
        let decision = decide.decide(&loaded).map_err(|_| StoreError::Declined)?;
        if decision == Decision::default() {
            return Ok(());
        }
        let place = Place { scope: scope.location.as_ref(), numbers };
        save::save(&work, tenant, turns, place, &decision, &self.keys).await?;
        work.commit().await
    }

    async fn due_until(
        &self,
        now: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<TenantJob>, StoreError> {
        settled(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(due_rows::due(&work, now, limit)).await
        })
        .await
    }
}
