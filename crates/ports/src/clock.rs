//! The time.

use chrono::{DateTime, Utc};

/// Where the time comes from. Nothing else in the library reads a clock.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> DateTime<Utc>;
}
