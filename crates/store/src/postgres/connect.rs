//! Connections to a server.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use mdm_vpp_ports::StoreError;
use tokio::time::timeout;
use tokio_postgres::{
    Client, Config, Error, Socket,
    tls::{MakeTlsConnect, TlsConnect},
};

use super::{
    connection::{Connections, MARGIN},
    schema_name::SchemaName,
};

/// Encrypts connections: a connector of `tokio-postgres`, for example of `tokio-postgres-rustls`.
pub trait Connector:
    MakeTlsConnect<Socket, Stream: Send + Sync, TlsConnect: Send + Sync + TlsConnect<Socket, Future: Send>>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> Connector for T where
    T: MakeTlsConnect<
            Socket,
            Stream: Send + Sync,
            TlsConnect: Send + Sync + TlsConnect<Socket, Future: Send>,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// How long a server that does not answer is waited for, unless the connection text says otherwise. Ours: enough for
/// a server that restarts, and short enough for a worker to go on with other work.
const PATIENCE: Duration = Duration::from_secs(30);

/// The settings of each connection.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) schema: SchemaName,
    pub(super) busy_timeout: Duration,
    pub(super) statement_timeout: Duration,
}

/// A pool of at most `most` connections, which are made when they are needed.
pub(super) fn connections(
    config: Config,
    connector: impl Connector,
    most: usize,
    session: Session,
) -> Result<Connections, StoreError> {
    let config = impatient(config);
    let (waits, creating) = (session.busy_timeout, time_to_connect(&config));
    let limit = session.statement_timeout.saturating_add(MARGIN);
    let manager =
        Manager::from_config(config, connector, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let set = Hook::async_fn(move |client, _| {
        let session = session.clone();
        Box::pin(async move {
            let set = timeout(limit, session.set(client)).await;
            set.map_err(|_| HookError::message("no answer"))?.map_err(HookError::Backend)
        })
    });
    let built = Pool::builder(manager)
        .max_size(most.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(waits))
        .create_timeout(Some(creating))
        .post_create(set)
        .build();
    let failed = |error| StoreError::backend("preparing connections", error);
    Ok(Connections { pool: built.map_err(failed)?, limit })
}

/// How long connecting may take in all. The driver limits only how long each server takes to be reached, and then waits
/// for its greeting without a limit.
fn time_to_connect(config: &Config) -> Duration {
    let servers = config.get_hosts().len().max(config.get_hostaddrs().len()).max(1);
    let each = config.get_connect_timeout().copied().unwrap_or(PATIENCE);
    each.saturating_mul(u32::try_from(servers).unwrap_or(u32::MAX)).saturating_add(MARGIN)
}

/// Notices within half a minute that a server is gone, unless the connection text says otherwise. Without these settings
/// the operating system waits for minutes or hours.
fn impatient(mut config: Config) -> Config {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(PATIENCE);
    }
    if config.get_keepalives_idle() > PATIENCE {
        config.keepalives_idle(PATIENCE);
    }
    config
}

impl Session {
    async fn set(&self, client: &Client) -> Result<(), Error> {
        // The schema of temporary tables comes last, so that none of them hides a table of ours. A commit must survive a
        // power cut, because a request that was written before we called Apple must not be forgotten after the call. A
        // process that stands still in a transaction must not keep a tenant's lock for longer than a statement may take.
        let sql = "SELECT set_config('search_path', $1, false),
                          set_config('lock_timeout', $2, false),
                          set_config('statement_timeout', $3, false),
                          set_config('idle_in_transaction_session_timeout', $3, false),
                          CASE WHEN current_setting('synchronous_commit') = 'off'
                               THEN set_config('synchronous_commit', 'on', false) END";
        let path = format!("{}, pg_temp", self.schema.quoted());
        let (busy, statement) = (milliseconds(self.busy_timeout), milliseconds(self.statement_timeout));
        client.query_one(sql, &[&path, &busy, &statement]).await.map(drop)
    }
}

/// A time as the server takes it, at least one millisecond, because it takes 0 for no limit.
fn milliseconds(time: Duration) -> String {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX).max(1).to_string()
}
