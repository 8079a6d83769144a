//! What a plan says, recipient by recipient.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Outcome, WaitsFor};
use crate::seats::SeatKey;

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
