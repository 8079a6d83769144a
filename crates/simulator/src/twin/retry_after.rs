//! The header `Retry-After` in both forms that a busy simulator sends.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

/// The longest wait that is told.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait from `now`: at most a day; `None` when there is no time left to wait.
pub(super) fn read_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").ok()?.and_utc();
            at.signed_duration_since(now).to_std().unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST)).filter(|wait| !wait.is_zero())
}
