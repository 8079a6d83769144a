//! A transaction in which something is done.

use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_postgres::Object;
use futures_util::{FutureExt, future::try_join};
use mdm_vpp_ports::StoreError;
use tokio_postgres::{Row, types::ToSql};

use super::{failure::failed, patience::Patience};

/// A transaction in which something is done. It is rolled back when it is dropped, also by a caller who goes away.
///
/// The driver's own transactions cannot be used: they wait for the answer that one has begun.
pub(super) struct Work<'c> {
    client: &'c Object,
    patience: &'c Patience,
    begin: Begin,
    is_begun: AtomicBool,
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begin {
    pub(super) doing: &'static str,
    pub(super) sql: &'static str,
}

/// The parameters of a statement.
pub(super) type Parameters<'p> = &'p [&'p (dyn ToSql + Sync)];

/// Statements that do the same thing.
pub(super) struct Doing<'w, 'c> {
    work: &'w Work<'c>,
    doing: &'static str,
}

impl<'c> Work<'c> {
    /// Nothing is sent yet.
    pub(super) const fn new(client: &'c Object, patience: &'c Patience, begin: Begin) -> Self {
        Self { client, patience, begin, is_begun: AtomicBool::new(false) }
    }

    /// Begins the transaction and does the first thing in it: the first statement is sent without waiting for the answer
    /// that the transaction has begun, any other behind that answer.
    pub(super) async fn begin_with<T>(
        &self,
        first: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let begin = async {
            self.is_begun.store(true, Ordering::Relaxed);
            self.patience.answer(self.begin.doing, self.client.batch_execute(self.begin.sql)).await
        };
        // Statements go in the order in which their futures are polled first. Who is told that it did not begin does not
        // poll what would go on.
        try_join(begin, Box::pin(first)).await.map(|((), done)| done)
    }

    /// No statement is sent outside of the transaction, where it would be saved by itself.
    fn in_transaction(&self) -> &Self {
        debug_assert!(self.is_begun.load(Ordering::Relaxed), "a statement before the transaction has begun");
        self
    }

    /// Statements that do this.
    pub(super) const fn doing(&self, doing: &'static str) -> Doing<'_, 'c> {
        Doing { work: self, doing }
    }

    /// Ends the transaction with all that was done.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let doing = "committing, so whether it was saved is only known by reading again";
        // Whether it was sent is not known to a caller who goes away: it is not taken back.
        self.is_begun.store(false, Ordering::Relaxed);
        self.patience.answer(doing, self.client.batch_execute("COMMIT")).await
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        if self.is_begun.load(Ordering::Relaxed) {
            // It is sent when it is polled first. Nobody waits for the answer.
            drop(self.client.batch_execute("ROLLBACK").now_or_never());
        }
    }
}

impl Doing<'_, '_> {
    /// The rows that a statement gives.
    pub(super) async fn rows(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        let Work { client, patience, .. } = self.work.in_transaction();
        let statement = patience.answer(self.doing, client.prepare_cached(sql)).await?;
        patience.answer(self.doing, client.query(&statement, parameters)).await
    }

    /// The row that a statement gives, if it gives one.
    pub(super) async fn row(&self, sql: &str, parameters: Parameters<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, parameters).await?.into_iter().next())
    }

    /// How many rows a statement changes.
    pub(super) async fn change(&self, sql: &str, parameters: Parameters<'_>) -> Result<u64, StoreError> {
        let Work { client, patience, .. } = self.work.in_transaction();
        let statement = patience.answer(self.doing, client.prepare_cached(sql)).await?;
        patience.answer(self.doing, client.execute(&statement, parameters)).await
    }

    /// Runs statements without parameters, which may take as long as they need.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.work.in_transaction().client.batch_execute(sql).await.map_err(failed(self.doing))
    }
}
