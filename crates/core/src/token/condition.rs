//! The condition of a token: the stored facts about its health, and how each observation changes them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::ErrorNumber,
    id::ClaimId,
    printable::printable_text,
    token::{MdmInfo, ReplyFacts},
};

/// The facts from which the status of a token follows. Several may hold at once;
/// [`TokenStatus::of`](crate::token::TokenStatus::of) says which one is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TokenCondition {
    /// The end of the token's life, UTC: as Apple's replies give it, before the first reply as the file gives it.
    pub expires_at: DateTime<Utc>,
    /// Set while Apple refuses the token itself.
    pub rejection: Option<Rejection>,
    /// The claim on the location, as the last reply showed it.
    pub claim: ClaimHolder,
    /// Set while Apple refuses writes with this token.
    pub read_only: Option<ReadOnly>,
    /// Whether the location's assets were read at least once.
    pub first_sync_done: bool,
}

/// Apple's refusal of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// What the error number says about the token.
    pub meaning: RejectionKind,
    /// Apple's error number.
    pub number: ErrorNumber,
    /// Apple's text, for people; control characters are replaced.
    pub message: String,
    /// When the refusal was first seen, UTC. Seeing it again does not move this time.
    pub since: DateTime<Utc>,
}

/// The meaning of Apple's refusal of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RejectionKind {
    /// 9625: Apple revoked the token.
    Revoked,
    /// 9601 or 9622: Apple does not know the token, or not any more.
    Invalid,
    /// 9621: the token's year is over.
    Expired,
}

impl RejectionKind {
    /// The meaning of an error number, or `None` for a number that is not about the token itself.
    ///
    /// Source: Apple's error table; that 9622 also comes for a dead token was observed in the wild.
    #[must_use]
    pub const fn of(number: ErrorNumber) -> Option<Self> {
        match number.0 {
            9625 => Some(Self::Revoked),
            9601 | 9622 => Some(Self::Invalid),
            9621 => Some(Self::Expired),
            _ => None,
        }
    }
}

/// The claim on a location, seen from this installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClaimHolder {
    /// No product claims it, or none has yet.
    Unclaimed,
    /// This installation claims it.
    Us,
    /// Another installation or product claims it.
    Other {
        /// How the claimant describes itself.
        mdm_info: MdmInfo,
    },
}

/// Apple's refusal of writes, while it still answers reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadOnly {
    /// What Apple's error number means.
    pub reason: ReadOnlyReason,
    /// Apple's text, control characters replaced.
    pub message: String,
}

/// The reason for which Apple lets a token read but not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ReadOnlyReason {
    /// 9637: the account that downloaded the token may not manage licenses.
    Role,
    /// 9645: Apple's own device management runs the location.
    ManagedByApple,
}

impl ReadOnlyReason {
    /// The reason behind an error number, or `None` for another error.
    #[must_use]
    pub const fn of(number: ErrorNumber) -> Option<Self> {
        match number.0 {
            9637 => Some(Self::Role),
            9645 => Some(Self::ManagedByApple),
            _ => None,
        }
    }
}

/// An event that changes a token's condition: an answer of Apple, a finished sync or a renewal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenObservation {
    /// A call with the token was answered.
    Answered(ReplyFacts),
    /// Apple accepted a claim. A claim is a write, so writes work.
    Claimed(ReplyFacts),
    /// Apple refused the token twice: once more after its secret was loaded again from the store. A single refusal
    /// may come from a secret that another process has just renewed.
    Rejected {
        /// What the error number says about the token.
        meaning: RejectionKind,
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Apple refused a write, but not the token.
    WriteRefused {
        /// What Apple's error number means.
        reason: ReadOnlyReason,
        /// Apple's text.
        message: String,
    },
    /// The location's assets were read and saved.
    Synced,
    /// An administrator replaced the token by a fresh one of the same location.
    Renewed {
        /// The end of the fresh token's life, UTC.
        expires_at: DateTime<Utc>,
    },
}

impl TokenCondition {
    /// The condition of a token that was just uploaded: only its end is known, UTC.
    #[must_use]
    pub const fn new(expires_at: DateTime<Utc>) -> Self {
        Self {
            expires_at,
            rejection: None,
            claim: ClaimHolder::Unclaimed,
            read_only: None,
            first_sync_done: false,
        }
    }

    /// Returns the condition after an observation at `now` (UTC). `claim` is the id under which this installation
    /// claims the location.
    ///
    /// Applying the same observation twice gives the same condition as applying it once.
    #[must_use]
    pub fn observe(&self, observation: &TokenObservation, claim: &ClaimId, now: DateTime<Utc>) -> Self {
        let mut after = self.clone();
        match observation {
            TokenObservation::Answered(facts) => after.record_reply(facts, claim),
            TokenObservation::Claimed(facts) => {
                after.record_reply(facts, claim);
                after.read_only = None;
            }
            TokenObservation::Rejected { meaning, number, message } => {
                // The time of the first refusal dates the expiry that `TokenStatus::of` shows, so a repeat keeps it.
                let since = match &self.rejection {
                    Some(earlier) if earlier.meaning == *meaning => earlier.since,
                    _ => now,
                };
                let message = printable_text(message);
                after.rejection = Some(Rejection { meaning: *meaning, number: *number, message, since });
            }
            TokenObservation::WriteRefused { reason, message } => {
                // Apple refused the write alone, so it accepted the token.
                after.rejection = None;
                after.read_only = Some(ReadOnly { reason: *reason, message: printable_text(message) });
            }
            TokenObservation::Synced => after.first_sync_done = true,
            TokenObservation::Renewed { expires_at } => {
                after.expires_at = *expires_at;
                after.rejection = None;
                after.read_only = None;
            }
        }
        after
    }

    /// Records a reply to a call with the token. A reply that was not refused proves that Apple accepts the token.
    fn record_reply(&mut self, facts: &ReplyFacts, claim: &ClaimId) {
        self.rejection = None;
        if let Some(expires_at) = facts.expires_at {
            self.expires_at = expires_at;
        }
        self.claim = ClaimHolder::of(facts, claim);
    }
}

impl ClaimHolder {
    /// The claim that a reply shows. `claim` is the id under which this installation claims the location.
    #[must_use]
    pub fn of(facts: &ReplyFacts, claim: &ClaimId) -> Self {
        match &facts.mdm_info {
            None => Self::Unclaimed,
            Some(info) if info.is_empty() => Self::Unclaimed,
            Some(info) if info.id == claim.as_str() => Self::Us,
            Some(info) => Self::Other { mdm_info: info.clone() },
        }
    }
}
