//! When the batch goes out that a version is part of.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Cadence, UpdateRules};
use crate::catalog::AppKind;

const NANOSECONDS_PER_HOUR: i128 = 3_600_000_000_000;

impl UpdateRules {
    /// The first batch at or after the moment at which a version was published. It is less than one cadence away.
    /// `None` when that lies beyond the calendar.
    #[must_use]
    pub fn batch_of(&self, kind: AppKind, published_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Cadence::Batch { every_hours } = self.cadence(kind) else { return Some(published_at) };
        let every = i128::from(every_hours.get()).checked_mul(NANOSECONDS_PER_HOUR)?;
        let since = nanoseconds(published_at).checked_sub(nanoseconds(self.batches_from))?;
        let since_last = since.checked_rem_euclid(every)?;
        let wait = if since_last == 0 { 0 } else { every.checked_sub(since_last)? };
        published_at.checked_add_signed(TimeDelta::nanoseconds(i64::try_from(wait).ok()?))
    }
}

/// A time as a number, however far away.
fn nanoseconds(at: DateTime<Utc>) -> i128 {
    i128::from(at.timestamp())
        .saturating_mul(1_000_000_000)
        .saturating_add(i128::from(at.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64, nanoseconds: u32) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, nanoseconds).unwrap()
    }

    #[test]
    fn a_version_published_with_a_batch_is_part_of_it_and_one_a_moment_later_of_the_next() {
        let rules = UpdateRules::default();
        let day = 24 * 3600;
        assert_eq!(rules.batch_of(AppKind::Custom, at(day, 0)), Some(at(day, 0)));
        assert_eq!(rules.batch_of(AppKind::Custom, at(day, 1)), Some(at(2 * day, 0)));
        assert_eq!(rules.batch_of(AppKind::Public, at(day, 0)), Some(at(7 * day, 0)));
        assert_eq!(rules.batch_of(AppKind::Public, at(-day, 0)), Some(at(0, 0)));
    }

    #[test]
    fn batches_lie_where_the_rule_set_puts_them() {
        let rules = UpdateRules { batches_from: at(3600, 0), ..UpdateRules::default() };
        assert_eq!(rules.batch_of(AppKind::Custom, at(0, 0)), Some(at(3600, 0)));
        let at_once = UpdateRules { custom_cadence: Cadence::AtOnce, ..rules };
        assert_eq!(at_once.batch_of(AppKind::Custom, at(5, 0)), Some(at(5, 0)));
    }

    #[test]
    fn the_end_of_the_calendar_has_no_next_batch() {
        let rules = UpdateRules { batches_from: DateTime::<Utc>::MIN_UTC, ..UpdateRules::default() };
        assert_eq!(rules.batch_of(AppKind::Public, DateTime::<Utc>::MAX_UTC), None);
    }

    proptest! {
        #[test]
        fn a_batch_is_never_before_the_version_and_never_a_cadence_later(
            from in any::<i32>(), published in any::<i32>(), hours in 1u16..
        ) {
            let cadence = Cadence::Batch { every_hours: NonZeroU16::new(hours).unwrap() };
            let batches_from = at(i64::from(from), 7);
            let rules = UpdateRules { custom_cadence: cadence, batches_from, ..UpdateRules::default() };
            let published = at(i64::from(published), 3);
            let batch = rules.batch_of(AppKind::Custom, published).unwrap();
            prop_assert!(batch >= published);
            prop_assert!(batch - published < TimeDelta::hours(hours.into()));
            prop_assert_eq!((batch - batches_from).num_seconds() % (i64::from(hours) * 3600), 0);
        }
    }
}
