//! The fence: how long a lost request keeps the other direction closed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Direction;

/// How long after it was sent for the last time Apple may still run a request that was not answered, in minutes.
///
/// Our choice: Apple says that a request still pending after 10 minutes should be sent again, so it does not promise
/// that the first one is dead then.
pub const QUIET_MINUTES: i64 = 15;

/// A barrier in time: a lost request may still be run by Apple, so until the end nothing goes the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fence {
    /// The direction of the lost request.
    pub direction: Direction,
    /// When Apple certainly runs it no more, UTC.
    pub until: DateTime<Utc>,
}

impl Fence {
    /// The fence around a request that was lost.
    #[must_use]
    pub fn around(direction: Direction, last_possible_send: DateTime<Utc>) -> Self {
        let quiet = TimeDelta::minutes(QUIET_MINUTES);
        let until = last_possible_send.checked_add_signed(quiet).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { direction, until }
    }

    /// Whether it has passed.
    #[must_use]
    pub fn has_passed(&self, now: DateTime<Utc>) -> bool {
        now >= self.until
    }
}
