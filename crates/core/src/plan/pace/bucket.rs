//! The token bucket of one location, which bounds the rate of its calls.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::PaceLimits;

/// A token bucket that also counts the calls of the last second. Time is an argument.
///
/// In any second (from `t` up to, but not including, `t` + 1 s) it grants at most
/// [`PaceLimits::max_requests_per_second`] calls, a burst included. A plain token bucket would not hold that, because
/// it adds a burst to the steady rate. So the calls of the last second are counted too, and after a burst the steady
/// calls wait until that second has room.
///
/// It starts empty, so that a session that takes over from another cannot add its burst to the other's.
///
/// A clock that jumps ahead allows at most one burst. A clock that jumps back empties the bucket, so that the wait is
/// never longer than that of a new bucket.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use mdm_vpp_core::plan::{Bucket, PaceLimits, Take};
///
/// let start = DateTime::UNIX_EPOCH;
/// let mut bucket = Bucket::empty(&PaceLimits::default(), start);
/// let Take::WaitUntil(at) = bucket.take(start) else { panic!("a new bucket is empty") };
/// assert_eq!(bucket.take(at), Take::Granted);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The time between two calls at the steady rate.
    interval: TimeDelta,
    /// The time by which the calls may be ahead of the steady rate: one interval for each call of a burst after the
    /// first.
    slack: TimeDelta,
    /// The largest number of calls in a second.
    most: usize,
    /// The times of the calls in the last second.
    granted: VecDeque<DateTime<Utc>>,
    /// When the bucket will be full again if nothing is taken; `None` when that time cannot be represented.
    full_at: Option<DateTime<Utc>>,
    /// The time of the last question, to notice a clock that jumped back.
    last: DateTime<Utc>,
}

/// The answer of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Take {
    /// One call may be sent now; it is counted.
    Granted,
    /// No call may be sent before this time, UTC; nothing is counted.
    WaitUntil(DateTime<Utc>),
}

impl Bucket {
    /// Makes an empty bucket.
    #[must_use]
    pub fn empty(limits: &PaceLimits, now: DateTime<Utc>) -> Self {
        let (zero, granted) = (TimeDelta::zero(), VecDeque::new());
        let mut bucket =
            Self { interval: zero, slack: zero, most: 1, granted, full_at: Some(now), last: now };
        bucket.set_limits(limits);
        bucket.drain(now);
        bucket
    }

    /// Sets other limits from now on. Granted calls stay counted, the time of the next call does not change, and a
    /// larger burst has to be saved up first.
    pub fn set_limits(&mut self, limits: &PaceLimits) {
        let burst_beyond_one = i32::try_from(limits.burst() - 1).unwrap_or(i32::MAX);
        let interval = limits.interval();
        let slack = interval.checked_mul(burst_beyond_one).unwrap_or(TimeDelta::MAX);
        let more = slack.checked_sub(&self.slack).unwrap_or(TimeDelta::zero());
        self.full_at = self.full_at.and_then(|full_at| full_at.checked_add_signed(more));
        (self.interval, self.slack) = (interval, slack);
        self.most = usize::try_from(limits.max_requests_per_second()).unwrap_or(usize::MAX);
    }

    /// Asks for one call at `now` (UTC).
    pub fn take(&mut self, now: DateTime<Utc>) -> Take {
        self.follow(now);
        let never = Take::WaitUntil(DateTime::<Utc>::MAX_UTC);
        let Some(full_at) = self.full_at else { return never };
        let allowed_at = full_at.checked_sub_signed(self.slack).unwrap_or(DateTime::<Utc>::MIN_UTC);
        if now < allowed_at {
            return Take::WaitUntil(allowed_at);
        }
        if let Some(at) = self.room_at(now) {
            return Take::WaitUntil(at);
        }
        match full_at.max(now).checked_add_signed(self.interval) {
            Some(full_at) => {
                self.full_at = Some(full_at);
                self.granted.push_back(now);
                Take::Granted
            }
            None => never,
        }
    }

    /// When the last second will have room for one more call; `None` when it has room now.
    fn room_at(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let second = TimeDelta::seconds(1);
        while self.granted.front().is_some_and(|at| now.signed_duration_since(*at) >= second) {
            self.granted.pop_front();
        }
        let too_many = self.granted.len().checked_sub(self.most)?;
        self.granted.get(too_many).and_then(|at| at.checked_add_signed(second))
    }

    /// Notices a clock that jumped back, and then empties the bucket.
    pub(super) fn follow(&mut self, now: DateTime<Utc>) {
        if now < self.last {
            self.drain(now);
        }
        self.last = now;
    }

    /// Empties the bucket: the next grant is one interval away.
    fn drain(&mut self, now: DateTime<Utc>) {
        self.granted.clear();
        let until_full = self.slack.checked_add(&self.interval);
        self.full_at = until_full.and_then(|time| now.checked_add_signed(time));
    }
}

#[cfg(test)]
mod tests {
    //! A bucket over time, also with a clock that jumps.

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use crate::testing::now;

    use super::*;

    fn limits(per_second: u32, burst: u32) -> PaceLimits {
        PaceLimits::new(per_second, burst, 5).unwrap()
    }

    /// Asks as often as possible until a time, and says when calls left.
    fn greedy(bucket: &mut Bucket, mut at: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let mut granted = Vec::new();
        while at < until {
            match bucket.take(at) {
                Take::Granted => granted.push(at),
                Take::WaitUntil(then) => {
                    assert!(then > at);
                    at = then;
                }
            }
        }
        granted
    }

    /// The largest number of grants in one second, from a grant up to, not including, a second later.
    fn most_in_a_second(granted: &[DateTime<Utc>]) -> usize {
        let in_the_second_from = |n: usize| {
            let end = granted[n] + TimeDelta::seconds(1);
            granted[n..].iter().take_while(|at| **at < end).count()
        };
        (0..granted.len()).map(in_the_second_from).max().unwrap_or_default()
    }

    #[test]
    fn a_new_bucket_is_empty_and_then_gives_the_steady_rate() {
        let limits = PaceLimits::default();
        let mut bucket = Bucket::empty(&limits, now());
        let granted = greedy(&mut bucket, now(), now() + TimeDelta::seconds(100));
        assert_eq!(granted[0], now() + limits.interval());
        assert_eq!(granted.len(), 1499);
    }

    #[test]
    fn a_bucket_that_rested_gives_one_burst_and_no_second_holds_more_than_the_limit() {
        let mut bucket = Bucket::empty(&PaceLimits::default(), now());
        let rested = now() + TimeDelta::hours(1);
        let granted = greedy(&mut bucket, rested, rested + TimeDelta::seconds(10));
        assert_eq!(granted.iter().filter(|at| **at == rested).count(), 3);
        assert_eq!(most_in_a_second(&granted), 15);
    }

    #[test]
    fn a_clock_that_jumps_years_ahead_gives_one_burst() {
        let mut bucket = Bucket::empty(&PaceLimits::default(), now());
        let future = now() + TimeDelta::days(36_500);
        assert_eq!(greedy(&mut bucket, future, future + TimeDelta::nanoseconds(1)).len(), 3);
    }

    #[test]
    fn a_clock_that_jumps_back_empties_the_bucket_and_does_not_stall_it() {
        let limits = PaceLimits::default();
        let mut bucket = Bucket::empty(&limits, now());
        let _ = greedy(&mut bucket, now(), now() + TimeDelta::seconds(5));
        let past = now() - TimeDelta::days(365);
        assert_eq!(bucket.take(past), Take::WaitUntil(past + limits.interval()));
        assert_eq!(greedy(&mut bucket, past, past + TimeDelta::seconds(100)).len(), 1499);
    }

    #[test]
    fn at_the_ends_of_the_calendar_nothing_is_granted() {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let mut bucket = Bucket::empty(&PaceLimits::default(), last);
        assert_eq!(bucket.take(last), Take::WaitUntil(last));
        assert!(matches!(bucket.take(first), Take::WaitUntil(at) if at > first));
        assert_eq!(bucket.take(last), Take::WaitUntil(last));
        let mut slow = Bucket::empty(&limits(u32::MAX, u32::MAX), first);
        assert_ne!(slow.take(first), Take::Granted);
    }

    #[test]
    fn a_lower_limit_holds_from_the_next_call_on() {
        let mut bucket = Bucket::empty(&PaceLimits::default(), now());
        let _ = greedy(&mut bucket, now(), now() + TimeDelta::seconds(2));
        bucket.set_limits(&limits(1, 1));
        let from = now() + TimeDelta::seconds(2);
        let granted = greedy(&mut bucket, from, from + TimeDelta::seconds(10));
        assert_eq!(most_in_a_second(&granted), 1);
    }

    #[test]
    fn a_larger_burst_does_not_count_for_the_second_that_was_spent() {
        let mut bucket = Bucket::empty(&limits(15, 1), now());
        let switch = now() + TimeDelta::seconds(2);
        let mut granted = greedy(&mut bucket, now(), switch);
        bucket.set_limits(&limits(15, 10));
        granted.extend(greedy(&mut bucket, switch, switch + TimeDelta::seconds(10)));
        assert!(most_in_a_second(&granted) <= 15);
        let rested = switch + TimeDelta::seconds(60);
        assert_eq!(greedy(&mut bucket, rested, rested + TimeDelta::nanoseconds(1)).len(), 10);
    }

    proptest! {
        #[test]
        fn no_second_holds_more_than_the_limit_however_calls_come(
            (limit, burst) in (1u32..20).prop_flat_map(|limit| (Just(limit), 1..=limit)),
            gaps in prop::collection::vec(prop_oneof![Just(0i64), 0i64..100_000_000, 0i64..3_000_000_000], 1..400)
        ) {
            let mut bucket = Bucket::empty(&limits(limit, burst), now());
            let (mut at, mut granted) = (now(), Vec::new());
            for gap in gaps {
                at += TimeDelta::nanoseconds(gap);
                match bucket.take(at) {
                    Take::Granted => granted.push(at),
                    Take::WaitUntil(then) => prop_assert!(then > at),
                }
            }
            prop_assert!(most_in_a_second(&granted) <= limit as usize);
        }

        #[test]
        fn a_clock_that_jumps_never_makes_more_than_the_rate_of_the_time_that_ran_forward(
            (limit, burst) in (1u32..20).prop_flat_map(|limit| (Just(limit), 1..=limit)),
            jumps in prop::collection::vec(
                prop_oneof![4 => 0..50_000_000i64, 1 => -2_000_000_000i64..0, 1 => any::<i64>()], 1..300
            )
        ) {
            let limits = limits(limit, burst);
            let mut bucket = Bucket::empty(&limits, now());
            let (mut at, mut granted) = (now(), 0u32);
            // What a full bucket and the forward time since are worth, in nanoseconds.
            let interval = i128::from(limits.interval().num_nanoseconds().unwrap());
            let mut worth = 0i128;
            for jump in jumps {
                let next = at.checked_add_signed(TimeDelta::nanoseconds(jump)).unwrap_or(at);
                let forward = i128::from((next - at).num_nanoseconds().unwrap_or(i64::MAX));
                worth = if forward < 0 { 0 } else { (worth + forward).min(interval * i128::from(burst)) };
                at = next;
                if bucket.take(at) == Take::Granted {
                    worth -= interval;
                    granted += 1;
                }
                prop_assert!(worth >= 0, "{granted} grants are too many");
            }
        }
    }
}
