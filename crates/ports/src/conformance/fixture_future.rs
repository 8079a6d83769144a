//! The result of preparing Apple for a check.

use std::error::Error;

/// The result of preparing Apple for a check. An error becomes a [`Violation`](super::Violation), because a check whose
/// fixture could not be prepared proves nothing.
pub type FixtureFuture<T> = Result<T, Box<dyn Error + Send + Sync>>;
