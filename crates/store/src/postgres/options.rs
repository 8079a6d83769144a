//! How a store on PostgreSQL is opened.

use std::{fmt, time::Duration};

use mdm_vpp_ports::StoreError;
use tokio_postgres::{Config, NoTls, config::SslMode};

use super::{
    connect::{Connector, Session, connections},
    place_error::PlaceError,
    schema::{MIGRATIONS, migrate},
    schema_name::SchemaName,
    store::{PostgresStore, settled},
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
    /// Where the server is: a URL (`postgres://user:password@host:5432/database`) or words
    /// (`host=... user=... dbname=...`), as PostgreSQL's own programs take them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Backend`] when the text is neither. Nothing of the text is in the error, for it may hold a password.
    pub fn parse(place: &str) -> Result<Self, StoreError> {
        let config = place.parse().map_err(|_| PlaceError::Unreadable.while_reading())?;
        let session = Session {
            schema: SchemaName::default(),
            busy_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        };
        Ok(Self { config, connections: 10, session })
    }

    /// The schema that holds the tables, for this software alone; `mdm_vpp` by default.
    #[must_use]
    pub fn schema(mut self, name: SchemaName) -> Self {
        self.session.schema = name;
        self
    }

    /// How many connections this process holds at most; 10 by default, at least 1.
    #[must_use]
    pub const fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// How long a transaction waits for a connection, or for a lock that another holds, before it fails with
    /// [`StoreError::Busy`]; 5 seconds by default.
    #[must_use]
    pub const fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.session.busy_timeout = timeout;
        self
    }

    /// How long one statement may take before it fails with [`StoreError::Busy`], and a transaction may stand still
    /// before the server ends it; 30 seconds by default. A server that gives no answer at all is waited for
    /// a few seconds longer; then the transaction fails with [`StoreError::Backend`], and its connection is closed.
    #[must_use]
    pub const fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.session.statement_timeout = timeout;
        self
    }

    /// Opens the store and brings its schema up to date. Nothing is encrypted on the way: for a socket of this machine,
    /// or a network that nobody listens in.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn open(self, keys: KeyRing) -> Result<PostgresStore, StoreError> {
        self.open_over(NoTls, keys).await
    }

    /// Opens the store over encrypted connections alone and brings its schema up to date. A server that offers no
    /// encryption is refused, whatever `sslmode` says, and so is `sslmode=disable`. A schema that is up to date is only read,
    /// so an account that may not change the schema is enough once [`PostgresOptions::migrate_with`] was called.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a later version wrote the schema; [`StoreError::Busy`] while another process changes
    /// it for too long; [`StoreError::Backend`] when there is no way to the server, or no right to change the schema.
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
        settled(|| async {
            let mut connection = connections.get().await?;
            migrate(&mut connection, &schema, MIGRATIONS).await
        })
        .await?;
        Ok(PostgresStore::on(connections, keys))
    }

    /// Brings the schema up to date and opens nothing: for a step before the servers of a new version start, under an
    /// account that may change the schema. Nothing is encrypted on the way.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn migrate(self) -> Result<(), StoreError> {
        self.migrate_over(NoTls).await
    }

    /// The same over an encrypted connection alone, as [`PostgresOptions::open_with`] does.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresOptions::open_with`].
    pub async fn migrate_with(self, connector: impl Connector) -> Result<(), StoreError> {
        self.encrypted()?.migrate_over(connector).await
    }

    /// With `sslmode=prefer`, the driver's default, whoever stands between would only have to say that the server offers
    /// no encryption, to read everything.
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
        settled(|| async {
            let mut connection = connections.get().await?;
            migrate(&mut connection, &schema, MIGRATIONS).await
        })
        .await
    }
}
