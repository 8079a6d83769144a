//! Leases as all stores keep them: which session may call Apple about a location, and until when.
//!
//! Epochs strictly increase. Only one thing moves the expiry of a lease to an earlier time: another holder asks, and the
//! expiry is further away than any lease is long, because a clock that was far ahead has been set back. So such a clock
//! grants no second lease, and locks a location for one hour at most.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{id::LocationId, seats::Epoch};
use mdm_vpp_ports::{Lease, LeaseHolder};

use crate::times::{due_micros, due_time};

/// The longest lease in minutes, unless a longer one is asked for. Ours: the engine's leases are two minutes long, and
/// an hour is the longest that a clock set back may lock a location.
const LONGEST_MINUTES: i64 = 60;

/// The lease of a location as it is stored. The row stays when the lease ends, because the next epoch must be greater.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) epoch: u64,
    pub(crate) holder: LeaseHolder,
    /// In microseconds since 1970, rounded down; `None` when the lease was given back.
    pub(crate) until: Option<i64>,
}

impl LeaseRow {
    /// The row after a holder asked for the lease, and whether the holder has it.
    pub(crate) fn after_request(
        row: Option<&Self>,
        holder: &LeaseHolder,
        now: DateTime<Utc>,
        period: TimeDelta,
    ) -> (Self, bool) {
        let end = now.checked_add_signed(period).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let fresh = |epoch| Self { epoch, holder: holder.clone(), until: Some(due_micros(end)) };
        match row {
            None => (fresh(1), true),
            Some(row) if !row.runs(now) => (fresh(row.epoch.saturating_add(1)), true),
            // Renewed. The later of both ends counts: the holder relies on the one it was given.
            Some(row) if row.holder == *holder => {
                (Self { until: row.until.max(fresh(row.epoch).until), ..row.clone() }, true)
            }
            Some(row) => {
                let longest = TimeDelta::minutes(LONGEST_MINUTES).max(period);
                let last = now.checked_add_signed(longest).map(due_micros);
                let until = row.until.map(|until| last.map_or(until, |last| until.min(last)));
                (Self { until, ..row.clone() }, false)
            }
        }
    }

    /// Whether the lease is still held.
    pub(crate) fn holds(row: Option<&Self>, lease: &Lease, now: DateTime<Utc>) -> bool {
        row.is_some_and(|row| row.epoch == lease.epoch.0 && row.runs(now))
    }

    /// The lease as its session holds it.
    pub(crate) fn lease(&self, location: &LocationId) -> Lease {
        let until = self.until.and_then(due_time).unwrap_or(DateTime::UNIX_EPOCH);
        Lease { location: location.clone(), epoch: Epoch(self.epoch), until }
    }

    fn runs(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until > due_micros(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn holder(name: &str) -> LeaseHolder {
        LeaseHolder(name.to_owned())
    }

    fn ask(row: Option<&LeaseRow>, name: &str, seconds: i64) -> Option<LeaseRow> {
        let (row, has_it) = LeaseRow::after_request(row, &holder(name), at(seconds), TimeDelta::seconds(60));
        has_it.then_some(row)
    }

    fn location() -> LocationId {
        LocationId::new("2049025000431439").unwrap()
    }

    #[test]
    fn a_holder_renews_in_time_and_another_one_waits_until_the_expiry() {
        let first = ask(None, "a", 0).unwrap();
        assert_eq!((first.epoch, first.lease(&location()).until), (1, at(60)));
        assert_eq!(ask(Some(&first), "b", 59), None);
        let renewed = ask(Some(&first), "a", 59).unwrap();
        assert_eq!((renewed.epoch, renewed.lease(&location()).until), (1, at(119)));
        let taken = ask(Some(&renewed), "b", 119).unwrap();
        assert_eq!((taken.epoch, taken.holder.0.as_str()), (2, "b"));
    }

    #[test]
    fn a_holder_that_renews_too_late_gets_a_new_epoch() {
        let first = ask(None, "a", 0).unwrap();
        assert_eq!(ask(Some(&first), "a", 60).unwrap().epoch, 2);
    }

    #[test]
    fn a_clock_that_is_set_back_grants_no_second_lease() {
        let first = ask(None, "a", 0).unwrap();
        let given = first.lease(&location());
        let renewed = ask(Some(&first), "a", -50).unwrap();
        assert_eq!(
            renewed.lease(&location()).until,
            given.until,
            "the holder may rely on the expiry it was given"
        );
        assert_eq!(ask(Some(&renewed), "b", 59), None);
        assert!(LeaseRow::holds(Some(&renewed), &given, at(59)));

        let taken = ask(Some(&renewed), "b", 60).unwrap();
        assert!(!LeaseRow::holds(Some(&taken), &given, at(0)), "not by turning the clock back");
        let given_back = LeaseRow { until: None, ..taken };
        let lease = given_back.lease(&location());
        assert!(!LeaseRow::holds(Some(&given_back), &lease, DateTime::<Utc>::MIN_UTC));
    }

    #[test]
    fn after_a_clock_that_was_far_ahead_a_location_is_locked_for_one_hour_at_most() {
        let year = 365 * 24 * 3_600;
        let ahead = ask(None, "a", year).unwrap();
        let (asked, has_it) =
            LeaseRow::after_request(Some(&ahead), &holder("b"), at(0), TimeDelta::seconds(60));
        assert!(!has_it && asked.epoch == 1, "the holder may be in the middle of a call");
        assert_eq!(asked.lease(&location()).until, at(3_600));
        assert_eq!(ask(Some(&asked), "b", 3_599), None);
        assert_eq!(ask(Some(&asked), "b", 3_600).unwrap().epoch, 2);
    }

    #[test]
    fn a_lease_beyond_the_end_of_time_ends_with_time() {
        let forever = LeaseRow::after_request(None, &holder("a"), at(0), TimeDelta::MAX).0;
        assert!(forever.lease(&location()).until > at(1_000_000));
        assert_eq!(ask(Some(&forever), "b", 1_000_000), None);
        let never = LeaseRow::after_request(None, &holder("a"), at(0), TimeDelta::zero()).0;
        assert!(!LeaseRow::holds(Some(&never), &never.lease(&location()), at(0)));
    }
}
