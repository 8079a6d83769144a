//! Saving a decision: the new state of a tenant, or the reason why there is none.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token},
    turn::{AuditDraft, AuditEntry, AuditPosition, Decision, TokenChange},
};
use mdm_vpp_ports::StoreError;

use super::rows::{Rows, SealedSecret, TenantState, TokenRow};
use crate::{kept::seal_secret, sealing::KeyRing};

impl Rows {
    /// Saves a decision as a whole. Nothing is changed when it fails.
    pub(super) fn save(
        &mut self,
        tenant: &TenantId,
        decision: Decision,
        keys: &KeyRing,
    ) -> Result<(), StoreError> {
        let mut state = self.tenants.get(tenant).map(|rows| rows.state.clone()).unwrap_or_default();
        state.turn = state.turn.saturating_add(1);
        for settled in &decision.settled {
            state.due.settle(settled);
        }
        for change in decision.tokens {
            self.check_location(tenant, &change)?;
            state.change_token(tenant, change, keys)?;
        }
        for app in decision.apps {
            state.apps.insert(app.adam_id, app);
        }
        for admission in decision.admissions {
            state.check_token(&admission.location)?;
            state.admissions.insert((admission.location.clone(), admission.adam_id), admission);
        }
        for pool in decision.pools {
            state.check_token(&pool.location)?;
            state.pools.insert((pool.location.clone(), pool.key()), pool);
        }
        for due in &decision.due {
            state.due.note(due);
        }
        let turn = state.turn;
        let rows = self.tenants.entry(tenant.clone()).or_default();
        rows.state = state;
        rows.audit.extend((0..).zip(decision.audit).map(|(n, draft)| entry(turn, n, draft)));
        Ok(())
    }

    /// Refuses a new token of a location that another tenant has.
    fn check_location(&self, tenant: &TenantId, change: &TokenChange) -> Result<(), StoreError> {
        let location = change.token().id();
        let elsewhere = self
            .tenants
            .iter()
            .any(|(other, rows)| other != tenant && rows.state.tokens.contains_key(location));
        if elsewhere && matches!(change, TokenChange::Insert { .. }) {
            return Err(StoreError::LocationInOtherTenant { location: location.clone() });
        }
        Ok(())
    }
}

impl TenantState {
    fn change_token(
        &mut self,
        tenant: &TenantId,
        change: TokenChange,
        keys: &KeyRing,
    ) -> Result<(), StoreError> {
        let seal = |token: &Token, secret: &ContentToken| {
            let sealed = seal_secret(keys, tenant, token.id(), secret)?;
            Ok::<_, StoreError>(SealedSecret { sealed, generation: token.generation })
        };
        let location = change.token().id().clone();
        match &change {
            TokenChange::Insert { .. } if self.tokens.contains_key(&location) => {
                return Err(StoreError::LocationTaken { location });
            }
            TokenChange::Insert { .. } => {}
            TokenChange::Update { .. } | TokenChange::Replace { .. } => {
                self.check_token(&location)?;
            }
        }
        self.check_name(change.token())?;
        let row = match change {
            TokenChange::Insert { token, content_token } | TokenChange::Replace { token, content_token } => {
                TokenRow { secret: seal(&token, &content_token)?, token: *token }
            }
            TokenChange::Update { token } => {
                TokenRow { secret: self.check_token(&location)?.secret.clone(), token: *token }
            }
        };
        self.tokens.insert(location, row);
        Ok(())
    }

    /// The token of a location, or the refusal of what needs it.
    pub(super) fn check_token(&self, location: &LocationId) -> Result<&TokenRow, StoreError> {
        self.tokens.get(location).ok_or_else(|| StoreError::UnknownToken { location: location.clone() })
    }

    fn check_name(&self, token: &Token) -> Result<(), StoreError> {
        let name = &token.settings.detail.name;
        let folded = name.folded();
        let taken = self
            .tokens
            .values()
            .any(|row| row.token.id() != token.id() && row.token.settings.detail.name.folded() == folded);
        if taken { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
    }
}

fn entry(turn: u64, n: u32, draft: AuditDraft) -> AuditEntry {
    let AuditDraft { at, actor, act } = draft;
    AuditEntry { position: AuditPosition { turn, n }, at, actor, act }
}
