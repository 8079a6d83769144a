//! Which seats a plan takes, gives back and leaves as they are, before it is carried out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{id::LocationId, seats::SeatKey};

/// The seats of a plan, as sets: what Apple will be asked for when it is carried out.
///
/// A change is previewed by planning with the changed facts. The same function makes the plan that is then carried
/// out, so a preview holds as long as no other fact changes in between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a preview that nobody reads warns nobody"]
pub struct Preview {
    /// Seats to be granted.
    pub gains: BTreeSet<SeatKey>,
    /// Seats to be given back.
    pub loses: BTreeSet<SeatKey>,
    /// Seats that stay with those who hold them.
    pub keeps: BTreeSet<SeatKey>,
}

impl Preview {
    /// Whether nothing is granted and nothing given back.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.gains.is_empty() && self.loses.is_empty()
    }

    /// How many seats go back in each location: what [`BlastRadius::check`](crate::policy::BlastRadius::check) judges
    /// when nobody asked for it.
    #[must_use]
    pub fn releases(&self) -> BTreeMap<LocationId, u64> {
        let mut releases: BTreeMap<LocationId, u64> = BTreeMap::new();
        for seat in &self.loses {
            let count = releases.entry(seat.location.clone()).or_default();
            *count = count.saturating_add(1);
        }
        releases
    }
}
