//! Connections of a pool, transactions on them, and how long their answers are waited for.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use deadpool_postgres::{Object, Pool};
use mdm_vpp_ports::StoreError;
use tokio::{runtime::Handle, time::timeout};
use tokio_postgres::Error;

use super::{
    driver::{failed, late, not_connected},
    work::{Begin, Work},
};

/// Connections to a server, with how long the answer to a statement is waited for.
pub(super) struct Connections {
    pub(super) pool: Pool,
    pub(super) limit: Duration,
}

impl Connections {
    /// A connection that no other transaction uses.
    pub(super) async fn get(&self) -> Result<Connection, StoreError> {
        // The pool needs tokio's timers, which panic without a runtime.
        Handle::try_current().map_err(|_| StoreError::NoRuntime { database: "PostgreSQL" })?;
        let object = self.pool.get().await.map_err(not_connected)?;
        Ok(Connection { object: Some(object), patience: Patience::new(self.limit) })
    }
}

impl Connection {
    /// A transaction that writes and has not begun yet.
    pub(super) fn writing(&mut self) -> Result<Work<'_>, StoreError> {
        self.work(WRITING)
    }

    /// A transaction that reads and has not begun yet.
    pub(super) fn reading(&mut self) -> Result<Work<'_>, StoreError> {
        self.work(READING)
    }

    /// The borrow keeps the connection for this transaction alone.
    fn work(&mut self, begin: Begin) -> Result<Work<'_>, StoreError> {
        let Self { object, patience } = self;
        Ok(Work::new(object.as_ref().ok_or_else(|| late(begin.doing))?, patience, begin))
    }
}

/// A connection. Dropping it gives it back to the pool, or closes it when an answer did not come in time.
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

/// How a transaction that writes begins. With READ COMMITTED, what it reads after it waited for the tenant's lock is what
/// the transaction before it saved; a snapshot from before the wait would miss it.
const WRITING: Begin = Begin {
    doing: "beginning a transaction",
    sql: "START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
};

/// How a transaction that reads begins: everything is as of one moment.
const READING: Begin =
    Begin { doing: "beginning to read", sql: "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY" };

/// Begins a transaction that writes.
pub(super) async fn begin(connection: &mut Connection) -> Result<Work<'_>, StoreError> {
    let work = connection.writing()?;
    work.begin_with(async { Ok(()) }).await?;
    Ok(work)
}

/// How much later than the server we give up. Ours: five seconds let the server report first that something took too
/// long, because its report says more.
pub(super) const MARGIN: Duration = Duration::from_secs(5);

/// How long the answers of a connection are waited for, so that a server that stands still blocks no call for ever.
pub(super) struct Patience {
    limit: Duration,
    answers: AtomicU64,
    is_over: AtomicBool,
}

impl Patience {
    pub(super) const fn new(limit: Duration) -> Self {
        Self { limit, answers: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    /// Whether an answer did not come in time. The connection must not be used any more then.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Waits for an answer.
    pub(super) fn answer<T>(
        &self,
        doing: &'static str,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> impl Future<Output = Result<T, StoreError>> {
        // A box keeps nested futures from growing until no stack has room for them.
        let mut asked = Box::pin(asked);
        async move {
            while !self.is_over() {
                let before = self.answers.load(Ordering::Relaxed);
                if let Ok(answer) = timeout(self.limit, asked.as_mut()).await {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                    return answer.map_err(failed(doing));
                }
                // Statements that were sent together are answered one after the other, and each may take its full time.
                if self.answers.load(Ordering::Relaxed) == before {
                    self.is_over.store(true, Ordering::Relaxed);
                }
            }
            Err(late(doing))
        }
    }
}
