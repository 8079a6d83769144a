//! What a plan says, recipient by recipient.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Outcome, WaitsFor};
use crate::{id::LocationId, seats::SeatKey};

/// What a plan says about every recipient of an app: who gets a license, who keeps or loses one, who waits and for
/// what, and who has to pay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a report that nobody reads hides who waits, who loses a license and who has to pay"]
pub struct Report<Id> {
    /// The recipients, by id, each once.
    pub lines: Vec<ReportLine<Id>>,
}

/// What a plan says about one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLine<Id> {
    /// The recipient, as the caller knows him.
    pub id: Id,
    /// What is said.
    pub outcome: Outcome,
    /// The seat that he was on his way to, and gets no more.
    pub abandons: Option<SeatKey>,
}

impl<Id> Report<Id> {
    /// Who waits, and for what.
    pub fn waiting(&self) -> impl Iterator<Item = (&Id, &WaitsFor)> {
        self.lines.iter().filter_map(|line| Some((&line.id, line.outcome.waits_for()?)))
    }

    /// Who gets a paid app without a license, so that its user has to buy it.
    pub fn users_pay(&self) -> impl Iterator<Item = &Id> {
        let pays =
            |line: &&ReportLine<Id>| matches!(line.outcome, Outcome::Unlicensed { user_pays: true, .. });
        self.lines.iter().filter(pays).map(|line| &line.id)
    }

    /// How many recipients there are of each [`Outcome::name`].
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        for line in &self.lines {
            let count = counts.entry(line.outcome.name()).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

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
    /// Seats that their users move away from. They are not among `loses`.
    pub moves: Vec<SeatMove>,
    /// Seats that stay with those who hold them.
    pub keeps: BTreeSet<SeatKey>,
}

/// A seat that is given back only when others were read as present.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatMove {
    /// The seat that is left.
    pub from: SeatKey,
    /// The seats that those who leave it go to.
    pub to: BTreeSet<SeatKey>,
}

impl Preview {
    /// What is granted and given back by this plan and was not by another one: with a plan of the same moment from the
    /// facts before a change, what the change alone does. The rest has other causes, such as the directory, and the
    /// blast radius judges it.
    pub fn beyond(&self, before: &Self) -> Self {
        let moves = self.moves.iter().filter(|moves| !before.moves.contains(moves));
        Self {
            gains: &self.gains - &before.gains,
            loses: &self.loses - &before.loses,
            moves: moves.cloned().collect(),
            keeps: self.keeps.clone(),
        }
    }

    /// Whether nothing is granted and nothing given back.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.gains.is_empty() && self.loses.is_empty() && self.moves.is_empty()
    }

    /// How many seats go back in each location: what [`ReleaseBound::check`](crate::policy::ReleaseBound::check) judges
    /// when nobody asked for it.
    #[must_use]
    pub fn releases(&self) -> BTreeMap<LocationId, u64> {
        let mut releases: BTreeMap<LocationId, u64> = BTreeMap::new();
        for seat in self.loses.iter().chain(self.moves.iter().map(|moves| &moves.from)) {
            let count = releases.entry(seat.location.clone()).or_default();
            *count = count.saturating_add(1);
        }
        releases
    }
}
