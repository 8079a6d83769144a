//! Time: reading it, and waiting for it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Where the time comes from. Nothing else in the library reads a clock.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// Waits until a time has come by the [`Clock`](crate::Clock). Nothing else in the library waits.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Timer: Send + Sync {
    /// Comes back when it is `at`, UTC, or later; at once when it is already.
    async fn wait_until(&self, at: DateTime<Utc>);
}
