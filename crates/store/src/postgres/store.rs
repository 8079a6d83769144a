//! The store in a database, whose transactions run on connections of a pool.

use std::{fmt, sync::Arc};

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
    connection::Connections,
    driver::{Meaning, meaning},
    job_rows, lease_rows, load, notification_rows,
    options::PostgresOptions,
    save::{self, Place},
    tenant_rows, token_rows,
    work::both,
};
use crate::sealing::KeyRing;

/// How many times a transaction is tried when the database asks to repeat it. Ours: a transaction that lost five times is
/// better tried later.
const TRIES: u32 = 5;

/// A store in a database of PostgreSQL 13 or newer, whose encoding is UTF-8.
///
/// Any number of processes and machines may use the same schema. Leases end by the clock of the server.
///
/// Outside of a tokio runtime a call fails with [`StoreError::NoRuntime`]. A transaction whose caller stops waiting is
/// rolled back, unless it was committing already. When the database asks to repeat a transaction, it is repeated up to
/// four times; then, and when a lock takes too long, it fails with [`StoreError::Busy`]. When the server gives no answer,
/// the transaction fails with [`StoreError::Backend`] five seconds after the time that a statement may take, and its
/// connection is closed. A pool in front of the server must keep each connection for its session (PgBouncer:
/// `pool_mode = session`).
///
/// ```no_run
/// use std::sync::Arc;
/// use mdm_vpp_ports::Store;
/// use mdm_vpp_store::{postgres::PostgresStore, sealing::{KeyId, KeyRing, SealingKey}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// let keys = KeyRing::new(KeyId::new("2026-q1")?, key);
/// let store: Arc<dyn Store> = Arc::new(PostgresStore::open("postgres://mdm@localhost/mdm", keys).await?);
/// # Ok(())
/// # }
/// ```
pub struct PostgresStore {
    connections: Connections,
    keys: Arc<KeyRing>,
}

impl PostgresStore {
    /// Opens a store with the defaults of [`PostgresOptions`], without encryption, and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::parse`] and [`PostgresOptions::open_with`].
    pub async fn open(place: &str, keys: KeyRing) -> Result<Self, StoreError> {
        PostgresOptions::parse(place)?.open(keys).await
    }

    pub(super) fn on(connections: Connections, keys: KeyRing) -> Self {
        Self { connections, keys: Arc::new(keys) }
    }

    async fn transact_once(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: &dyn Decide,
    ) -> Result<(), StoreError> {
        let mut connection = self.connections.get().await?;
        let work = connection.writing()?;
        // The lock comes first, so that the decision sees what the transaction before it saved.
        let transactions = work.begin_with(tenant_rows::lock(&work, tenant)).await?;
        // Both are sent together. When the lease is over, what was read is dropped.
        let ((), (loaded, numbers)) =
            both(lease_rows::check(&work, tenant, scope.location.as_ref()), load::load(&work, tenant, scope))
                .await?;
        let loaded = Loaded { transaction: transactions, ..loaded };
        let decision = decide.decide(&loaded).map_err(|_| StoreError::Declined)?;
        if decision == Decision::default() {
            return Ok(());
        }
        let place = Place { scope: scope.location.as_ref(), numbers };
        save::save(&work, tenant, transactions, place, &decision, &self.keys).await?;
        work.commit().await
    }

    async fn due_until(
        &self,
        now: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<TenantJob>, StoreError> {
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(job_rows::due(&work, now, limit)).await
        })
        .await
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Runs a transaction again while the database asks to repeat it, a limited number of times.
pub(super) async fn with_repeats<T, F: Future<Output = Result<T, StoreError>>>(
    transaction: impl Fn() -> F,
) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match transaction().await {
            Err(error) => match meaning(&error) {
                Meaning::Repeat if tries < TRIES => tries += 1,
                Meaning::Repeat | Meaning::Busy => return Err(StoreError::Busy),
                Meaning::Failure => return Err(error),
            },
            done => return done,
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let decide = &*decide;
        with_repeats(|| self.transact_once(tenant, scope, decide)).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            let reads = both(tenant_rows::transactions_of(&work, tenant), load::load(&work, tenant, scope));
            let (transaction, (loaded, _)) = work.begin_with(reads).await?;
            Ok(Loaded { transaction, ..loaded })
        })
        .await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            work.begin_with(tenant_rows::lock_known(&work, tenant)).await?;
            let lease = lease_rows::lease(&work, tenant, location, holder, period).await?;
            work.commit().await?;
            Ok(lease)
        })
        .await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        with_repeats(|| async {
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
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(token_rows::secret(&work, tenant, location, &self.keys)).await
        })
        .await
    }

    async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError> {
        if jobs.is_empty() {
            return Ok(());
        }
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            work.begin_with(job_rows::enqueue(&work, tenant, jobs)).await?;
            work.commit().await
        })
        .await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.writing()?;
            let receipt = work.begin_with(notification_rows::record(&work, notification)).await?;
            work.commit().await?;
            Ok(receipt)
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
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(job_rows::of_location(&work, tenant, location)).await
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
        with_repeats(|| async {
            let mut connection = self.connections.get().await?;
            let work = connection.reading()?;
            work.begin_with(tenant_rows::since(&work, tenant, after, limit)).await
        })
        .await
    }
}
