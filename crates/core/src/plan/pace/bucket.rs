//! The token bucket of one location.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::PaceLimits;

/// A token bucket whose time is an argument, and which remembers the last second.
///
/// It is refilled at the whole rate. A burst comes on top of that, so what left in the last second is counted besides:
/// in the second of a burst the steady calls after it have to wait.
///
/// It begins empty, so that a session that takes over from another cannot add its burst to the other's. From then on:
/// in any second (from `t` up to, not including, `t` + 1 s) at most
/// [`PaceLimits::max_requests_per_second`] grants, the burst among them.
///
/// A clock that jumps ahead gives at most one burst. One that jumps back empties the bucket, and time that seems to
/// run twice counts once it runs: no wait is longer for it than that of a new bucket.
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
    interval: TimeDelta,
    /// How far ahead of its steady rate a location may be.
    slack: TimeDelta,
    /// How many calls a second holds.
    most: usize,
    /// When the calls of the last second left.
    granted: VecDeque<DateTime<Utc>>,
    /// When the bucket will be full again, if nothing is taken; `None` beyond the end of the calendar.
    full_at: Option<DateTime<Utc>>,
    last: DateTime<Utc>,
}

/// What a bucket answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Take {
    /// One call may leave now; it is counted.
    Granted,
    /// None may leave before then; nothing is counted.
    WaitUntil(DateTime<Utc>),
}

impl Bucket {
    /// A new bucket, empty.
    #[must_use]
    pub fn empty(limits: &PaceLimits, now: DateTime<Utc>) -> Self {
        let (zero, granted) = (TimeDelta::zero(), VecDeque::new());
        let mut bucket =
            Self { interval: zero, slack: zero, most: 1, granted, full_at: Some(now), last: now };
        bucket.set_limits(limits);
        bucket.drain(now);
        bucket
    }

    /// Other limits from now on. What was granted stays counted: when the next call may leave does not change, and a
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

    /// Takes one call's worth.
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

    /// When the last second has room for one more call; `None` when it has now.
    fn room_at(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let second = TimeDelta::seconds(1);
        while self.granted.front().is_some_and(|at| now.signed_duration_since(*at) >= second) {
            self.granted.pop_front();
        }
        let too_many = self.granted.len().checked_sub(self.most)?;
        self.granted.get(too_many).and_then(|at| at.checked_add_signed(second))
    }

    /// Notices a clock that jumped back.
    pub(super) fn follow(&mut self, now: DateTime<Utc>) {
        if now < self.last {
            self.drain(now);
        }
        self.last = now;
    }

    /// Empties it: the next grant is one interval away.
    fn drain(&mut self, now: DateTime<Utc>) {
        self.granted.clear();
        let until_full = self.slack.checked_add(&self.interval);
        self.full_at = until_full.and_then(|time| now.checked_add_signed(time));
    }
}
