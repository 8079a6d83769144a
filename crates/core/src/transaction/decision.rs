//! What a decision is given, and what it changes: saved as a whole, or not at all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    catalog::{Admission, App, Pool},
    id::{Actor, AdamId, LocationId},
    location::{LocationChanges, LocationRows},
    token::{ClaimHolder, ContentToken, Token},
    transaction::{AuditAct, AuditDraft, CompletedJob, Job, JobKind},
};

/// The rows of one tenant that a decision is given, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// How many transactions the tenant had.
    pub transaction: u64,
    /// Tokens, by location.
    pub tokens: Vec<Token>,
    /// Apps of the catalog.
    pub apps: BTreeMap<AdamId, App>,
    /// Which assets of a location were admitted to the catalog.
    pub admissions: BTreeMap<AdamId, Admission>,
    /// The pools of a location, by app and then by pricing.
    pub pools: Vec<Pool>,
    /// The assignments of one location, if they were asked for.
    pub location: Option<LocationRows>,
}

impl Loaded {
    /// The token of a location.
    #[must_use]
    pub fn token(&self, location: &LocationId) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id() == location)
    }
}

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
    /// What changes in the assignments of the location that was asked for.
    pub location: LocationChanges,
    /// Jobs to enqueue. A job that exists keeps the earlier time, and its generation grows by one.
    pub jobs: Vec<Job>,
    /// Jobs that were done.
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
    /// Changes what was loaded, as a store does: what the next transaction would be given if nothing else happened.
    ///
    /// It does what every store does to valid decisions, and refuses nothing: that names are unique, that the token of
    /// a location is there, is for stores to check. Rows that were not asked for appear when they are inserted or
    /// replaced. Tokens stay in the order of their locations, pools in the order of their keys; what changes in a
    /// location's assignments is applied when they were asked for ([`LocationChanges::apply_to`]). Secrets, jobs and
    /// the audit log are not among the rows that decisions are given.
    pub fn apply_to(&self, loaded: &mut Loaded) {
        loaded.transaction = loaded.transaction.saturating_add(1);
        for change in &self.tokens {
            let token = change.token();
            loaded.tokens.retain(|kept| kept.id() != token.id());
            loaded.tokens.push(token.clone());
        }
        loaded.tokens.sort_by(|one, other| one.id().cmp(other.id()));
        loaded.apps.extend(self.apps.iter().map(|app| (app.adam_id, app.clone())));
        let admissions = self.admissions.iter().map(|admission| (admission.adam_id, admission.clone()));
        loaded.admissions.extend(admissions);
        for pool in &self.pools {
            loaded.pools.retain(|kept| kept.location != pool.location || kept.key() != pool.key());
            loaded.pools.push(pool.clone());
        }
        loaded.pools.sort_by_key(Pool::key);
        if let Some(rows) = &mut loaded.location {
            let pools = self.pools.iter().filter(|pool| pool.location == rows.state.location);
            rows.pools.extend(pools.map(|pool| (pool.key(), pool.clone())));
            self.location.clone().apply_to(rows);
        }
    }

    /// Saves a token whose condition may have changed, with the audit lines that the change deserves.
    pub(crate) fn save_observed(&mut self, before: &Token, after: Token, now: DateTime<Utc>) {
        if before == &after {
            return;
        }
        let system = Actor::system();
        if before.condition.claim != ClaimHolder::Us && after.condition.claim == ClaimHolder::Us {
            let act = AuditAct::LocationClaimed { location: after.id().clone() };
            self.audit.push(AuditDraft { at: now, actor: system.clone(), act });
        }
        self.audit_status_change(before, &after, &system, now);
        self.tokens.push(TokenChange::Update { token: Box::new(after) });
    }

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

    /// Enqueues a claim of a location that is not claimed.
    pub(crate) fn enqueue_claim_if_unclaimed(&mut self, token: &Token, now: DateTime<Utc>) {
        if token.condition.claim == ClaimHolder::Unclaimed {
            self.jobs.push(Job::at(JobKind::ClaimLocation { location: token.id().clone() }, now));
        }
    }
}
