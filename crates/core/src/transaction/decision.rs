//! What a decision changes: saved as a whole, or not at all.

use chrono::{DateTime, Utc};

use crate::{
    catalog::{Admission, App, Pool},
    id::Actor,
    location::LocationChanges,
    token::{ClaimHolder, ContentToken, Token},
    transaction::{AuditAct, AuditDraft, CompletedJob, Job, JobKind},
};

/// Everything that one decision changes. A store saves all of it in the transaction that loaded the input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// Tokens to insert or to change.
    pub tokens: Vec<TokenChange>,
    /// Apps to insert or to replace, by id.
    pub apps: Vec<App>,
    /// Admissions to insert or to replace, by location and app.
    pub admissions: Vec<Admission>,
    /// Pools to insert or to replace, by location, app and pricing.
    pub pools: Vec<Pool>,
    /// What changes in the talk with Apple about the location that was asked for.
    pub location: LocationChanges,
    /// What becomes due. A row that exists keeps the earlier time and counts one more.
    pub jobs: Vec<Job>,
    /// Jobs that were looked at.
    pub completed: Vec<CompletedJob>,
    /// Lines for the audit log, in order.
    pub audit: Vec<AuditDraft>,
}

/// A change of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenChange {
    /// A new token with its secret.
    Insert {
        /// The token.
        token: Box<Token>,
        /// Its secret, to be sealed.
        content_token: ContentToken,
    },
    /// A token as it is now; the secret stays.
    Update {
        /// The token.
        token: Box<Token>,
    },
    /// A token as it is now, with a fresh secret.
    Replace {
        /// The token.
        token: Box<Token>,
        /// Its secret, to be sealed.
        content_token: ContentToken,
    },
}

impl TokenChange {
    /// The token as it is after the change.
    #[must_use]
    pub const fn token(&self) -> &Token {
        match self {
            Self::Insert { token, .. } | Self::Update { token } | Self::Replace { token, .. } => token,
        }
    }
}

impl Decision {
    /// Notes a change of a token's status, if there is one.
    pub(crate) fn audit_status_change(
        &mut self,
        before: &Token,
        after: &Token,
        actor: &Actor,
        now: DateTime<Utc>,
    ) {
        let (from, to) = (before.status(now), after.status(now));
        if from.label() != to.label() {
            self.audit.push(AuditDraft {
                at: now,
                actor: actor.clone(),
                act: AuditAct::StatusChanged {
                    location: after.id().clone(),
                    from: from.label().to_owned(),
                    to: to.label().to_owned(),
                },
            });
        }
    }

    /// A location that nobody claims has to be claimed.
    pub(crate) fn enqueue_claim_if_unclaimed(&mut self, token: &Token, now: DateTime<Utc>) {
        if token.condition.claim == ClaimHolder::Unclaimed {
            self.jobs.push(Job::at(JobKind::ClaimLocation { location: token.id().clone() }, now));
        }
    }
}
