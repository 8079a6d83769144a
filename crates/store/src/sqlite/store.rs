//! A store in a file, whose transactions run one after the other on a thread for blocking work.

use std::{fmt, path::Path, sync::Arc};

use mdm_vpp_ports::{Clock, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Mutex;

use super::{
    failure::failed,
    open::{self, SqliteOptions},
};
use crate::{machine_clock::MachineClock, sealing::KeyRing};

/// A store in a file of SQLite.
///
/// Several processes of one machine may use the same file. A call waits its transaction without blocking its thread and
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
    pub(super) keys: Arc<KeyRing>,
    pub(super) clock: Arc<dyn Clock>,
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
        let finished = tokio::task::spawn_blocking(move || {
            let transaction = connection.transaction_with_behavior(behavior).map_err(failed(doing))?;
            let answer = work(&transaction)?;
            transaction.commit().map_err(failed(doing))?;
            Ok(answer)
        });
        finished.await.map_err(|error| StoreError::Backend { doing, source: error.into() })?
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(doing, TransactionBehavior::Deferred, work).await
    }

    pub(super) async fn write<T: Send + 'static>(
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
