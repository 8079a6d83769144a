//! Times as all stores keep them, and the clock of the machine.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_ports::Clock;

/// The clock of the machine, by which leases end unless a store is given another one.
pub(crate) struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A time in whole microseconds since 1970, UTC, rounded down. Numbers compare alike in every database.
pub(crate) const fn due_micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The time behind stored microseconds; `None` when no calendar has it.
pub(crate) const fn due_time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// The time before which notifications are deleted when another one is received.
pub(crate) fn deleted_before(received_at: DateTime<Utc>) -> DateTime<Utc> {
    // One hour is what the port promises. Apple repeats a notification within minutes.
    received_at.checked_sub_signed(TimeDelta::hours(1)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// A time of touch in whole microseconds since 1970, UTC, rounded up.
///
/// The core ignores a read that began no later than a touch. A touch that seemed earlier than it was would let such a
/// read overwrite the seat; one that seems later by less than a microsecond costs at most another read.
pub(crate) fn touch_micros(at: DateTime<Utc>) -> i64 {
    let rounded_down = due_micros(at);
    let is_whole = at.timestamp_subsec_nanos().is_multiple_of(1_000);
    let rounded_up = rounded_down.saturating_add(i64::from(!is_whole));
    // The last microsecond of the calendar has no later one to round up to.
    if due_time(rounded_up).is_some() { rounded_up } else { rounded_down }
}

/// A time of touch as it is read back.
pub(crate) fn stored_touch(at: DateTime<Utc>) -> DateTime<Utc> {
    due_time(touch_micros(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_is_never_read_back_as_an_earlier_one_and_stays_what_it_was_read_as() {
        let whole = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        for (nanoseconds, micros) in [(0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2)] {
            let at = whole + TimeDelta::nanoseconds(nanoseconds);
            let stored = stored_touch(at);
            assert_eq!(stored, whole + TimeDelta::microseconds(micros));
            assert_eq!(stored_touch(stored), stored);
        }
        let before_1970 = DateTime::from_timestamp(-1, 999_999_999).unwrap();
        assert_eq!(stored_touch(before_1970), DateTime::UNIX_EPOCH);
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            assert_eq!(due_micros(stored_touch(end)), due_micros(end), "the end of time is not passed");
        }
    }
}
