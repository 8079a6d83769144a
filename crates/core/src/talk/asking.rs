//! When Apple is asked how far a request is.

use chrono::{DateTime, TimeDelta, Utc};

/// So long after it was accepted a request is asked for first, in seconds. Our choice: Apple mostly needs a few.
const FIRST_AFTER_SECONDS: i64 = 5;

/// So long lies between two questions about one that is still pending, in seconds. Apple's documentation.
const AGAIN_AFTER_SECONDS: i64 = 30;

/// When a request that was accepted now is asked for first.
#[must_use]
pub(super) fn first_at(accepted_at: DateTime<Utc>) -> DateTime<Utc> {
    after(accepted_at, FIRST_AFTER_SECONDS)
}

/// When a request is asked for next that Apple reported as pending now.
#[must_use]
pub fn next_question(asked_at: DateTime<Utc>) -> DateTime<Utc> {
    after(asked_at, AGAIN_AFTER_SECONDS)
}

fn after(at: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(at)
}
