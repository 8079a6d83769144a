//! Connections of a pool, and transactions on them.

use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use mdm_vpp_ports::StoreError;

use super::{
    failure::{late, not_connected},
    patience::Patience,
    work::{Begin, Work},
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

impl Connection {
    /// A transaction that writes, which is still to begin.
    pub(super) fn writing(&mut self) -> Result<Work<'_>, StoreError> {
        self.work(WRITING)
    }

    /// A transaction that reads, which is still to begin.
    pub(super) fn reading(&mut self) -> Result<Work<'_>, StoreError> {
        self.work(READING)
    }

    /// Nobody else does anything on the connection as long as this is there.
    fn work(&mut self, begin: Begin) -> Result<Work<'_>, StoreError> {
        let Self { object, patience } = self;
        Ok(Work::new(object.as_ref().ok_or_else(|| late(begin.doing))?, patience, begin))
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

/// A transaction that writes. What it reads after it waited for a lock is what the one before it saved.
const WRITING: Begin = Begin {
    doing: "beginning a transaction",
    sql: "START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
};

/// A transaction that reads everything as of one moment.
const READING: Begin =
    Begin { doing: "beginning to read", sql: "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY" };

/// Begins a transaction that writes.
pub(super) async fn begin(connection: &mut Connection) -> Result<Work<'_>, StoreError> {
    let work = connection.writing()?;
    work.begin_with(async { Ok(()) }).await?;
    Ok(work)
}
