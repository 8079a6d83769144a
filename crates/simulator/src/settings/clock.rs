//! Time as the service sees it: set by hand, or the system's; and arithmetic that stops at the ends of the calendar.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that stands still until it is moved, unless it follows the system's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SimulatedClock {
    Standing(DateTime<Utc>),
    /// The system's clock, moved by all that was advanced since.
    System {
        ahead: TimeDelta,
    },
}

impl SimulatedClock {
    /// The system's time.
    pub(crate) const SYSTEM: Self = Self::System { ahead: TimeDelta::zero() };

    pub(crate) fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Standing(now) => *now,
            Self::System { ahead } => later(system_now(), *ahead),
        }
    }

    /// Whether time passes by itself.
    pub(crate) fn runs(&self) -> bool {
        matches!(self, Self::System { .. })
    }

    pub(crate) fn advance(&mut self, by: TimeDelta) {
        match self {
            Self::Standing(now) => *now = later(*now, by),
            Self::System { ahead } => {
                let end = if by < TimeDelta::zero() { TimeDelta::MIN } else { TimeDelta::MAX };
                *ahead = ahead.checked_add(&by).unwrap_or(end);
            }
        }
    }
}

/// `at + by`, stopping at the ends of the calendar.
pub(crate) fn later(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    let end = if by < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    at.checked_add_signed(by).unwrap_or(end)
}

/// `at + delay`, stopping at the end of the calendar.
pub(crate) fn after(at: DateTime<Utc>, delay: Duration) -> DateTime<Utc> {
    later(at, TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX))
}

fn system_now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, since.subsec_nanos()))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moved_past_the_calendar_stops_at_its_end() {
        let mut clock = SimulatedClock::Standing(DateTime::UNIX_EPOCH);
        clock.advance(TimeDelta::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
        clock.advance(TimeDelta::MIN);
        assert!(clock.now() < DateTime::UNIX_EPOCH);
    }

    #[test]
    fn the_system_clock_can_be_moved_ahead() {
        let mut clock = SimulatedClock::SYSTEM;
        let before = clock.now();
        clock.advance(TimeDelta::days(400));
        assert!(clock.now() >= before + TimeDelta::days(400));
    }
}
