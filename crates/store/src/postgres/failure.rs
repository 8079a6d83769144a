//! What the driver's errors mean.

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use mdm_vpp_ports::StoreError;
use tokio_postgres::{Error, error::SqlState};

/// A failure of a statement. What it means to the caller is told by [`meaning`], at the end.
pub(super) fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError + Copy {
    move |error| StoreError::Backend { doing, source: Box::new(error) }
}

/// The server did not answer.
#[derive(Debug, thiserror::Error)]
#[error("the server gave no answer in time, so the connection was closed")]
struct Late;

/// A server that did not answer while we did this.
pub(super) fn late(doing: &'static str) -> StoreError {
    StoreError::Backend { doing, source: Box::new(Late) }
}

/// A failure to get a connection.
pub(super) fn not_connected(error: PoolError) -> StoreError {
    let doing = "connecting to the server";
    match error {
        // All connections are at work.
        PoolError::Timeout(TimeoutType::Wait) => StoreError::Busy,
        // Our own hook says nothing else.
        PoolError::Timeout(_) | PoolError::PostCreateHook(HookError::Message(_)) => late(doing),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            failed(doing)(error)
        }
        error => StoreError::Backend { doing, source: Box::new(error) },
    }
}

/// A number that a column of 64 bits with sign cannot hold.
pub(super) fn too_large(doing: &'static str) -> impl Fn(std::num::TryFromIntError) -> StoreError + Copy {
    move |error| StoreError::Backend { doing, source: Box::new(error) }
}

/// What is to be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The database asks to repeat the transaction. Nothing of it was saved.
    Repeat,
    /// Somebody else is in the way, for now.
    Busy,
    /// What the error says.
    Failure,
}

/// What the server calls a failure, if it is one of the server's.
fn state(error: &StoreError) -> Option<&SqlState> {
    let StoreError::Backend { source, .. } = error else { return None };
    source.downcast_ref::<Error>().and_then(Error::code)
}

/// Whether a statement was only refused because one before it in the same transaction failed.
pub(super) fn is_echo(error: &StoreError) -> bool {
    state(error) == Some(&SqlState::IN_FAILED_SQL_TRANSACTION)
}

/// What a failure means.
pub(super) fn meaning(error: &StoreError) -> Meaning {
    let Some(state) = state(error) else { return Meaning::Failure };
    match *state {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Meaning::Repeat,
        // The time that a lock or a statement may take has passed; too many connections; the server starts or repairs
        // itself.
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::CANNOT_CONNECT_NOW => Meaning::Busy,
        _ => Meaning::Failure,
    }
}
