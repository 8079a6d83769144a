//! What one reading of the directory released so far: chunks must not add up to a company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ReleaseBound, TooManyReleases};
use crate::id::LocationId;

/// The releases without a trigger of their own, of one reading of the directory, over all transactions and apps.
///
/// One transaction for each app, or for each thousand devices, would stay below [`ReleaseBound`] each time and revoke everything
/// in the end. So make one tally for one reading of the directory, keep it until all that follows from the reading is
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
    /// A tally in which nothing was counted yet.
    #[must_use]
    pub const fn new(radius: ReleaseBound) -> Self {
        Self { bound: radius, locations: BTreeMap::new() }
    }

    /// Counts the releases of one transaction in one location that holds so many seats now, and judges all since the reading
    /// as [`ReleaseBound::check`] judges those of one transaction. The share is of what was held when the location was first
    /// counted, so that it does not grow as seats go back.
    ///
    /// ```
    /// use mdm_vpp_core::{id::LocationId, policy::ReleaseCount};
    ///
    /// let (mut tally, berlin) = (ReleaseCount::default(), LocationId::new("2049025000431439")?);
    /// assert!(tally.count(&berlin, 60, 1_000).is_ok());
    /// assert!(tally.count(&berlin, 60, 940).is_err(), "120 of 1,000");
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

    use super::*;
    use crate::testing::{location_id, shape};

    #[test]
    fn chunks_and_apps_add_up_and_the_share_is_of_what_was_held_at_first() {
        let (mut tally, berlin) = (ReleaseCount::default(), location_id("1"));
        for held in (905..=1_000).rev().step_by(19).take(5) {
            assert_eq!(tally.count(&berlin, 19, held), Ok(()), "each below the least number that asks");
        }
        let sum = TooManyReleases { releases: 114, held: 1_000 };
        assert_eq!(tally.count(&berlin, 19, 905), Err(sum));
        assert_eq!(tally.count(&berlin, 5, 905), Ok(()), "what was refused was not released: 100 of 1,000");
        assert!(tally.count(&berlin, 1, 900).is_err());
        assert_eq!(tally.count(&location_id("2"), 19, 100), Ok(()), "another location has its own sum");
    }

    #[test]
    fn a_sum_beyond_all_numbers_still_asks() {
        let (mut tally, berlin) = (ReleaseCount::new(ReleaseBound::default()), location_id("1"));
        assert_eq!(tally.count(&berlin, 19, 19), Ok(()));
        assert!(tally.count(&berlin, u64::MAX, 19).is_err());
    }

    #[test]
    fn a_tally_is_kept_between_turns() {
        let mut tally = ReleaseCount::default();
        tally.count(&location_id("1"), 19, 100).unwrap();
        let bound = json!({"percent": 10, "at_least": 20});
        shape(&tally, &json!({"bound": bound, "locations": {"1": {"held": 100, "releases": 19}}}));
        shape(&tally.locations[&location_id("1")], &json!({"held": 100, "releases": 19}));
    }
}
