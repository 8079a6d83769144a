//! A store in a database, whose transactions run on connections of a pool.

use std::{fmt, sync::Arc};

use deadpool_postgres::{Object, Pool};
use mdm_vpp_ports::StoreError;
use tokio_postgres::IsolationLevel;

use super::{
    failure::{Meaning, failed, meaning, not_connected},
    options::PostgresOptions,
    work::Work,
};
use crate::sealing::KeyRing;

/// How often a transaction is tried that the database asks to repeat.
const TRIES: u32 = 5;

/// A store in a database of PostgreSQL 13 or newer, whose encoding is UTF-8.
///
/// Any number of processes and machines may use the same schema. Leases end by the clock of the server. Calls need a tokio
/// runtime. A call whose caller no longer waits for it is rolled back, unless it was committing already. A transaction
/// that the database asks to repeat, because of others, is repeated a few times; afterwards, and when a lock takes too long,
/// it fails with [`StoreError::Busy`]. A pool in front of the server must keep each connection for its session
/// (PgBouncer: `pool_mode = session`).
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
    pool: Pool,
    pub(super) keys: Arc<KeyRing>,
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

    pub(super) fn on(pool: Pool, keys: KeyRing) -> Self {
        Self { pool, keys: Arc::new(keys) }
    }

    pub(super) async fn connection(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(not_connected)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Begins a transaction that writes. What it reads after it waited for a lock is what the one before it saved.
pub(super) async fn begin(connection: &mut Object) -> Result<Work<'_>, StoreError> {
    let builder = connection.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    builder.start().await.map(Work::new).map_err(failed("beginning a transaction"))
}

/// Begins a transaction that reads everything as of one moment.
pub(super) async fn begin_reading(connection: &mut Object) -> Result<Work<'_>, StoreError> {
    let builder =
        connection.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    builder.start().await.map(Work::new).map_err(failed("beginning to read"))
}

/// Tries a transaction until it is not asked to be repeated any more.
pub(super) async fn settled<T, F: Future<Output = Result<T, StoreError>>>(
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
