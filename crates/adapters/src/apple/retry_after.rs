//! The header `Retry-After`: seconds, or a date.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// The longest stop that is believed (our choice): a mistyped header must not lock a location for years.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait from `now`, at most a day; a date in the past is no wait. `None` when it is neither form.
pub(crate) fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let since_epoch = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let now_since_epoch = Duration::from_millis(u64::try_from(now.timestamp_millis()).ok()?);
    Some(since_epoch.saturating_sub(now_since_epoch).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_noon(text: &str) -> Option<u64> {
        let now = DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
        parse_retry_after(text, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(at_noon("120"), Some(120));
        assert_eq!(at_noon(" 0 "), Some(0));
        assert_eq!(at_noon("Sun, 01 Mar 2026 12:02:00 GMT"), Some(120));
        assert_eq!(at_noon("Sunday, 01-Mar-26 12:02:00 GMT"), Some(120));
        assert_eq!(at_noon("Sun Mar  1 12:02:00 2026"), Some(120));
        assert_eq!(at_noon("Sun, 01 Mar 2026 11:00:00 GMT"), Some(0));
    }

    #[test]
    fn no_wait_is_longer_than_a_day() {
        assert_eq!(at_noon("99999999999999999999999"), Some(86_400));
        assert_eq!(at_noon("Mon, 01 Mar 2027 12:00:00 GMT"), Some(86_400));
    }

    #[test]
    fn anything_else_is_no_wait() {
        for wrong in ["", "soon", "-1", "1.5", "12 s", "2026-03-01T12:00:00Z"] {
            assert_eq!(at_noon(wrong), None, "{wrong:?}");
        }
    }
}
