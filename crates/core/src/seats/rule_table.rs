//! The published table of the seat rule, asked from the rule itself.

use chrono::{DateTime, TimeDelta, Utc};

use crate::seats::{
    AssignReason, Desired, Direction, Fence, NextAction, Observed, Progress, RequestNumber, SeatError,
    UnassignReason, seat_rule,
};

/// A row of the table: for these inputs, combined in any way, the rule says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeatRuleRow {
    /// What is under way.
    pub progress: Vec<ProgressClass>,
    /// Which lost request stands in the way.
    pub fences: Vec<FenceClass>,
    /// What is desired.
    pub desired: Vec<DesiredClass>,
    /// What is known.
    pub observed: Vec<Observed>,
    /// What is to be done; `None` for nothing.
    pub action: Option<NextAction>,
}

/// What is desired, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DesiredClass {
    /// A license for the holder.
    Assigned,
    /// No license for the holder.
    Unassigned,
    /// Another product or a person gave the license; it is left alone.
    Foreign,
}

/// What is under way, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgressClass {
    /// Nothing.
    Idle,
    /// It waits to be put into a request.
    Queued,
    /// It is in a request.
    InRequest,
    /// It was given up.
    GivenUp,
}

/// Which lost request stands in the way, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FenceClass {
    /// No request was lost.
    None,
    /// A lost request may still be run.
    Standing {
        /// Its direction.
        direction: Direction,
    },
    /// A lost request is certainly run no more, but no read since then was taken in.
    Passed,
}

impl DesiredClass {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Assigned, Self::Unassigned, Self::Foreign];

    /// The direction of a request for it; `None` when none is ever sent.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        self.example().direction()
    }

    const fn example(self) -> Desired {
        match self {
            Self::Assigned => Desired::Assigned { because: AssignReason::Install },
            Self::Unassigned => Desired::Unassigned { because: UnassignReason::NotNeeded },
            Self::Foreign => Desired::Assigned { because: AssignReason::Foreign },
        }
    }
}

impl ProgressClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Idle, Self::Queued, Self::InRequest, Self::GivenUp];

    const fn example(self) -> Progress {
        match self {
            Self::Idle => Progress::Idle,
            Self::Queued => Progress::Queued { apart: None },
            Self::InRequest => Progress::InRequest { request: RequestNumber(1) },
            Self::GivenUp => Progress::GivenUp { error: SeatError::Unexplained },
        }
    }
}

impl FenceClass {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::None,
        Self::Standing { direction: Direction::Associate },
        Self::Standing { direction: Direction::Disassociate },
        Self::Passed,
    ];

    // The rule does not ask for the direction of a fence that has passed, so one example stands for both.
    fn example(self, now: DateTime<Utc>) -> Option<Fence> {
        match self {
            Self::None => None,
            Self::Standing { direction } => Some(Fence { direction, until: now + TimeDelta::minutes(1) }),
            Self::Passed => Some(Fence { direction: Direction::Associate, until: now }),
        }
    }
}

/// The table. Every combination of inputs is in exactly one row.
#[must_use]
pub fn seat_rule_table() -> Vec<SeatRuleRow> {
    let mut rows = every_input();
    merge(&mut rows, |row| &mut row.desired);
    merge(&mut rows, |row| &mut row.observed);
    merge(&mut rows, |row| &mut row.fences);
    merge(&mut rows, |row| &mut row.progress);
    rows
}

fn every_input() -> Vec<SeatRuleRow> {
    let now = DateTime::UNIX_EPOCH;
    let mut rows = Vec::new();
    for progress in ProgressClass::ALL {
        for fence in FenceClass::ALL {
            for desired in DesiredClass::ALL {
                rows.extend(Observed::ALL.map(|observed| SeatRuleRow {
                    progress: vec![progress],
                    fences: vec![fence],
                    desired: vec![desired],
                    observed: vec![observed],
                    action: seat_rule(
                        desired.example(),
                        observed,
                        &progress.example(),
                        fence.example(now),
                        now,
                    ),
                }));
            }
        }
    }
    rows
}

/// Joins rows that differ in nothing but one column.
fn merge<T: Clone + Ord>(rows: &mut Vec<SeatRuleRow>, column: fn(&mut SeatRuleRow) -> &mut Vec<T>) {
    let without = |row: &SeatRuleRow| {
        let mut row = row.clone();
        column(&mut row).clear();
        row
    };
    let mut merged: Vec<SeatRuleRow> = Vec::new();
    for row in rows.drain(..) {
        match merged.iter_mut().find(|one| without(one) == without(&row)) {
            Some(one) => column(one).extend(column(&mut row.clone()).iter().cloned()),
            None => merged.push(row),
        }
    }
    *rows = merged;
}

#[cfg(test)]
#[path = "rule_table_tests.rs"]
mod tests;
