//! Limits on requests: per second of a location, and for the inventory of a token.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::clock::after;

/// How a busy service says when a client may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Not at all.
    Unsaid,
    /// A number of seconds.
    Seconds(u32),
    /// At a date: the simulator's time plus this delay, in whole seconds.
    DateIn(Duration),
}

impl RetryAfter {
    /// The value of the header, if there is one.
    pub(crate) fn header(self, now: DateTime<Utc>) -> Option<String> {
        match self {
            Self::Unsaid => None,
            Self::Seconds(seconds) => Some(seconds.to_string()),
            Self::DateIn(delay) => Some(after(now, delay).format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        }
    }
}

/// When requests per second are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RateJudged {
    /// Never.
    Never,
    /// While the clock follows the system's, as the program's does. While the clock stands, all requests of a test fall
    /// into one moment, so none is judged.
    #[default]
    WhileTimeRuns,
    /// Always. With a clock that stands, time has to be advanced between requests.
    Always,
}

/// The limit on requests per second of one location: a bucket that holds as many requests as service config tells for a
/// second, and is refilled at the same pace. Beyond it requests are 9646.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// When it is judged.
    pub judged: RateJudged,
    /// The HTTP status of 9646: 429 is documented, 200 is observed in the wild. Default 429.
    pub status: u16,
    /// When such an answer says to come back. Default not at all.
    pub retry_after: RetryAfter,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { judged: RateJudged::default(), status: 429, retry_after: RetryAfter::Unsaid }
    }
}

/// A rule against reading too much at once: a token that makes more inventory requests than allowed within a time is
/// revoked, and the request too many is 9625 already. Inventory requests are reads of assets, assignments and users,
/// and lookups with the token's cookie. That Apple revokes tokens for it is an assumption, and so is every number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlaggingRule {
    /// The number of requests that is allowed.
    pub requests: u32,
    /// The time within which they are counted, up to now.
    pub within: Duration,
}

/// The bucket of a location, kept as the time at which it will be empty again, so that nothing has to refill it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    empty_at: Option<DateTime<Utc>>,
}

impl Bucket {
    /// Takes one more request; whether it fits. After the clock was set back the bucket is full, and no fuller.
    pub(crate) fn take(&mut self, per_second: i32, now: DateTime<Utc>) -> bool {
        let whole = TimeDelta::seconds(1);
        let one = TimeDelta::microseconds(1_000_000 / i64::from(per_second.max(1)));
        let full_at = now.checked_add_signed(whole).unwrap_or(now);
        let before = self.empty_at.unwrap_or(now).clamp(now, full_at);
        let after = before.checked_add_signed(one).unwrap_or(before);
        let fits = after <= full_at;
        self.empty_at = Some(if fits { after } else { before });
        fits
    }
}

/// The times of a token's inventory requests that may still count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads(VecDeque<DateTime<Utc>>);

impl Reads {
    /// Records one more; whether the rule is broken.
    pub(crate) fn record(&mut self, rule: FlaggingRule, now: DateTime<Utc>) -> bool {
        let within = TimeDelta::from_std(rule.within).unwrap_or(TimeDelta::MAX);
        let from = now.checked_sub_signed(within).unwrap_or(DateTime::<Utc>::MIN_UTC);
        while self.0.front().is_some_and(|at| *at <= from) {
            self.0.pop_front();
        }
        self.0.push_back(now);
        self.0.len() > usize::try_from(rule.requests).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_a_second_and_is_refilled_at_its_pace() {
        let (mut bucket, start) = (Bucket::default(), DateTime::<Utc>::UNIX_EPOCH);
        let at = |milliseconds| start + TimeDelta::milliseconds(milliseconds);
        let fit = |bucket: &mut Bucket, now| (0..40).filter(|_| bucket.take(15, now)).count();
        assert_eq!((fit(&mut bucket, at(0)), fit(&mut bucket, at(66))), (15, 0));
        assert_eq!((fit(&mut bucket, at(67)), fit(&mut bucket, at(267))), (1, 3));
        assert_eq!((fit(&mut bucket, at(9_000)), fit(&mut bucket, at(-9_000))), (15, 0));
        assert_eq!(fit(&mut bucket, at(-8_000)), 15, "an hour set back is not waited for");
    }
}
