//! What is known about a token's health, and how each observation changes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::ErrorNumber,
    id::ClaimId,
    token::{MdmInfo, ReplyFacts},
};

/// Everything that the status of a token follows from. Several may hold at once;
/// [`TokenStatus::of`](crate::token::TokenStatus::of) says which one is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenCondition {
    /// The end of the token's life, UTC: Apple's word where there is one, else the file's.
    pub expires_at: DateTime<Utc>,
    /// Set while Apple refuses the token itself.
    pub rejection: Option<Rejection>,
    /// Who claims the location.
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
    /// What the refusal means.
    pub meaning: RejectionKind,
    /// Apple's error number.
    pub number: ErrorNumber,
    /// Apple's text, control characters replaced.
    pub message: String,
    /// When the refusal was first seen, UTC.
    pub since: DateTime<Utc>,
}

/// What a refusal of a token means.
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
    /// The meaning of an error number, or `None` for one that does not speak of the token itself.
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

/// Who claims a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClaimHolder {
    /// Nobody, or nobody yet.
    Unclaimed,
    /// This installation.
    Us,
    /// Somebody else.
    Other {
        /// Who it is, in his own words.
        mdm_info: MdmInfo,
    },
}

/// Apple's refusal of writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadOnly {
    /// Why.
    pub reason: ReadOnlyReason,
    /// Apple's text, control characters replaced.
    pub message: String,
}

/// Why Apple lets a token read but not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
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

/// Something seen at Apple that bears on a token's condition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenObservation {
    /// A call with the token was answered.
    Answered(ReplyFacts),
    /// A claim was answered: writes work.
    Claimed(ReplyFacts),
    /// Apple refused the token, twice: also after its secret was read again from the store.
    Rejected {
        /// What the refusal means.
        meaning: RejectionKind,
        /// Apple's error number.
        number: ErrorNumber,
        /// Apple's text.
        message: String,
    },
    /// Apple refused a write, but not the token.
    WriteRefused {
        /// Why.
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
    /// The condition of a token that was just uploaded: nothing known but its end.
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

    /// The condition after an observation at `now`. `claim` is the id under which this installation claims the
    /// location.
    ///
    /// The same observation twice gives the same condition.
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
                let since = match &self.rejection {
                    Some(earlier) if earlier.meaning == *meaning => earlier.since,
                    _ => now,
                };
                let message = crate::printable::printable_text(message);
                after.rejection = Some(Rejection { meaning: *meaning, number: *number, message, since });
            }
            TokenObservation::WriteRefused { reason, message } => {
                after.rejection = None;
                after.read_only =
                    Some(ReadOnly { reason: *reason, message: crate::printable::printable_text(message) });
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

    fn record_reply(&mut self, facts: &ReplyFacts, claim: &ClaimId) {
        self.rejection = None;
        if let Some(expires_at) = facts.expires_at {
            self.expires_at = expires_at;
        }
        self.claim = ClaimHolder::of(facts, claim);
    }
}

impl ClaimHolder {
    /// Who claims a location, by what a reply says and by the id of our own claim.
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
