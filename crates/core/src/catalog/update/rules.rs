//! The rule set for updates, and the batches in which new versions go out.

use std::num::NonZeroU16;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::UpdateWindow;
use crate::catalog::AppKind;

/// A rule set for updates: who decides, how often versions go out, and at what times. Public and custom apps follow the
/// same rule set (MaaS360).
///
/// By default administrators decide app by app; batches of public apps go out every 7 days, those of custom apps every
/// 24 hours (MaaS360's numbers), at any time of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateRules {
    /// The mode, which says who decides.
    pub mode: UpdateMode,
    /// How often new versions of public apps go out.
    pub public_cadence: Cadence,
    /// How often new versions of custom apps go out.
    pub custom_cadence: Cadence,
    /// A time at which a batch goes out, UTC; every other batch is a whole number of cadences away. The default is
    /// 1970-01-01, so weekly batches go out on Thursdays at 00:00 UTC.
    pub batches_from: DateTime<Utc>,
    /// The windows in which devices may be updated, in their local time. A device may be updated while any of them is
    /// open. An empty list means at any time.
    pub windows: Vec<UpdateWindow>,
}

/// The mode, which says who decides about updates (MaaS360).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UpdateMode {
    /// The administrator decides by the app's flag "update automatically"; the user's switch has no effect.
    #[default]
    Administrator,
    /// The user decides by one switch for all apps; the app's flag has no effect.
    EndUser,
    /// Updates are off: users update by hand.
    Disabled,
}

strict!(UpdateMode { Administrator, EndUser, Disabled });

/// How often new versions go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cadence {
    /// At once, as soon as they are known.
    AtOnce,
    /// In batches. A version waits for the first batch after its publication, so at most this many hours.
    Batch {
        /// Hours between two batches.
        every_hours: NonZeroU16,
    },
}

strict!(Cadence { AtOnce, Batch { every_hours: NonZeroU16 } });

impl UpdateMode {
    /// All modes, in the order of the published table.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::EndUser, Self::Disabled];
}

impl UpdateRules {
    /// How often new versions of a kind of app go out.
    #[must_use]
    pub const fn cadence(&self, kind: AppKind) -> Cadence {
        match kind {
            AppKind::Public => self.public_cadence,
            AppKind::Custom => self.custom_cadence,
        }
    }
}

impl Default for UpdateRules {
    fn default() -> Self {
        // The smallest `NonZeroU16` is 1, and this is the only way to a larger one in a `const fn` without a panic.
        const fn every(hours: u16) -> Cadence {
            Cadence::Batch { every_hours: NonZeroU16::MIN.saturating_add(hours - 1) }
        }
        Self {
            mode: UpdateMode::default(),
            public_cadence: every(7 * 24),
            custom_cadence: every(24),
            batches_from: DateTime::UNIX_EPOCH,
            windows: Vec::new(),
        }
    }
}

/// Nanoseconds in an hour.
const NANOSECONDS_PER_HOUR: i128 = 3_600_000_000_000;

impl UpdateRules {
    /// The first batch at or after the publication of a version, UTC. It is less than one cadence away. `None` when
    /// that time cannot be represented.
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

/// A time as nanoseconds since 1970. An `i128` holds every time of the calendar; an `i64` would end in the year 2262.
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
    fn batches_go_out_at_whole_cadences_from_the_time_in_the_rule_set() {
        let rules = UpdateRules { batches_from: at(3600, 0), ..UpdateRules::default() };
        assert_eq!(rules.batch_of(AppKind::Custom, at(0, 0)), Some(at(3600, 0)));
        let at_once = UpdateRules { custom_cadence: Cadence::AtOnce, ..rules };
        assert_eq!(at_once.batch_of(AppKind::Custom, at(5, 0)), Some(at(5, 0)));
    }

    #[test]
    fn a_version_at_the_end_of_the_calendar_has_no_batch() {
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
