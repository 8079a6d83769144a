//! Time: reading it, and waiting for it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// The source of the time. Nothing else in the library reads a clock.
///
/// The time may jump, also back. What must not go wrong then (leases, for example) is decided by the store's clock.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use mdm_vpp_ports::Clock;
///
/// struct SystemClock;
///
/// impl Clock for SystemClock {
///     fn now(&self) -> DateTime<Utc> {
///         DateTime::UNIX_EPOCH + std::time::UNIX_EPOCH.elapsed().unwrap_or_default()
///     }
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// Waits until a time has come by the [`Clock`] that it belongs to. Nothing else in the library waits, except the
/// adapters inside one call.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns when it is `at`, UTC, or later; at once when it is already.
    async fn wait_until(&self, at: DateTime<Utc>);
}
