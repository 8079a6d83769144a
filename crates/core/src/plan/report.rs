//! The report of a plan by recipient, and its preview by seat.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Outcome, WaitsFor};
use crate::{id::LocationId, seats::SeatKey};

/// The outcomes of a plan for all recipients of an app: which get, keep or lose a license, which wait and for what, and
/// whose user has to pay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "the report says which recipients wait, lose a license or have to pay"]
pub struct Report<Id> {
    /// The recipients, by id, each once.
    pub lines: Vec<ReportLine<Id>>,
}

/// The outcome of a plan for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLine<Id> {
    /// The caller's id of the recipient.
    pub id: Id,
    /// The outcome.
    pub outcome: Outcome,
    /// The seat to which the recipient was moving and which it does not get any more.
    pub abandons: Option<SeatKey>,
}

impl<Id> Report<Id> {
    /// The recipients that wait, and what for.
    pub fn waiting(&self) -> impl Iterator<Item = (&Id, &WaitsFor)> {
        self.lines.iter().filter_map(|line| Some((&line.id, line.outcome.waits_for()?)))
    }

    /// The recipients that get a paid app without a license, so that their user has to buy it.
    pub fn users_pay(&self) -> impl Iterator<Item = &Id> {
        let pays =
            |line: &&ReportLine<Id>| matches!(line.outcome, Outcome::Unlicensed { user_pays: true, .. });
        self.lines.iter().filter(pays).map(|line| &line.id)
    }

    /// The number of recipients by [`Outcome::name`].
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

/// The seats of a plan, as sets: what Apple is asked for when the plan is carried out.
///
/// To preview a change, plan with the changed facts. The same function makes the plan that is then carried out, so the
/// preview holds unless other facts change in between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "the preview says which licenses a plan takes and gives back"]
pub struct Preview {
    /// Seats to be assigned.
    pub gains: BTreeSet<SeatKey>,
    /// Seats to be released.
    pub loses: BTreeSet<SeatKey>,
    /// Seats from which recipients move to others. They are not in `loses`.
    pub moves: Vec<SeatMove>,
    /// Seats that are held and stay so.
    pub keeps: BTreeSet<SeatKey>,
}

/// A seat that is released only after others were read as assigned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SeatMove {
    /// The seat that is left.
    pub from: SeatKey,
    /// The seats to which its recipients move.
    pub to: BTreeSet<SeatKey>,
}

impl Preview {
    /// The part of this preview that is not in another one. If `before` is the preview from the facts before a change,
    /// made at the same time, this is the effect of the change alone. The rest has other causes, such as the directory,
    /// and [`ReleaseBound`](crate::policy::ReleaseBound) limits it.
    pub fn beyond(&self, before: &Self) -> Self {
        let moves = self.moves.iter().filter(|moves| !before.moves.contains(moves));
        Self {
            gains: &self.gains - &before.gains,
            loses: &self.loses - &before.loses,
            moves: moves.cloned().collect(),
            keeps: self.keeps.clone(),
        }
    }

    /// Whether no seat is assigned and none is released.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.gains.is_empty() && self.loses.is_empty() && self.moves.is_empty()
    }

    /// The number of released seats by location, for [`ReleaseBound::check`](crate::policy::ReleaseBound::check) when
    /// no act asked for them.
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
