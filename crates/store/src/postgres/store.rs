//! A store in a database, whose transactions run on connections of a pool.

use std::{fmt, sync::Arc};

use mdm_vpp_ports::StoreError;

use super::{
    connection::Connections,
    failure::{Meaning, meaning},
    options::PostgresOptions,
};
use crate::sealing::KeyRing;

/// How often a transaction is tried that the database asks to repeat.
const TRIES: u32 = 5;

/// A store in a database of PostgreSQL 13 or newer, whose encoding is UTF-8.
///
/// Any number of processes and machines may use the same schema. Leases end by the clock of the server. Calls need a tokio
/// runtime. A call whose caller no longer waits for it is rolled back, unless it was committing already. A transaction
/// that the database asks to repeat, because of others, is repeated a few times; afterwards, and when a lock takes too long,
/// it fails with [`StoreError::Busy`]. One that the server does not answer at all fails with [`StoreError::Backend`], a few
/// seconds after the time that a statement may take; its connection is closed. A pool in front of the server must keep each
/// connection for its session (PgBouncer: `pool_mode = session`).
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
    pub(super) connections: Connections,
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

    pub(super) fn on(connections: Connections, keys: KeyRing) -> Self {
        Self { connections, keys: Arc::new(keys) }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("keys", &self.keys).finish_non_exhaustive()
    }
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
