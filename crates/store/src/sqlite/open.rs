//! Opening a database file.

use std::{
    fmt,
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use mdm_vpp_ports::{Clock, StoreError};
use rusqlite::{Connection, OpenFlags};
use thiserror::Error;

use super::{
    failure::failed,
    schema::{MIGRATIONS, is_ours_or_empty, migrate},
    store::SqliteStore,
};
use crate::{machine_clock::MachineClock, sealing::KeyRing};

const DOING: &str = "opening the file";

/// SQLite counts whole milliseconds in 32 bits.
const LONGEST_BUSY_TIMEOUT: Duration = Duration::from_millis(i32::MAX.unsigned_abs() as u64);

/// How many statements a connection keeps prepared; all of ours fit.
const PREPARED_STATEMENTS: usize = 64;

/// How often opening asks again while somebody else opens the same file.
const OPENING_PAUSE: Duration = Duration::from_millis(10);

/// How a [`SqliteStore`] is opened.
///
/// ```
/// use std::time::Duration;
/// use mdm_vpp_store::sqlite::SqliteOptions;
///
/// let options = SqliteOptions::new().busy_timeout(Duration::from_secs(10));
/// ```
#[derive(Clone)]
pub struct SqliteOptions {
    busy_timeout: Duration,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SqliteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteOptions").field("busy_timeout", &self.busy_timeout).finish_non_exhaustive()
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), clock: Arc::new(MachineClock) }
    }
}

/// A file that cannot be opened.
#[derive(Debug, Error)]
#[error("cannot open `{path}`: check that its folder exists and may be written to")]
struct CannotOpen {
    path: PathBuf,
    source: io::Error,
}

impl SqliteOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a transaction waits while another process writes, before it fails with [`StoreError::Busy`];
    /// 5 seconds by default, at most 24 days.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Another clock than the machine's. Leases end by it, so all processes that share a file need clocks that agree.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Opens a file, as [`SqliteStore::open`] does.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteStore::open`].
    pub async fn open(self, path: impl AsRef<Path>, keys: KeyRing) -> Result<SqliteStore, StoreError> {
        let path = path.as_ref().to_owned();
        let opened = tokio::task::spawn_blocking(move || open_file(&path, self.busy_timeout)).await;
        let connection =
            opened.map_err(|error| StoreError::Backend { doing: DOING, source: error.into() })??;
        Ok(SqliteStore::on(connection, keys, self.clock))
    }
}

/// A database without a file.
pub(super) fn open_in_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory().map_err(failed(DOING))?;
    prepared(connection, Duration::ZERO)
}

fn open_file(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let cannot_open = |source| StoreError::Backend {
        doing: DOING,
        source: Box::new(CannotOpen { path: path.to_owned(), source }),
    };
    let path = whole_path(path).map_err(cannot_open)?;
    create_for_owner_alone(&path).map_err(cannot_open)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags).map_err(failed(DOING))?;
    connection.busy_timeout(busy_timeout.min(LONGEST_BUSY_TIMEOUT)).map_err(failed(DOING))?;
    match is_ours_or_empty(&connection) {
        Ok(true) => prepared(connection, busy_timeout),
        Ok(false) => Err(StoreError::NotOurs { path: path.display().to_string() }),
        Err(StoreError::Backend { source, .. }) if is_no_database(source.as_ref()) => {
            Err(StoreError::NotOurs { path: path.display().to_string() })
        }
        Err(error) => Err(error),
    }
}

/// Whether SQLite says that a file is none of its databases.
fn is_no_database(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = error.downcast_ref::<rusqlite::Error>();
    error.and_then(rusqlite::Error::sqlite_error_code) == Some(rusqlite::ErrorCode::NotADatabase)
}

/// The path from the root on, so that no name has a meaning of its own to SQLite, as `:memory:` has.
fn whole_path(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

/// Creates the file if there is none, for its owner alone. SQLite gives the files beside it the same mode.
fn create_for_owner_alone(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn prepared(mut connection: Connection, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let busy_timeout = busy_timeout.min(LONGEST_BUSY_TIMEOUT);
    connection.busy_timeout(busy_timeout).map_err(failed(DOING))?;
    switch_to_wal(&connection, busy_timeout)?;
    // FULL: a commit outlives a power cut. What we wrote before we called Apple must not be forgotten afterwards,
    // which NORMAL allows in WAL mode.
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed(DOING))?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed(DOING))?;
    connection.pragma_update(None, "trusted_schema", false).map_err(failed(DOING))?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    migrate(&mut connection, MIGRATIONS)?;
    Ok(connection)
}

/// WAL lets others read while one writes. Changing to it needs the file for itself, and SQLite does not wait for
/// that, so this does.
fn switch_to_wal(connection: &Connection, busy_timeout: Duration) -> Result<(), StoreError> {
    let mut waited = Duration::ZERO;
    loop {
        let switched =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match switched.map_err(failed(DOING)) {
            Err(StoreError::Busy) if waited < busy_timeout => {
                thread::sleep(OPENING_PAUSE);
                waited = waited.saturating_add(OPENING_PAUSE);
            }
            Err(error) => return Err(error),
            // In memory there is no file to switch.
            Ok(_) => return Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
