//! Waiting.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Waits until a time has come by the [`Clock`](crate::Clock). Nothing else in the library waits.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Timer: Send + Sync {
    /// Comes back when it is `at`, UTC, or later; at once when it is already.
    async fn wait_until(&self, at: DateTime<Utc>);
}
