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
    driver::failed,
    schema::{MIGRATIONS, is_ours_or_empty, migrate},
    store::{SqliteStore, on_blocking_thread},
};
use crate::{sealing::KeyRing, times::MachineClock};

const DOING: &str = "opening the file";

/// The longest busy timeout, about 24 days: SQLite counts whole milliseconds in 31 bits.
const LONGEST_BUSY_TIMEOUT: Duration = Duration::from_millis(i32::MAX.unsigned_abs() as u64);

/// The number of statements that a connection keeps prepared. Ours: the store has fewer than 60.
const PREPARED_STATEMENTS: usize = 64;

/// The pause between two attempts to switch a file to WAL while another process opens it. Ours: a switch takes a few
/// milliseconds.
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

/// A file that the operating system does not let us open.
#[derive(Debug, Error)]
#[error("cannot open `{path}`; check that its folder exists and may be written to")]
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

    /// Sets how long a transaction waits while another process writes, before it fails with [`StoreError::Busy`]; 5 seconds
    /// by default, at most 24 days.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Sets the clock by which leases end; the machine's by default. All processes that share a file need clocks that
    /// agree.
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
        let connection = on_blocking_thread(DOING, move || open_file(&path, self.busy_timeout)).await?;
        Ok(SqliteStore::on(connection, keys, self.clock))
    }
}

/// A database without a file.
pub(super) fn open_in_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory().map_err(failed(DOING))?;
    prepared(connection, Duration::ZERO)
}

fn open_file(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let cannot_open = |source| StoreError::backend(DOING, CannotOpen { path: path.to_owned(), source });
    let path = whole_path(path).map_err(cannot_open)?;
    create_for_owner_alone(&path).map_err(cannot_open)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags).map_err(failed(DOING))?;
    connection.busy_timeout(busy_timeout.min(LONGEST_BUSY_TIMEOUT)).map_err(failed(DOING))?;
    match is_ours_or_empty(&connection) {
        Ok(true) => prepared(connection, busy_timeout),
        Ok(false) => Err(StoreError::NotOurs { path: path.display().to_string() }),
        Err(StoreError::Backend { cause, .. }) if is_no_database(cause.as_ref()) => {
            Err(StoreError::NotOurs { path: path.display().to_string() })
        }
        Err(error) => Err(error),
    }
}

/// Whether SQLite says that a file is no database.
fn is_no_database(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = error.downcast_ref::<rusqlite::Error>();
    error.and_then(rusqlite::Error::sqlite_error_code) == Some(rusqlite::ErrorCode::NotADatabase)
}

/// The absolute path, because a name alone may have a special meaning to SQLite, as `:memory:` has.
fn whole_path(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

/// Creates the file if there is none, readable by its owner alone. SQLite gives the files beside it the same mode.
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
    // FULL makes a commit survive a power cut; NORMAL does not in WAL mode. A request that was written before we called
    // Apple must not be forgotten after the call.
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed(DOING))?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed(DOING))?;
    connection.pragma_update(None, "trusted_schema", false).map_err(failed(DOING))?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    migrate(&mut connection, MIGRATIONS)?;
    Ok(connection)
}

/// Switches the file to WAL, which lets others read while one writes. The switch needs the file for itself, and SQLite
/// does not wait for that, so we do.
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
mod tests {
    use super::*;

    fn number(connection: &Connection, pragma: &str) -> i64 {
        connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_connection_keeps_commits_and_references() {
        let folder = std::env::temp_dir().join(format!("mdm-vpp-store-open-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let connection = open_file(&folder.join("vpp.db"), Duration::from_millis(1_234)).unwrap();
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        assert_eq!(number(&connection, "synchronous"), 2, "FULL: a commit outlives a power cut");
        assert_eq!(number(&connection, "foreign_keys"), 1);
        assert_eq!(number(&connection, "trusted_schema"), 0);
        assert_eq!(number(&connection, "busy_timeout"), 1_234);
        drop(connection);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_busy_timeout_that_is_too_long_is_cut_to_the_longest_that_sqlite_takes() {
        let connection = prepared(Connection::open_in_memory().unwrap(), Duration::MAX).unwrap();
        assert_eq!(number(&connection, "busy_timeout"), i64::from(i32::MAX));
    }

    #[test]
    fn no_file_name_has_a_special_meaning() {
        for name in [":memory:", "file:vpp.db?mode=memory", "vpp.db"] {
            let path = whole_path(Path::new(name)).unwrap();
            assert!(path.is_absolute() && path.ends_with(name), "{path:?}");
        }
        assert!(whole_path(Path::new("")).is_err());
    }
}
