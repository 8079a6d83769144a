//! Spreading many requests over a time, as after the renewal of thousands of apps.

use chrono::{DateTime, TimeDelta, Utc};

use super::PaceLimits;

/// Times for many requests, evenly spread. Computed, not drawn: the same question has the same answer.
///
/// It is an iterator over the times, in order. Its length is the number of requests, unless the calendar ends before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    next: Option<DateTime<Utc>>,
    step: TimeDelta,
    left: u32,
}

/// Spreads a number of requests over a time from `from` on: the first at `from`, the others evenly after it.
///
/// Where `over` is too short for the location's rate, it is stretched: two requests are never closer than
/// [`PaceLimits::interval`], so the spread alone stays under the rate, with room left for other calls whenever `over`
/// is longer than needed. Apple flags accounts that renew thousands of apps at once.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use mdm_vpp_core::plan::{PaceLimits, spread};
///
/// let start = DateTime::UNIX_EPOCH;
/// let times: Vec<_> = spread(4, start, TimeDelta::hours(2), &PaceLimits::default()).collect();
/// let minutes: Vec<_> = times.iter().map(|at| (*at - start).num_minutes()).collect();
/// assert_eq!(minutes, [0, 30, 60, 90]);
/// ```
#[must_use]
pub fn spread(requests: u32, from: DateTime<Utc>, over: TimeDelta, limits: &PaceLimits) -> Spread {
    // A number of requests beyond i32 is beyond any time that could be stretched.
    let parts = i32::try_from(requests.max(1)).unwrap_or(i32::MAX);
    let even = over.checked_div(parts).unwrap_or(TimeDelta::zero());
    Spread { next: Some(from), step: even.max(limits.interval()), left: requests }
}

impl Spread {
    /// The time between two requests.
    #[must_use]
    pub const fn step(&self) -> TimeDelta {
        self.step
    }
}

impl Iterator for Spread {
    type Item = DateTime<Utc>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let at = self.next?;
        self.next = at.checked_add_signed(self.step);
        Some(at)
    }
}
