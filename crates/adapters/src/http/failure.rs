//! No complete response.

use std::time::Duration;

use thiserror::Error;

/// Why a request got no complete response. A `reason` must hold neither a header nor a query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HttpFailure {
    /// Certainly nothing of the request left this machine: there was no connection to send it on.
    #[error("no connection, nothing was sent: {reason}")]
    NotSent {
        /// What the connection said.
        reason: String,
    },
    /// No connection, or it was lost before the response began; the request may have arrived.
    #[error("no connection: {reason}")]
    Unreachable {
        /// What the connection said.
        reason: String,
    },
    /// The connection was lost in the middle of the body.
    #[error("the response broke off after {received} bytes")]
    BrokenOff {
        /// How many bytes of the body had come.
        received: usize,
    },
    /// The transport's own patience ended, for example while it connected.
    #[error("no response within {} s", .after.as_secs_f32())]
    TimedOut {
        /// How long it waited.
        after: Duration,
    },
    /// The body is larger than the request allows; the rest was not read.
    #[error("the response is larger than was asked for")]
    TooLarge,
}
