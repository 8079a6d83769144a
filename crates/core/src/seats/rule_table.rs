//! The published table of the seat rule, asked from the rule itself.

use chrono::{DateTime, TimeDelta, Utc};

use crate::seats::{
    AssignReason, Desired, Direction, Fence, Observed, Progress, RequestNumber, SeatError, SeatStep,
    UnassignReason, seat_rule,
};

/// A row: for each of these inputs, combined in any way, the rule says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeatRuleRow {
    /// What is under way.
    pub motions: Vec<ProgressClass>,
    /// What stands in the way.
    pub fences: Vec<FenceClass>,
    /// What is desired.
    pub wants: Vec<DesiredClass>,
    /// What is known.
    pub seen: Vec<Observed>,
    /// What is to be done. Times and numbers in it are of no meaning.
    pub step: SeatStep,
}

/// What is desired, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DesiredClass {
    /// A license.
    Hold,
    /// None.
    Free,
    /// It is somebody else's.
    Foreign,
}

/// What is under way, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgressClass {
    /// Nothing.
    Still,
    /// It waits for the session.
    Queued,
    /// It is in a request.
    InRequest,
    /// It was given up.
    GivenUp,
}

/// What stands in the way, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FenceClass {
    /// Nothing.
    None,
    /// A lost request may still be run.
    Standing {
        /// Its direction.
        direction: Direction,
    },
    /// A lost request is certainly run no more; no reading since then was taken in.
    Passed,
}

impl DesiredClass {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hold, Self::Free, Self::Foreign];

    const fn example(self) -> Desired {
        match self {
            Self::Hold => Desired::Assigned { because: AssignReason::Install },
            Self::Free => Desired::Unassigned { because: UnassignReason::NotNeeded },
            Self::Foreign => Desired::Assigned { because: AssignReason::Foreign },
        }
    }
}

impl ProgressClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Still, Self::Queued, Self::InRequest, Self::GivenUp];

    const fn example(self) -> Progress {
        match self {
            Self::Still => Progress::Idle,
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

    /// The rule does not ask for the direction of a fence that has passed.
    fn example(self, now: DateTime<Utc>) -> Option<Fence> {
        match self {
            Self::None => None,
            Self::Standing { direction } => Some(Fence { direction, until: now + TimeDelta::minutes(1) }),
            Self::Passed => Some(Fence { direction: Direction::Associate, until: now }),
        }
    }
}

impl Observed {
    /// All of them, from no knowledge to the most.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Unassigned, Self::Reported, Self::Assigned];
}

/// The table. Every combination of inputs is in exactly one row.
#[must_use]
pub fn seat_rule_table() -> Vec<SeatRuleRow> {
    let mut rows = every_input();
    merge(&mut rows, |row| &mut row.wants);
    merge(&mut rows, |row| &mut row.seen);
    merge(&mut rows, |row| &mut row.fences);
    merge(&mut rows, |row| &mut row.motions);
    rows
}

fn every_input() -> Vec<SeatRuleRow> {
    let now = DateTime::UNIX_EPOCH;
    let mut rows = Vec::new();
    for motion in ProgressClass::ALL {
        for fence in FenceClass::ALL {
            for want in DesiredClass::ALL {
                for seen in Observed::ALL {
                    let step = seat_rule(want.example(), seen, &motion.example(), fence.example(now), now);
                    rows.push(SeatRuleRow {
                        motions: vec![motion],
                        fences: vec![fence],
                        wants: vec![want],
                        seen: vec![seen],
                        step,
                    });
                }
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
