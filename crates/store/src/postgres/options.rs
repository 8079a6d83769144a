//! How a store on PostgreSQL is opened, and why a connection text is refused.

use std::{fmt, time::Duration};

use mdm_vpp_ports::StoreError;
use tokio_postgres::{Config, NoTls, config::SslMode};

use super::{
    connect::{Connector, Session, connections},
    schema::{MIGRATIONS, migrate},
    schema_name::SchemaName,
    store::{PostgresStore, with_repeats},
};
use crate::sealing::KeyRing;

/// How a [`PostgresStore`] is opened.
///
/// ```no_run
/// use mdm_vpp_store::{postgres::{PostgresOptions, SchemaName}, sealing::KeyRing};
///
/// # async fn open(keys: KeyRing) -> Result<(), Box<dyn std::error::Error>> {
/// let options = PostgresOptions::parse("postgres://mdm@db.internal/mdm")?
///     .schema(SchemaName::new("licenses")?)
///     .connections(8);
/// let store = options.open(keys).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresOptions {
    config: Config,
    connections: usize,
    session: Session,
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PostgresOptions");
        shown.field("connections", &self.connections).field("session", &self.session).finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// Reads the connection text of a server: a URL (`postgres://user:password@host:5432/database`) or words
    /// (`host=... user=... dbname=...`), as PostgreSQL's own programs take them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when the text is neither. The error quotes nothing of the text, which may hold a password.
    pub fn parse(place: &str) -> Result<Self, StoreError> {
        let config = place.parse().map_err(|_| PlaceError::Unreadable.while_reading())?;
        let session = Session {
            schema: SchemaName::default(),
            busy_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        };
        Ok(Self { config, connections: 10, session })
    }

    /// Sets the schema that holds the tables, for this software alone; `mdm_vpp` by default.
    #[must_use]
    pub fn schema(mut self, name: SchemaName) -> Self {
        self.session.schema = name;
        self
    }

    /// Sets the largest number of connections of this process; 10 by default, at least 1.
    #[must_use]
    pub const fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// Sets how long a transaction waits for a connection, or for a lock that another process holds, before it fails with
    /// [`StoreError::Busy`]; 5 seconds by default.
    #[must_use]
    pub const fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.session.busy_timeout = timeout;
        self
    }

    /// Sets how long one statement may take before it fails with [`StoreError::Busy`], and how long a transaction may stand
    /// still before the server ends it; 30 seconds by default. When the server gives no answer for five seconds more, the
    /// transaction fails with [`StoreError::Backend`] and its connection is closed.
    #[must_use]
    pub const fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.session.statement_timeout = timeout;
        self
    }

    /// Opens the store without encryption and brings its schema up to date: for a socket of this machine, or a network that
    /// no other party can read.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn open(self, keys: KeyRing) -> Result<PostgresStore, StoreError> {
        self.open_over(NoTls, keys).await
    }

    /// Opens the store over encrypted connections alone and brings its schema up to date. A server without encryption is
    /// refused, whatever `sslmode` says, and so is `sslmode=disable`. A schema that is up to date is only read, so after
    /// [`PostgresOptions::migrate_with`] an account without the right to change the schema is enough.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a later version wrote the schema; [`StoreError::Busy`] when another process changes it
    /// for too long; [`StoreError::NoRuntime`] outside of a tokio runtime; [`StoreError::Backend`] when the server cannot be
    /// reached, or the account may not change the schema.
    pub async fn open_with(
        self,
        connector: impl Connector,
        keys: KeyRing,
    ) -> Result<PostgresStore, StoreError> {
        self.encrypted()?.open_over(connector, keys).await
    }

    async fn open_over(self, connector: impl Connector, keys: KeyRing) -> Result<PostgresStore, StoreError> {
        let schema = self.session.schema.clone();
        let connections = connections(self.config, connector, self.connections, self.session)?;
        with_repeats(|| async {
            let mut connection = connections.get().await?;
            migrate(&mut connection, &schema, MIGRATIONS).await
        })
        .await?;
        Ok(PostgresStore::on(connections, keys))
    }

    /// Brings the schema up to date without encryption and opens no store: for a step before the servers of a new version
    /// start, under an account that may change the schema.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn migrate(self) -> Result<(), StoreError> {
        self.migrate_over(NoTls).await
    }

    /// Brings the schema up to date as [`PostgresOptions::migrate`] does, over an encrypted connection alone.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn migrate_with(self, connector: impl Connector) -> Result<(), StoreError> {
        self.encrypted()?.migrate_over(connector).await
    }

    /// Requires encryption. With `sslmode=prefer`, the driver's default, a party in the middle could read everything by
    /// claiming that the server offers none.
    fn encrypted(mut self) -> Result<Self, StoreError> {
        if self.config.get_ssl_mode() == SslMode::Disable {
            return Err(PlaceError::Disabled.while_reading());
        }
        self.config.ssl_mode(SslMode::Require);
        Ok(self)
    }

    async fn migrate_over(self, connector: impl Connector) -> Result<(), StoreError> {
        let schema = self.session.schema.clone();
        let connections = connections(self.config, connector, 1, self.session)?;
        with_repeats(|| async {
            let mut connection = connections.get().await?;
            migrate(&mut connection, &schema, MIGRATIONS).await
        })
        .await
    }
}

/// The reason why a connection text is refused. The driver's own errors quote parts of the text, and what the driver takes
/// for an option may be a part of the password.
#[derive(Debug, thiserror::Error)]
enum PlaceError {
    #[error(
        "the text is neither a URL (`postgres://user:password@host:5432/database`) nor words (`host=... user=... dbname=...`) \
         whose options and values PostgreSQL knows: correct it; in a URL, each `@`, `/`, `?`, `#` and `%` of a name or \
         password is written as `%40`, `%2F`, `%3F`, `%23` and `%25`"
    )]
    Unreadable,
    #[error("the text says `sslmode=disable`, but encrypted connections are asked for: remove it")]
    Disabled,
}

impl PlaceError {
    fn while_reading(self) -> StoreError {
        StoreError::backend("reading the connection text", self)
    }
}
