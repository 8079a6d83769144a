//! What the driver gives: rows whose columns have types, and its errors.

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use mdm_vpp_ports::StoreError;
use tokio_postgres::{
    Error, Row,
    error::SqlState,
    types::{FromSql, Type},
};

use crate::rows::{Cell, Columns};

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::TEXT => Self::Text(raw),
            Type::INT8 => Self::Whole(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Whole(i32::from_sql(kind, raw)?.into()),
            _ => Self::Other,
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Columns for Row {
    fn cell(&self, column: &str) -> Result<Cell<'_>, String> {
        self.try_get(column).map_err(|error| error.to_string())
    }
}

/// A failure of a statement. [`meaning`] says at the end of the transaction what it means to the caller.
pub(super) fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError + Copy {
    move |error| StoreError::backend(doing, error)
}

/// The server did not answer in time.
#[derive(Debug, thiserror::Error)]
#[error("the server gave no answer in time, so the connection was closed")]
struct Late;

/// The error of a server that did not answer in time.
pub(super) fn late(doing: &'static str) -> StoreError {
    StoreError::backend(doing, Late)
}

/// A failure to get a connection.
pub(super) fn not_connected(error: PoolError) -> StoreError {
    let doing = "connecting to the server";
    match error {
        // All connections are in use.
        PoolError::Timeout(TimeoutType::Wait) => StoreError::Busy,
        // Our own hook fails with a message only when the server did not answer.
        PoolError::Timeout(_) | PoolError::PostCreateHook(HookError::Message(_)) => late(doing),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            failed(doing)(error)
        }
        error => StoreError::backend(doing, error),
    }
}

/// A number that does not fit into a column, whose numbers have 63 bits.
pub(super) fn too_large(doing: &'static str) -> impl Fn(std::num::TryFromIntError) -> StoreError + Copy {
    move |error| StoreError::backend(doing, error)
}

/// A limit as SQL takes it.
pub(super) fn rows_at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// What the store does about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The database asks to repeat the transaction. Nothing of it was saved.
    Repeat,
    /// Another process is in the way for now.
    Busy,
    /// The caller gets the error.
    Failure,
}

/// The server's code of a failure, if the server reported it.
fn state(error: &StoreError) -> Option<&SqlState> {
    let StoreError::Backend { cause, .. } = error else { return None };
    cause.downcast_ref::<Error>().and_then(Error::code)
}

/// Whether the server refused a statement only because an earlier one of the same transaction failed.
pub(super) fn is_echo(error: &StoreError) -> bool {
    state(error) == Some(&SqlState::IN_FAILED_SQL_TRANSACTION)
}

/// What a failure means.
pub(super) fn meaning(error: &StoreError) -> Meaning {
    let Some(state) = state(error) else { return Meaning::Failure };
    match *state {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Meaning::Repeat,
        // A lock or a statement took longer than it may; the server has too many connections, starts, or repairs itself.
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::CANNOT_CONNECT_NOW => Meaning::Busy,
        _ => Meaning::Failure,
    }
}
