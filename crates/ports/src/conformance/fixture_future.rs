//! What comes of preparing Apple for a check.

use std::error::Error;

/// What comes of preparing Apple for a check. An error is told as a [`Violation`](super::Violation), for a check on a
/// stage that could not be set shows nothing.
pub type FixtureFuture<T> = Result<T, Box<dyn Error + Send + Sync>>;
