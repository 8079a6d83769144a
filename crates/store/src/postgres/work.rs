//! A transaction in which something is done.

use deadpool_postgres::Transaction;
use mdm_vpp_ports::StoreError;
use tokio_postgres::{Row, types::ToSql};

use super::{failure::failed, patience::Patience};

/// A transaction in which something is done. It is rolled back when it is dropped, also by a caller who goes away.
pub(super) struct Work<'c> {
    transaction: Transaction<'c>,
    patience: &'c Patience,
}

/// The parameters of a statement.
pub(super) type Parameters<'p> = &'p [&'p (dyn ToSql + Sync)];

/// Statements that do the same thing.
pub(super) struct Doing<'w, 'c> {
    work: &'w Work<'c>,
    doing: &'static str,
}

impl<'c> Work<'c> {
    pub(super) const fn new(transaction: Transaction<'c>, patience: &'c Patience) -> Self {
        Self { transaction, patience }
    }

    /// Statements that do this.
    pub(super) const fn doing(&self, doing: &'static str) -> Doing<'_, 'c> {
        Doing { work: self, doing }
    }

    /// Ends the transaction with all that was done.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let doing = "committing, so whether it was saved is only known by reading again";
        self.patience.answer(doing, self.transaction.commit()).await
    }
}

impl Doing<'_, '_> {
    /// The rows that a statement gives.
    pub(super) async fn rows(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        let Work { transaction, patience } = self.work;
        let statement = patience.answer(self.doing, transaction.prepare_cached(sql)).await?;
        patience.answer(self.doing, transaction.query(&statement, parameters)).await
    }

    /// The row that a statement gives, if it gives one.
    pub(super) async fn row(&self, sql: &str, parameters: Parameters<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, parameters).await?.into_iter().next())
    }

    /// How many rows a statement changes.
    pub(super) async fn change(&self, sql: &str, parameters: Parameters<'_>) -> Result<u64, StoreError> {
        let Work { transaction, patience } = self.work;
        let statement = patience.answer(self.doing, transaction.prepare_cached(sql)).await?;
        patience.answer(self.doing, transaction.execute(&statement, parameters)).await
    }

    /// Runs statements without parameters, which may take as long as they need.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.work.transaction.batch_execute(sql).await.map_err(failed(self.doing))
    }
}
