//! A directory that answers empty must not revoke a company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::LocationId;

/// How much a transaction may release without a trigger of its own before it stops and asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseBound {
    /// Percent of a location's held seats; 10 by default, 100 and more never ask.
    pub percent: u8,
    /// Up to so many releases nothing is asked; 20 by default.
    pub at_least: u32,
}

/// Too much would be released. Nothing of the transaction is saved until somebody confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "this would give back {releases} of {held} licenses without anybody having asked for it: \
     check the directory, then confirm the turn or let it be"
)]
pub struct TooManyReleases {
    /// Releases without a trigger of their own.
    pub releases: u64,
    /// Seats that the location holds now.
    pub held: u64,
}

impl TooManyReleases {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "too_many_releases"
    }
}

impl Default for ReleaseBound {
    fn default() -> Self {
        Self { percent: 10, at_least: 20 }
    }
}

impl ReleaseBound {
    /// Judges the releases of one transaction in one location. It has no memory: what follows from one reading of the directory
    /// in several transactions, or app by app, is counted in a [`ReleaseCount`](super::ReleaseCount). Only releases without a trigger of their own count: an act or
    /// event that the host named (a change applied, a device report) is a trigger, a difference found in the directory
    /// is none.
    ///
    /// ```
    /// use mdm_vpp_core::policy::ReleaseBound;
    ///
    /// assert!(ReleaseBound::default().check(19, 100).is_ok());
    /// assert!(ReleaseBound::default().check(20, 100).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooManyReleases`] from [`at_least`](Self::at_least) releases on, when they are more than
    /// [`percent`](Self::percent) of what is held.
    pub fn check(&self, releases: u64, held: u64) -> Result<(), TooManyReleases> {
        let more = u128::from(releases) * 100 > u128::from(held) * u128::from(self.percent);
        if self.percent < 100 && releases >= u64::from(self.at_least) && more {
            return Err(TooManyReleases { releases, held });
        }
        Ok(())
    }
}

/// The releases without a trigger of their own, of one reading of the directory, over all transactions and apps.
///
/// One transaction for each app, or for each thousand devices, would stay below [`ReleaseBound`] each time and revoke everything
/// in the end. So make one count for one reading of the directory, keep it until all that follows from the reading is
/// planned, and count every transaction in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseCount {
    /// How much may be released.
    pub bound: ReleaseBound,
    /// What was released so far.
    pub locations: BTreeMap<LocationId, LocationReleases>,
}

/// What was released in a location so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationReleases {
    /// Seats that the location held when it was first asked about.
    pub held: u64,
    /// Releases since then.
    pub releases: u64,
}

impl ReleaseCount {
    /// A count in which nothing was counted yet.
    #[must_use]
    pub const fn new(bound: ReleaseBound) -> Self {
        Self { bound, locations: BTreeMap::new() }
    }

    /// Counts the releases of one transaction in one location that holds so many seats now, and judges all since the reading
    /// as [`ReleaseBound::check`] judges those of one transaction. The share is of what was held when the location was first
    /// counted, so that it does not grow as seats go back.
    ///
    /// ```
    /// use mdm_vpp_core::{id::LocationId, policy::ReleaseCount};
    ///
    /// let (mut count, berlin) = (ReleaseCount::default(), LocationId::new("2049025000431439")?);
    /// assert!(count.count(&berlin, 60, 1_000).is_ok());
    /// assert!(count.count(&berlin, 60, 940).is_err(), "120 of 1,000");
    /// # Ok::<(), mdm_vpp_core::id::TextIdError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooManyReleases`] with the sum. The releases are not counted then: the transaction is not saved. A transaction that somebody
    /// confirmed is not asked about.
    pub fn count(&mut self, location: &LocationId, releases: u64, held: u64) -> Result<(), TooManyReleases> {
        let before = self.locations.get(location).copied().unwrap_or(LocationReleases { held, releases: 0 });
        let after = LocationReleases { releases: before.releases.saturating_add(releases), ..before };
        let verdict = self.bound.check(after.releases, after.held);
        self.locations.insert(location.clone(), if verdict.is_ok() { after } else { before });
        verdict
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{location_id, shape};

    use super::*;

    #[test]
    fn a_turn_asks_from_twenty_releases_on_and_above_ten_percent() {
        let asks = |releases, held| ReleaseBound::default().check(releases, held).is_err();
        assert!(!asks(19, 19), "few, though all");
        assert!(asks(20, 199) && !asks(20, 200), "exactly ten percent passes");
        assert!(asks(50_000, 50_000));
        assert_eq!(
            ReleaseBound::default().check(50, 50).map_err(|error| error.code()),
            Err("too_many_releases")
        );
        assert!(asks(20, 0), "releases of seats that nobody knew");
        assert!(asks(u64::MAX, u64::MAX));
    }

    #[test]
    fn the_setting_moves_both_bounds() {
        let never = ReleaseBound { percent: 100, at_least: 0 };
        assert!(never.check(10, 10).is_ok() && never.check(10, 5).is_ok());
        assert!(ReleaseBound { percent: u8::MAX, at_least: 0 }.check(u64::MAX, 0).is_ok());
        let always = ReleaseBound { percent: 0, at_least: 1 };
        assert!(always.check(1, 1_000_000).is_err() && always.check(0, 5).is_ok());
    }

    #[test]
    fn chunks_and_apps_add_up_and_the_share_is_of_what_was_held_at_first() {
        let (mut count, berlin) = (ReleaseCount::default(), location_id("1"));
        for held in (905..=1_000).rev().step_by(19).take(5) {
            assert_eq!(count.count(&berlin, 19, held), Ok(()), "each below the least number that asks");
        }
        let sum = TooManyReleases { releases: 114, held: 1_000 };
        assert_eq!(count.count(&berlin, 19, 905), Err(sum));
        assert_eq!(count.count(&berlin, 5, 905), Ok(()), "what was refused was not released: 100 of 1,000");
        assert!(count.count(&berlin, 1, 900).is_err());
        assert_eq!(count.count(&location_id("2"), 19, 100), Ok(()), "another location has its own sum");
    }

    #[test]
    fn a_sum_beyond_all_numbers_still_asks() {
        let (mut count, berlin) = (ReleaseCount::new(ReleaseBound::default()), location_id("1"));
        assert_eq!(count.count(&berlin, 19, 19), Ok(()));
        assert!(count.count(&berlin, u64::MAX, 19).is_err());
    }

    #[test]
    fn a_count_is_kept_between_turns() {
        let mut count = ReleaseCount::default();
        count.count(&location_id("1"), 19, 100).unwrap();
        let bound = json!({"percent": 10, "at_least": 20});
        shape(&count, &json!({"bound": bound, "locations": {"1": {"held": 100, "releases": 19}}}));
        shape(&count.locations[&location_id("1")], &json!({"held": 100, "releases": 19}));
    }
}
