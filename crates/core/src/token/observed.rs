//! Saving what was seen at Apple about a token.

use chrono::{DateTime, Utc};

use crate::{
    id::{Actor, ClaimId, LocationId},
    token::{ClaimHolder, Token, TokenObservation},
    turn::{AuditAct, AuditDraft, Decision, Loaded, TokenChange},
};

/// Decides what an observation changes. Applying a known fact gives an empty decision, and so does one about a
/// token that is not there any more.
#[must_use]
pub fn decide_observed(
    loaded: &Loaded,
    location: &LocationId,
    observation: &TokenObservation,
    claim: &ClaimId,
    now: DateTime<Utc>,
) -> Decision {
    let mut decision = Decision::default();
    if let Some(before) = loaded.token(location) {
        let condition = before.condition.observe(observation, claim, now);
        let after = Token { condition, ..before.clone() };
        decision.save_observed(before, after, now);
    }
    decision
}

impl Decision {
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
}
