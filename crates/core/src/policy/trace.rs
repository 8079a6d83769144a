//! The steps that led to a choice, and the choice that follows from the steps.

use serde::{Deserialize, Serialize};

use super::{Candidate, Choice, LicenseKind, NotRelevant, Owner, choice::Verdict};
use crate::{
    catalog::{Approval, PricingParam},
    id::LocationId,
    token::TokenName,
};

/// The steps that led to a choice, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<TraceStep>,
}

/// A step of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TraceStep {
    /// Whether the app may be distributed.
    Approval {
        /// Its approval.
        approval: Approval,
    },
    /// Whether a target means the recipient.
    Targets {
        /// Whether one does.
        given: bool,
    },
    /// A token that owns the app, in the order of rank.
    Owner {
        /// The token.
        token: TokenName,
        /// Its location.
        location: LocationId,
        /// The quality of the asset.
        pricing_param: PricingParam,
        /// What it says.
        says: OwnerSays,
    },
    /// The recipient holds a license that still stands: it stays, whatever its rank.
    HeldAlready {
        /// Which of the tokens that could give it, counted from 0 in the order of rank.
        n: usize,
    },
    /// Every token is for other groups; whether the app can be installed without a license.
    WithoutLicense {
        /// Why not, if not.
        impossible: Option<NotRelevant>,
    },
}

/// What a token that owns the app says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OwnerSays {
    /// It is restricted to groups, and the recipient is in none of them.
    OutOfScope,
    /// No kind of license is possible.
    Impossible {
        /// Why.
        why: NotRelevant,
    },
    /// It could give this kind.
    Gives {
        /// The kind.
        license: LicenseKind,
    },
}

impl TraceStep {
    pub(super) fn owner(owner: &Owner<'_>, verdict: Verdict) -> Self {
        let says = match verdict {
            Verdict::OutOfScope => OwnerSays::OutOfScope,
            Verdict::Impossible(why) => OwnerSays::Impossible { why },
            Verdict::Gives(license) => OwnerSays::Gives { license },
        };
        Self::Owner {
            token: owner.name.clone(),
            location: owner.location.clone(),
            pricing_param: owner.pricing_param.clone(),
            says,
        }
    }
}

impl Trace {
    /// The choice that follows from the steps alone: the same that was made. So a trace can be checked by whoever
    /// reads it.
    #[must_use]
    pub fn choice(&self) -> Choice {
        let (mut candidates, mut impossible) = (Vec::new(), None);
        for step in &self.steps {
            match step {
                TraceStep::Approval { approval: Approval::Awaiting } => return Choice::AwaitingApproval,
                TraceStep::Approval { approval: Approval::Refused } => return Choice::Refused,
                TraceStep::Targets { given: false } => return Choice::NotGiven,
                TraceStep::Approval { .. } | TraceStep::Targets { .. } => {}
                TraceStep::Owner { location, pricing_param, says, .. } => match says {
                    OwnerSays::OutOfScope => {}
                    OwnerSays::Impossible { why } => impossible = impossible.or(Some(*why)),
                    OwnerSays::Gives { license } => {
                        candidates.push(Candidate {
                            location: location.clone(),
                            pricing_param: pricing_param.clone(),
                            license: *license,
                        });
                    }
                },
                TraceStep::HeldAlready { n } => {
                    if let Some(first) = candidates.get_mut(..=*n) {
                        first.rotate_right(1);
                    }
                }
                TraceStep::WithoutLicense { impossible: None } => return Choice::Unlicensed,
                TraceStep::WithoutLicense { impossible: Some(why) } => {
                    return Choice::NotRelevant { why: *why };
                }
            }
        }
        if !candidates.is_empty() {
            return Choice::Licensed { candidates };
        }
        Choice::NotRelevant { why: impossible.unwrap_or(NotRelevant::NotOwned) }
    }
}

/// Something that may keep the steps.
pub(super) trait Tracing {
    fn step(&mut self, step: impl FnOnce() -> TraceStep);
}

/// Keeps nothing, and costs nothing.
pub(super) struct NoTrace;

impl Tracing for NoTrace {
    fn step(&mut self, _step: impl FnOnce() -> TraceStep) {}
}

impl Tracing for Trace {
    fn step(&mut self, step: impl FnOnce() -> TraceStep) {
        self.steps.push(step());
    }
}
