//! The store in a file, whose transactions run one after the other on a thread for blocking work.

use std::{fmt, path::Path, sync::Arc};

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
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::{runtime::Handle, sync::Mutex};

use super::{
    driver::failed,
    job_rows, lease_rows, load, notification_rows,
    open::{self, SqliteOptions},
    save, tenant_rows, token_rows,
};
use crate::{sealing::KeyRing, times::MachineClock};

/// A store in a file of SQLite.
///
/// Several processes of one machine may use the same file. Transactions run one after the other on a tokio thread for
/// blocking work, so no call blocks its own thread. Outside of a tokio runtime a call fails with
/// [`StoreError::NoRuntime`]. A transaction that has begun runs to its end, even when its caller no longer waits for it.
///
/// ```
/// use std::sync::Arc;
/// use mdm_vpp_ports::Store;
/// use mdm_vpp_store::{sealing::{KeyId, KeyRing, SealingKey}, sqlite::SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("mdm-vpp-doctest-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let key = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// let keys = KeyRing::new(KeyId::new("2026-q1")?, key);
/// let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.join("vpp.db"), keys).await?);
/// assert_eq!(store.next_due().await?, None);
/// # drop(store);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
pub struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens a file with the defaults of [`SqliteOptions`], creates it if there is none, and brings its schema up to
    /// date. On Unix only its owner may read a new file.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a later version wrote the file; [`StoreError::NotOurs`] when another program did;
    /// [`StoreError::Busy`] when another process changes the schema for too long; [`StoreError::NoRuntime`] outside of a
    /// tokio runtime; [`StoreError::Backend`] when the file cannot be opened.
    pub async fn open(path: impl AsRef<Path>, keys: KeyRing) -> Result<Self, StoreError> {
        SqliteOptions::new().open(path, keys).await
    }

    /// Opens a database without a file, for tests. What it holds ends with the store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when there is no memory for it.
    pub fn in_memory(keys: KeyRing) -> Result<Self, StoreError> {
        Ok(Self::on(open::open_in_memory()?, keys, Arc::new(MachineClock)))
    }

    pub(super) fn on(connection: Connection, keys: KeyRing, clock: Arc<dyn Clock>) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)), keys: Arc::new(keys), clock }
    }

    /// Runs one transaction on a thread for blocking work. It is rolled back unless `work` answers with `Ok`.
    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut connection = Arc::clone(&self.connection).lock_owned().await;
        on_blocking_thread(doing, move || {
            let transaction = connection.transaction_with_behavior(behavior).map_err(failed(doing))?;
            let answer = work(&transaction)?;
            transaction.commit().map_err(failed(doing))?;
            Ok(answer)
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(doing, TransactionBehavior::Deferred, work).await
    }

    /// Takes the write lock when the transaction begins. A transaction that read first and then asked for the lock could
    /// find that another process wrote meanwhile, and would fail without a chance to wait.
    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(doing, TransactionBehavior::Immediate, work).await
    }
}

/// Does blocking work on a thread of the runtime for it. A panic in it is an error.
pub(super) async fn on_blocking_thread<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // `tokio::task::spawn_blocking` would panic without a runtime.
    let runtime = Handle::try_current().map_err(|_| StoreError::NoRuntime { database: "SQLite" })?;
    runtime.spawn_blocking(work).await.map_err(|error| StoreError::backend(doing, error))?
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("keys", &self.keys).finish_non_exhaustive()
    }
}

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
        self.write("running a transaction", move |transaction| {
            if let Some(location) = &scope.location {
                lease_rows::check(transaction, &tenant, location, clock.now())?;
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
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let (tenant, location, holder) = (tenant.clone(), location.clone(), holder.clone());
        let clock = Arc::clone(&self.clock);
        self.write("leasing a location", move |transaction| {
            lease_rows::lease(transaction, &tenant, &location, &holder, clock.now(), period)
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
            token_rows::open_secret(transaction, &tenant, &location, &keys)
        })
        .await
    }

    async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let (tenant, jobs) = (tenant.clone(), jobs.to_vec());
        self.write("enqueueing jobs", move |transaction| {
            jobs.iter().try_for_each(|job| job_rows::enqueue(transaction, &tenant, job))
        })
        .await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        let notification = notification.clone();
        self.write("recording a notification", move |transaction| {
            notification_rows::record(transaction, &notification)
        })
        .await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.read("reading jobs", move |transaction| job_rows::due(transaction, now, limit)).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        let (tenant, location) = (tenant.clone(), location.clone());
        self.read("reading jobs", move |transaction| job_rows::of_location(transaction, &tenant, &location))
            .await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("reading jobs", job_rows::next_due).await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let tenant = tenant.clone();
        self.read("reading the audit log", move |transaction| {
            tenant_rows::since(transaction, &tenant, after, limit)
        })
        .await
    }
}
