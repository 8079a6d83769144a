//! Connections of a pool, and transactions on them.

use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use mdm_vpp_ports::StoreError;
use tokio_postgres::IsolationLevel;

use super::{
    failure::{late, not_connected},
    patience::Patience,
    work::Work,
};

/// Connections to a server, and how long the answer to a statement is waited for.
pub(super) struct Connections {
    pub(super) pool: Pool,
    pub(super) limit: Duration,
}

impl Connections {
    /// One that nobody else uses.
    pub(super) async fn get(&self) -> Result<Connection, StoreError> {
        let object = self.pool.get().await.map_err(not_connected)?;
        Ok(Connection { object: Some(object), patience: Patience::new(self.limit) })
    }
}

/// A connection. It goes back to the pool when it is dropped, unless it did not answer: then it is closed.
pub(super) struct Connection {
    object: Option<Object>,
    patience: Patience,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.patience.is_over() {
            drop(self.object.take().map(Object::take));
        }
    }
}

/// Begins a transaction that writes. What it reads after it waited for a lock is what the one before it saved.
pub(super) async fn begin(connection: &mut Connection) -> Result<Work<'_>, StoreError> {
    begin_as(connection, "beginning a transaction", IsolationLevel::ReadCommitted, false).await
}

/// Begins a transaction that reads everything as of one moment.
pub(super) async fn begin_reading(connection: &mut Connection) -> Result<Work<'_>, StoreError> {
    begin_as(connection, "beginning to read", IsolationLevel::RepeatableRead, true).await
}

async fn begin_as<'c>(
    connection: &'c mut Connection,
    doing: &'static str,
    isolation: IsolationLevel,
    reads: bool,
) -> Result<Work<'c>, StoreError> {
    let Connection { object, patience } = connection;
    let Some(object) = object else { return Err(late(doing)) };
    let builder = object.build_transaction().isolation_level(isolation).read_only(reads);
    let transaction = patience.answer(doing, builder.start()).await?;
    Ok(Work::new(transaction, patience))
}
