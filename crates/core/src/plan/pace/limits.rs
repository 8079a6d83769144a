//! The limits of a location's pace, and times for many requests that are spread within them.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The limits of one location's pace. The default is 15 requests a second and 5 parallel reads (Apple), with a burst of
/// 3 (ours).
///
/// The burst is part of the limit: no second has more than `max_requests_per_second` requests, whenever the second
/// begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Unchecked", into = "Unchecked")]
pub struct PaceLimits {
    max_requests_per_second: NonZeroU32,
    burst: NonZeroU32,
    max_parallel_reads: NonZeroU32,
}

/// The refusal of numbers that cannot be limits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PaceLimitsError {
    /// A number is 0, so nothing could be sent.
    #[error("`{name}` is 0, so nothing could be sent: set it to at least 1")]
    Zero {
        /// The number's name.
        name: &'static str,
    },
    /// The burst is larger than the number of requests in a second.
    #[error(
        "the burst is {burst}, but a second has at most {max_requests_per_second} requests: set the burst to at most that"
    )]
    BurstTooLarge {
        /// The burst.
        burst: u32,
        /// The limit.
        max_requests_per_second: u32,
    },
}

impl PaceLimitsError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Zero { .. } => "pace_of_zero",
            Self::BurstTooLarge { .. } => "burst_too_large",
        }
    }
}

impl PaceLimits {
    /// Checks limits: requests in any second (`maxRequestPerSecond`), requests at once, and parallel reads.
    ///
    /// ```
    /// use mdm_vpp_core::plan::PaceLimits;
    ///
    /// assert_eq!(PaceLimits::new(15, 3, 5), Ok(PaceLimits::default()));
    /// assert!(PaceLimits::new(15, 16, 5).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`PaceLimitsError`] for a number that is 0, and for a burst larger than the limit.
    pub fn new(
        max_requests_per_second: u32,
        burst: u32,
        max_parallel_reads: u32,
    ) -> Result<Self, PaceLimitsError> {
        let positive = |name, number| NonZeroU32::new(number).ok_or(PaceLimitsError::Zero { name });
        let limits = Self {
            max_requests_per_second: positive("max_requests_per_second", max_requests_per_second)?,
            burst: positive("burst", burst)?,
            max_parallel_reads: positive("max_parallel_reads", max_parallel_reads)?,
        };
        if burst > max_requests_per_second {
            return Err(PaceLimitsError::BurstTooLarge { burst, max_requests_per_second });
        }
        Ok(limits)
    }

    /// The same limits with another rate, as Apple's service config names it. A burst above the rate is lowered to it.
    #[must_use]
    pub fn with_requests_per_second(self, max_requests_per_second: NonZeroU32) -> Self {
        Self { max_requests_per_second, burst: self.burst.min(max_requests_per_second), ..self }
    }

    /// The largest number of requests in any second.
    #[must_use]
    pub const fn max_requests_per_second(&self) -> u32 {
        self.max_requests_per_second.get()
    }

    /// The largest number of requests at once.
    #[must_use]
    pub const fn burst(&self) -> u32 {
        self.burst.get()
    }

    /// The largest number of parallel reads.
    #[must_use]
    pub const fn max_parallel_reads(&self) -> u32 {
        self.max_parallel_reads.get()
    }

    /// The time between two requests at the steady rate, rounded up to a nanosecond so that the rate is never exceeded.
    #[must_use]
    pub fn interval(&self) -> TimeDelta {
        let rate = i64::from(self.max_requests_per_second());
        TimeDelta::nanoseconds(1_000_000_000i64.saturating_add(rate - 1) / rate)
    }
}

impl Default for PaceLimits {
    fn default() -> Self {
        const fn positive(number: u32) -> NonZeroU32 {
            NonZeroU32::MIN.saturating_add(number - 1)
        }
        Self { max_requests_per_second: positive(15), burst: positive(3), max_parallel_reads: positive(5) }
    }
}

/// The stored form, which is not checked yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    max_requests_per_second: u32,
    burst: u32,
    max_parallel_reads: u32,
}

impl TryFrom<Unchecked> for PaceLimits {
    type Error = PaceLimitsError;

    fn try_from(limits: Unchecked) -> Result<Self, Self::Error> {
        Self::new(limits.max_requests_per_second, limits.burst, limits.max_parallel_reads)
    }
}

impl From<PaceLimits> for Unchecked {
    fn from(limits: PaceLimits) -> Self {
        Self {
            max_requests_per_second: limits.max_requests_per_second(),
            burst: limits.burst(),
            max_parallel_reads: limits.max_parallel_reads(),
        }
    }
}

/// Evenly spread times for many requests: an iterator over the times in order. They are computed, not random.
///
/// Its length is the number of requests, unless a time cannot be represented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    next: Option<DateTime<Utc>>,
    step: TimeDelta,
    left: u32,
}

/// Spreads requests over a period that begins at `from` (UTC): the first at `from`, the others evenly after it.
///
/// Spread mass renewals, because Apple flags accounts that renew thousands of apps at once (observed).
///
/// A period that is too short for the location's rate is extended: two requests are never closer than
/// [`PaceLimits::interval`]. A longer period leaves room for other calls.
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
    // Chrono divides by an `i32`. For more requests than that holds the interval decides anyway.
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

#[cfg(test)]
mod tests {
    //! Limits, and the spread of mass renewals.

    use chrono::{DateTime, TimeDelta, Utc};
    use serde_json::json;

    use crate::testing::now;

    use super::*;
    use crate::plan::{Call, Pace, Permit};

    #[test]
    fn a_limit_of_zero_and_a_burst_above_the_limit_are_refused() {
        let zero = |name| Err(PaceLimitsError::Zero { name });
        assert_eq!(PaceLimits::new(0, 1, 1), zero("max_requests_per_second"));
        assert_eq!(PaceLimits::new(1, 0, 1), zero("burst"));
        assert_eq!(PaceLimits::new(1, 1, 0), zero("max_parallel_reads"));
        let too_large = PaceLimitsError::BurstTooLarge { burst: 16, max_requests_per_second: 15 };
        assert_eq!(PaceLimits::new(15, 16, 5), Err(too_large));
    }

    #[test]
    fn a_lower_rate_shrinks_the_burst_with_it() {
        let limits = PaceLimits::default().with_requests_per_second(NonZeroU32::new(2).unwrap());
        assert_eq!(Ok(limits), PaceLimits::new(2, 2, 5));
    }

    #[test]
    fn the_steady_interval_is_that_of_the_whole_rate_and_is_never_too_short() {
        for (limit, burst, nanoseconds) in [(15, 3, 66_666_667), (15, 1, 66_666_667), (15, 15, 66_666_667)] {
            let limits = PaceLimits::new(limit, burst, 1).unwrap();
            assert_eq!(limits.interval().num_nanoseconds(), Some(nanoseconds));
        }
        let fast = PaceLimits::new(u32::MAX, 1, 1).unwrap();
        assert_eq!(fast.interval().num_nanoseconds(), Some(1));
    }

    #[test]
    fn limits_are_checked_when_they_are_read_from_a_store() {
        let stored = json!({"max_requests_per_second": 15, "burst": 3, "max_parallel_reads": 5});
        assert_eq!(serde_json::to_value(PaceLimits::default()).unwrap(), stored);
        assert_eq!(serde_json::from_value::<PaceLimits>(stored).unwrap(), PaceLimits::default());
        for wrong in [
            json!({"max_requests_per_second": 15, "burst": 16, "max_parallel_reads": 5}),
            json!({"max_requests_per_second": 15, "burst": 3, "max_parallel_reads": 5, "more": 1}),
        ] {
            assert!(serde_json::from_value::<PaceLimits>(wrong).is_err());
        }
    }

    #[test]
    fn s23_rule_the_renewal_of_5000_apps_stays_under_the_rate_in_every_second() {
        let limits = PaceLimits::default();
        for over in [TimeDelta::zero(), TimeDelta::minutes(1), TimeDelta::hours(8)] {
            let times: Vec<_> = spread(5_000, now(), over, &limits).collect();
            assert_eq!(times.len(), 5_000);
            let most = (0..times.len())
                .map(|n| times[n..].iter().take_while(|at| **at < times[n] + TimeDelta::seconds(1)).count())
                .max();
            assert!(most <= Some(15), "{most:?} in one second");
        }
    }

    #[test]
    fn s23_rule_a_renewal_that_is_asked_for_at_once_leaves_the_bucket_at_no_more_than_the_rate() {
        let mut pace = Pace::new(PaceLimits::default(), now());
        let (mut at, mut sent) = (now(), Vec::new());
        while sent.len() < 5_000 {
            match pace.take(Call::Write, at) {
                Permit::Granted => sent.push(at),
                Permit::WaitUntil { at: then } => at = then,
                other => panic!("{other:?}"),
            }
        }
        for (n, from) in sent.iter().enumerate() {
            let end = *from + TimeDelta::seconds(1);
            assert!(sent[n..].iter().take_while(|at| **at < end).count() <= 15);
        }
    }

    #[test]
    fn requests_are_spread_evenly_from_the_first_moment_to_before_the_last() {
        let hour = TimeDelta::hours(1);
        let times: Vec<_> = spread(60, now(), hour, &PaceLimits::default()).collect();
        assert_eq!(times[0], now());
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] == TimeDelta::minutes(1)));
        assert!(times[59] < now() + hour);
    }

    #[test]
    fn no_requests_have_no_times_and_the_end_of_the_calendar_ends_them() {
        let limits = PaceLimits::default();
        assert_eq!(spread(0, now(), TimeDelta::hours(1), &limits).count(), 0);
        assert_eq!(spread(10, DateTime::<Utc>::MAX_UTC, TimeDelta::hours(1), &limits).count(), 1);
        assert_eq!(spread(2, now(), TimeDelta::MIN, &limits).step(), limits.interval());
        assert!(spread(u32::MAX, now(), TimeDelta::MAX, &limits).step() > limits.interval());
    }
}
