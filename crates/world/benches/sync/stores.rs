//! The stores that are measured, and the bytes of their seats.

use std::{path::PathBuf, sync::Arc};

use mdm_vpp_ports::Store;
use mdm_vpp_store::{
    postgres::PostgresStore,
    sealing::{KeyId, KeyRing, SealingKey},
    sqlite::SqliteStore,
};
use mdm_vpp_world::BoxError;
use postgres_for_tests::{Disk, Server};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A database and the store on it. A file is deleted when this is dropped; a server ends with the process.
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) store: Arc<dyn Store>,
    place: Place,
}

/// The kind of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

enum Place {
    File(TempDir),
    Server(Server),
}

impl Kind {
    pub(crate) const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

fn keys() -> Result<KeyRing, BoxError> {
    Ok(KeyRing::new(KeyId::new("bench")?, SealingKey::parse("00112233".repeat(8))?))
}

impl Database {
    /// Creates an empty database whose commits wait for the disk, as in production.
    pub(crate) async fn new(kind: Kind) -> Result<Self, BoxError> {
        let (store, place): (Arc<dyn Store>, _) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir()?;
                (
                    Arc::new(SqliteStore::open(folder.path().join("vpp.db"), keys()?).await?),
                    Place::File(folder),
                )
            }
            Kind::Postgres => {
                let server = Server::of_its_own(Disk::Waited)?;
                (Arc::new(PostgresStore::open(server.url(), keys()?).await?), Place::Server(server))
            }
        };
        Ok(Self { kind, store, place })
    }

    /// The file of a SQLite database.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File(folder) => Some(folder.path().join("vpp.db")),
            Place::Server(_) => None,
        }
    }

    /// The bytes of the seats, all indexes included.
    pub(crate) async fn bytes_of_seats(&self) -> Result<u64, BoxError> {
        match &self.place {
            Place::File(folder) => {
                let connection = Connection::open(folder.path().join("vpp.db"))?;
                let sql = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('seats', 'seats_by_next_action')";
                Ok(u64::try_from(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)?)
            }
            Place::Server(server) => {
                let (client, connection) = tokio_postgres::connect(server.url(), NoTls).await?;
                let connection = tokio::spawn(connection);
                let sql = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
                           WHERE relname = 'seats' AND relkind = 'r'";
                let bytes: i64 = client.query_one(sql, &[]).await?.try_get(0)?;
                connection.abort();
                Ok(u64::try_from(bytes)?)
            }
        }
    }

    /// The URL of a PostgreSQL server, with name and password.
    pub(crate) fn url(&self) -> Option<&str> {
        match &self.place {
            Place::File(_) => None,
            Place::Server(server) => Some(server.url()),
        }
    }
}
