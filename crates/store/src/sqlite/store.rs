//! The port, each method one transaction on a blocking thread.

use std::{fmt, path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    turn::{AuditEntry, AuditPosition, Decision, Due, Loaded},
};
use mdm_vpp_ports::{Decide, Store, StoreError, StoredContentToken, TenantDue, TurnScope};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Mutex;

use super::{
    audit_rows, due_rows,
    failure::failed,
    load,
    open::{self, SqliteOptions},
    save, secret_rows,
};
use crate::sealing::KeyRing;

/// A store in a file of SQLite.
///
/// Several processes of one machine may use the same file. A call waits its turn without blocking its thread and
/// runs on a thread for blocking work, so it needs a tokio runtime. Once begun, a transaction runs to its end, also
/// when its caller no longer waits for it.
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
}

impl SqliteStore {
    /// Opens a file with the defaults of [`SqliteOptions`], creates it if there is none, and brings its schema up to
    /// date. On unix a new file is for its owner alone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a later version wrote the file; [`StoreError::Busy`] while another process changes
    /// its schema for too long; [`StoreError::Backend`] when it cannot be opened or is no database.
    pub async fn open(path: impl AsRef<Path>, keys: KeyRing) -> Result<Self, StoreError> {
        SqliteOptions::new().open(path, keys).await
    }

    /// A database without a file, for tests; what it holds ends with the store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when there is no memory for it.
    pub fn in_memory(keys: KeyRing) -> Result<Self, StoreError> {
        Ok(Self::on(open::open_in_memory()?, keys))
    }

    pub(super) fn on(connection: Connection, keys: KeyRing) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)), keys: Arc::new(keys) }
    }

    /// Runs one transaction on a thread for blocking work. It is rolled back unless `work` answers with `Ok`.
    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut connection = Arc::clone(&self.connection).lock_owned().await;
        let finished = tokio::task::spawn_blocking(move || {
            let transaction = connection.transaction_with_behavior(behavior).map_err(failed(doing))?;
            let answer = work(&transaction)?;
            transaction.commit().map_err(failed(doing))?;
            Ok(answer)
        });
        finished.await.map_err(|error| StoreError::Backend { doing, source: error.into() })?
    }

    async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(doing, TransactionBehavior::Deferred, work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(doing, TransactionBehavior::Immediate, work).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("keys", &self.keys).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn turn(
        &self,
        tenant: &TenantId,
        scope: &TurnScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let (tenant, scope, keys) = (tenant.clone(), scope.clone(), Arc::clone(&self.keys));
        self.write("taking a turn", move |transaction| {
            let loaded = load::load(transaction, &tenant, &scope)?;
            let decision = decide.decide(&loaded).map_err(|_| StoreError::Declined)?;
            if decision == Decision::default() {
                return Ok(());
            }
            save::save(transaction, &tenant, loaded.turn, &decision, &keys)
        })
        .await
    }

    async fn load(&self, tenant: &TenantId, scope: &TurnScope) -> Result<Loaded, StoreError> {
        let (tenant, scope) = (tenant.clone(), scope.clone());
        self.read("loading a tenant", move |transaction| load::load(transaction, &tenant, &scope)).await
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

    async fn note(&self, tenant: &TenantId, due: &[Due]) -> Result<(), StoreError> {
        if due.is_empty() {
            return Ok(());
        }
        let (tenant, due) = (tenant.clone(), due.to_vec());
        self.write("noting what is due", move |transaction| {
            due.iter().try_for_each(|due| due_rows::note(transaction, &tenant, due))
        })
        .await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantDue>, StoreError> {
        self.read("reading what is due", move |transaction| due_rows::due(transaction, now, limit)).await
    }

    async fn due_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Due>, StoreError> {
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
