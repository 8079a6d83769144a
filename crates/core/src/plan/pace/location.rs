//! The pace of one location: its bucket, its parallel reads, and Apple's `Retry-After`.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Bucket, PaceLimits, Take};

/// The pace of one location: whether a call may be sent, and when. Each location has its own, so that Apple's
/// `Retry-After` for one does not stop the others.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use mdm_vpp_core::plan::{Call, Pace, PaceLimits, Permit};
///
/// let start = DateTime::UNIX_EPOCH;
/// let mut pace = Pace::new(PaceLimits::default(), start);
/// let later = start + TimeDelta::seconds(1);
/// assert_eq!(pace.take(Call::Write, later), Permit::Granted);
///
/// pace.stop(TimeDelta::seconds(120), later); // `Retry-After: 120`
/// assert_eq!(pace.take(Call::Write, later), Permit::Stopped { until: later + TimeDelta::seconds(120) });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    limits: PaceLimits,
    bucket: Bucket,
    reads_under_way: u32,
    stopped_until: Option<DateTime<Utc>>,
    last: DateTime<Utc>,
}

/// The kind of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// It reads, for example a page. It counts as a parallel read until [`Pace::read_ended`].
    Read,
    /// It changes something.
    Write,
}

/// The answer whether a call may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Permit {
    /// It may be sent now; it is counted.
    Granted,
    /// It may not be sent before this time, because of the rate.
    WaitUntil {
        /// When to ask again, UTC.
        at: DateTime<Utc>,
    },
    /// The largest number of parallel reads is under way. Ask again when one has ended.
    WaitForRead,
    /// Apple asked to send nothing about the location before this time (`Retry-After`).
    Stopped {
        /// When to ask again, UTC.
        until: DateTime<Utc>,
    },
}

impl Pace {
    /// The pace of a session that begins at `now` (UTC). Its bucket is empty, because the session before may have used
    /// the limit of this second.
    #[must_use]
    pub fn new(limits: PaceLimits, now: DateTime<Utc>) -> Self {
        Self {
            limits,
            bucket: Bucket::empty(&limits, now),
            reads_under_way: 0,
            stopped_until: None,
            last: now,
        }
    }

    /// Asks whether a call may be sent at `now` (UTC).
    pub fn take(&mut self, call: Call, now: DateTime<Utc>) -> Permit {
        self.follow(now);
        if let Some(until) = self.stopped_until {
            return Permit::Stopped { until };
        }
        let is_read = call == Call::Read;
        if is_read && self.reads_under_way >= self.limits.max_parallel_reads() {
            return Permit::WaitForRead;
        }
        match self.bucket.take(now) {
            Take::WaitUntil(at) => Permit::WaitUntil { at },
            Take::Granted => {
                self.reads_under_way = self.reads_under_way.saturating_add(u32::from(is_read));
                Permit::Granted
            }
        }
    }

    /// Records that a granted read has ended, with success or not.
    pub fn read_ended(&mut self) {
        self.reads_under_way = self.reads_under_way.saturating_sub(1);
    }

    /// Records that Apple asked to wait. Nothing is granted before that; a shorter wait does not shorten a longer one.
    pub fn stop(&mut self, wait: TimeDelta, now: DateTime<Utc>) {
        self.follow(now);
        let until = now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
        if until > now {
            self.stopped_until = self.stopped_until.max(Some(until));
        }
    }

    /// Sets the limits that Apple's service config names now. Granted calls stay counted, and reads under way go on.
    pub fn set_limits(&mut self, limits: PaceLimits) {
        self.limits = limits;
        self.bucket.set_limits(&limits);
    }

    /// Ends a stop that is over. When the clock jumped back, the rest of a stop is kept, measured from the new time.
    fn follow(&mut self, now: DateTime<Utc>) {
        if now < self.last {
            let left = |until: DateTime<Utc>| until.signed_duration_since(self.last);
            let moved = |until| now.checked_add_signed(left(until)).unwrap_or(DateTime::<Utc>::MAX_UTC);
            self.stopped_until = self.stopped_until.map(moved);
        }
        self.last = now;
        self.bucket.follow(now);
        self.stopped_until = self.stopped_until.filter(|until| *until > now);
    }
}

#[cfg(test)]
mod tests {
    //! A location's pace: parallel reads and `Retry-After`.

    use chrono::TimeDelta;

    use crate::testing::now;

    use super::*;

    fn seconds(seconds: i64) -> TimeDelta {
        TimeDelta::seconds(seconds)
    }

    fn rested() -> Pace {
        Pace::new(PaceLimits::new(100, 50, 5).unwrap(), now() - seconds(60))
    }

    #[test]
    fn a_sixth_read_waits_until_one_has_ended_and_a_write_does_not() {
        let mut pace = rested();
        for _ in 0..5 {
            assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
        }
        assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
        assert_eq!(pace.take(Call::Write, now()), Permit::Granted);
        pace.read_ended();
        assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
        assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
    }

    #[test]
    fn a_read_that_ends_twice_does_not_make_room_for_more() {
        let mut pace = rested();
        pace.read_ended();
        let granted = (0..10).filter(|_| pace.take(Call::Read, now()) == Permit::Granted).count();
        assert_eq!(granted, 5);
    }

    #[test]
    fn retry_after_stops_this_location_until_it_is_over_and_no_other() {
        let (mut stopped, mut other) = (rested(), rested());
        stopped.stop(seconds(120), now());
        let until = now() + seconds(120);
        for at in [now(), until - TimeDelta::nanoseconds(1)] {
            for call in [Call::Read, Call::Write] {
                assert_eq!(stopped.take(call, at), Permit::Stopped { until });
                assert_eq!(other.take(call, at), Permit::Granted);
            }
        }
        assert_eq!(stopped.take(Call::Write, until), Permit::Granted);
    }

    #[test]
    fn a_shorter_wait_does_not_shorten_a_longer_one_and_no_wait_is_none() {
        let mut pace = rested();
        pace.stop(seconds(0), now());
        pace.stop(seconds(-5), now());
        assert_eq!(pace.take(Call::Write, now()), Permit::Granted);
        pace.stop(seconds(120), now());
        pace.stop(seconds(1), now());
        assert_eq!(pace.take(Call::Write, now()), Permit::Stopped { until: now() + seconds(120) });
    }

    #[test]
    fn the_rest_of_a_stop_is_kept_when_the_clock_jumps_back() {
        let mut pace = rested();
        pace.stop(seconds(120), now());
        let past = now() - TimeDelta::days(400);
        assert_eq!(pace.take(Call::Write, past), Permit::Stopped { until: past + seconds(120) });
        assert!(matches!(pace.take(Call::Write, past + seconds(121)), Permit::Granted));
    }

    #[test]
    fn a_wait_beyond_the_calendar_stops_the_location() {
        let mut pace = rested();
        pace.stop(TimeDelta::MAX, now());
        assert!(matches!(pace.take(Call::Write, now() + TimeDelta::days(36_500)), Permit::Stopped { .. }));
    }

    #[test]
    fn new_limits_keep_the_reads_that_are_under_way() {
        let mut pace = rested();
        for _ in 0..3 {
            assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
        }
        pace.set_limits(PaceLimits::new(100, 50, 2).unwrap());
        assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
        pace.read_ended();
        pace.read_ended();
        assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
    }
}
