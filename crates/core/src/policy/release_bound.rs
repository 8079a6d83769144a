//! The bound on releases that no act asked for: a directory that answers empty must not revoke every license.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::LocationId;

/// The number of seats that a transaction may release without an act or event that asked for it. Above the bound it
/// stops, and an administrator has to confirm it. The numbers are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseBound {
    /// Percent of a location's held seats; 10 by default. From 100 on there is no bound.
    pub percent: u8,
    /// The smallest number of releases that can exceed the bound; 20 by default. It lets small tenants work normally.
    pub at_least: u32,
}

/// The refusal of a transaction that would release too many seats. Nothing of it is saved until an administrator
/// confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{releases} of {held} licenses would be given back although no act asked for it: \
     check the directory, then confirm the change or cancel it"
)]
pub struct TooManyReleases {
    /// Releases that no act or event asked for.
    pub releases: u64,
    /// Seats that the location holds.
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
    /// Checks the releases of one transaction in one location.
    ///
    /// Only releases that no act or event asked for count. A change that an administrator applied and a device report
    /// are such acts and events; a difference found in the directory is not. This check has no memory: count what
    /// follows from one read of the directory, in several transactions or app by app, in a [`ReleaseCount`].
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
    /// [`TooManyReleases`] when there are [`at_least`](Self::at_least) releases or more, and they are more than
    /// [`percent`](Self::percent) of the held seats.
    pub fn check(&self, releases: u64, held: u64) -> Result<(), TooManyReleases> {
        let more = u128::from(releases) * 100 > u128::from(held) * u128::from(self.percent);
        if self.percent < 100 && releases >= u64::from(self.at_least) && more {
            return Err(TooManyReleases { releases, held });
        }
        Ok(())
    }
}

/// The releases that no act asked for, summed over all transactions and apps that follow from one read of the
/// directory.
///
/// One transaction for each app, or for each thousand devices, would stay below [`ReleaseBound`] each time, and
/// together they would revoke everything. So make one count for each read of the directory, keep it until all that
/// follows from the read is planned, and count every transaction in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReleaseCount {
    /// The bound for the sum in each location.
    pub bound: ReleaseBound,
    /// The releases so far, by location.
    pub locations: BTreeMap<LocationId, LocationReleases>,
}

/// The releases in one location so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LocationReleases {
    /// Seats that the location held when it was first counted.
    pub held: u64,
    /// Releases since then.
    pub releases: u64,
}

impl ReleaseCount {
    /// An empty count.
    #[must_use]
    pub const fn new(bound: ReleaseBound) -> Self {
        Self { bound, locations: BTreeMap::new() }
    }

    /// Counts the releases of one transaction in a location that holds `held` seats now, and checks the sum as
    /// [`ReleaseBound::check`] does.
    ///
    /// The percentage is of the seats that were held when the location was first counted. Otherwise it would rise with
    /// each release.
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
    /// [`TooManyReleases`] with the sum. Then the releases are not counted, because the transaction is not saved. Do
    /// not count a transaction that an administrator confirmed.
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
    fn a_transaction_is_refused_from_twenty_releases_on_and_above_ten_percent() {
        let refused = |releases, held| ReleaseBound::default().check(releases, held).is_err();
        assert!(!refused(19, 19), "few, though all");
        assert!(refused(20, 199) && !refused(20, 200), "exactly ten percent passes");
        assert!(refused(50_000, 50_000));
        assert_eq!(
            ReleaseBound::default().check(50, 50).map_err(|error| error.code()),
            Err("too_many_releases")
        );
        assert!(refused(20, 0), "more releases than held seats");
        assert!(refused(u64::MAX, u64::MAX));
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
    fn transactions_add_up_and_the_percentage_is_of_the_seats_held_at_first() {
        let (mut count, berlin) = (ReleaseCount::default(), location_id("1"));
        for held in (905..=1_000).rev().step_by(19).take(5) {
            assert_eq!(
                count.count(&berlin, 19, held),
                Ok(()),
                "each below the smallest number that is refused"
            );
        }
        let sum = TooManyReleases { releases: 114, held: 1_000 };
        assert_eq!(count.count(&berlin, 19, 905), Err(sum));
        assert_eq!(count.count(&berlin, 5, 905), Ok(()), "what was refused was not released: 100 of 1,000");
        assert!(count.count(&berlin, 1, 900).is_err());
        assert_eq!(count.count(&location_id("2"), 19, 100), Ok(()), "another location has its own sum");
    }

    #[test]
    fn a_sum_beyond_the_largest_number_is_still_refused() {
        let (mut count, berlin) = (ReleaseCount::new(ReleaseBound::default()), location_id("1"));
        assert_eq!(count.count(&berlin, 19, 19), Ok(()));
        assert!(count.count(&berlin, u64::MAX, 19).is_err());
    }

    #[test]
    fn a_count_is_stored_between_transactions() {
        let mut count = ReleaseCount::default();
        count.count(&location_id("1"), 19, 100).unwrap();
        let bound = json!({"percent": 10, "at_least": 20});
        shape(&count, &json!({"bound": bound, "locations": {"1": {"held": 100, "releases": 19}}}));
        shape(&count.locations[&location_id("1")], &json!({"held": 100, "releases": 19}));
    }
}
