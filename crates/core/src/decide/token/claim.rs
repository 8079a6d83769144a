//! Claiming a location from another MDM server, explicitly and on the record.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    id::{Actor, LocationId},
    token::{ClaimHolder, OperationRefusal, TokenOperation},
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded},
};

/// Why a claim is refused. No call was made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClaimRefusal {
    /// There is no such token.
    #[error("there is no token for location uId {location}: upload its token first")]
    UnknownToken {
        /// The location that was asked for.
        location: LocationId,
    },
    /// The token's status forbids it.
    #[error(transparent)]
    Operation(#[from] OperationRefusal),
}

impl ClaimRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownToken { .. } => "unknown_token",
            Self::Operation(_) => "forbidden_by_status",
        }
    }
}

/// Decides that a location is claimed because an administrator asked for it: the job is enqueued at once, and stays
/// until Apple holds the claim. A location that is ours already needs nothing.
///
/// # Errors
///
/// [`ClaimRefusal`] when there is no such token, or when Apple refuses it anyway.
pub fn decide_claim_location(
    loaded: &Loaded,
    location: &LocationId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Decision, ClaimRefusal> {
    let token =
        loaded.token(location).ok_or_else(|| ClaimRefusal::UnknownToken { location: location.clone() })?;
    token.status(now).check(TokenOperation::Claim)?;
    let mut decision = Decision::default();
    match &token.condition.claim {
        ClaimHolder::Us => return Ok(decision),
        ClaimHolder::Unclaimed => {}
        ClaimHolder::Other { mdm_info } => decision.audit.push(AuditDraft {
            at: now,
            actor: actor.clone(),
            act: AuditAct::TakeOverAsked { location: location.clone(), from: mdm_info.claimant() },
        }),
    }
    decision.jobs.push(Job::at(JobKind::TakeOverLocation { location: location.clone() }, now));
    Ok(decision)
}
