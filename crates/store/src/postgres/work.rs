//! A transaction under way, and statements in it that are sent together.

use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_postgres::Object;
use futures_util::{
    FutureExt,
    future::{join, try_join},
};
use mdm_vpp_ports::StoreError;
use tokio_postgres::{Row, types::ToSql};

use super::{
    connection::Patience,
    driver::{failed, is_echo},
};

/// A transaction under way. Dropping it rolls it back, also when its caller stops waiting for it.
///
/// The driver's own transactions wait for the answer that one has begun, which costs a round trip. This one does not.
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

/// Statements that are part of one thing, which their errors name.
pub(super) struct Doing<'w, 'c> {
    work: &'w Work<'c>,
    doing: &'static str,
}

impl<'c> Work<'c> {
    /// A transaction that has not begun: nothing is sent yet.
    pub(super) const fn new(client: &'c Object, patience: &'c Patience, begin: Begin) -> Self {
        Self { client, patience, begin, is_begun: AtomicBool::new(false) }
    }

    /// Begins the transaction and does the first thing in it. Its first statement is sent without waiting for the answer
    /// that the transaction has begun; any other is sent after that answer.
    pub(super) async fn begin_with<T>(
        &self,
        first: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let begin = async {
            self.is_begun.store(true, Ordering::Relaxed);
            self.patience.answer(self.begin.doing, self.client.batch_execute(self.begin.sql)).await
        };
        // Statements are sent in the order in which their futures are first polled, so BEGIN comes first. When it fails,
        // `try_join` does not poll `first` again, and nothing runs outside of a transaction.
        try_join(begin, Box::pin(first)).await.map(|((), done)| done)
    }

    /// Checks that the transaction has begun. A statement outside of it would be committed by itself.
    fn in_transaction(&self) -> &Self {
        debug_assert!(self.is_begun.load(Ordering::Relaxed), "a statement before the transaction has begun");
        self
    }

    /// Statements for something, which an error will name.
    pub(super) const fn doing(&self, doing: &'static str) -> Doing<'_, 'c> {
        Doing { work: self, doing }
    }

    /// Commits the transaction.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let doing = "committing, so whether it was saved is only known by reading again";
        // Whether a COMMIT was sent is unknown when the caller stops waiting, so `drop` must send no ROLLBACK.
        self.is_begun.store(false, Ordering::Relaxed);
        self.patience.answer(doing, self.client.batch_execute("COMMIT")).await
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        if self.is_begun.load(Ordering::Relaxed) {
            // The first poll sends it. No answer is needed: the server handles it before the next statement.
            drop(self.client.batch_execute("ROLLBACK").now_or_never());
        }
    }
}

impl Doing<'_, '_> {
    /// Runs a statement and gives its rows.
    pub(super) async fn rows(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        let Work { client, patience, .. } = self.work.in_transaction();
        let statement = patience.answer(self.doing, client.prepare_cached(sql)).await?;
        patience.answer(self.doing, client.query(&statement, parameters)).await
    }

    /// Runs a statement and gives its first row, if it has one.
    pub(super) async fn row(&self, sql: &str, parameters: Parameters<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, parameters).await?.into_iter().next())
    }

    /// Runs a statement and counts the rows that it changes.
    pub(super) async fn change(&self, sql: &str, parameters: Parameters<'_>) -> Result<u64, StoreError> {
        let Work { client, patience, .. } = self.work.in_transaction();
        let statement = patience.answer(self.doing, client.prepare_cached(sql)).await?;
        patience.answer(self.doing, client.execute(&statement, parameters)).await
    }

    /// Runs statements without parameters and without a limit of time, for migrations.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.work.in_transaction().client.batch_execute(sql).await.map_err(failed(self.doing))
    }
}

/// Does both at once, without waiting for the first answer before the second statement is sent. When one fails, the
/// server refuses what was sent behind it, and the refusal may arrive first. It does not say what failed, so the answer is
/// the failure itself.
pub(super) fn both<A, B>(
    one: impl Future<Output = Result<A, StoreError>>,
    other: impl Future<Output = Result<B, StoreError>>,
) -> impl Future<Output = Result<(A, B), StoreError>> {
    // Boxes keep nested futures from growing until no stack has room for them.
    let (one, other) = (Box::pin(one), Box::pin(other));
    async move {
        match join(one, other).await {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(echo), Err(failure)) if is_echo(&echo) => Err(failure),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }
}

/// Does four things at once, as [`both`] does two.
pub(super) async fn all_four<A, B, C, D>(
    first: impl Future<Output = Result<A, StoreError>>,
    second: impl Future<Output = Result<B, StoreError>>,
    third: impl Future<Output = Result<C, StoreError>>,
    fourth: impl Future<Output = Result<D, StoreError>>,
) -> Result<(A, B, C, D), StoreError> {
    let ((first, second), (third, fourth)) = both(both(first, second), both(third, fourth)).await?;
    Ok((first, second, third, fourth))
}
