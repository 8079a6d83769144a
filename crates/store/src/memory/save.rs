//! Saving a decision: first all that may be refused is checked, then all is changed.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::{LocationId, TenantId},
    location::LocationChanges,
    transaction::{AuditDraft, AuditEntry, AuditPosition, Decision, TokenChange},
};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::rows::{Rows, TenantState, TokenRow};
use crate::{sealing::KeyRing, talk_places};

impl Rows {
    /// Saves a decision as a whole. Nothing is changed when it fails.
    pub(super) fn save(
        &mut self,
        tenant: &TenantId,
        scope: Option<&LocationScope>,
        decision: Decision,
        keys: &KeyRing,
    ) -> Result<(), StoreError> {
        for change in &decision.tokens {
            self.check_location(tenant, change)?;
        }
        let unknown = TenantState::default();
        let state = self.tenants.get(tenant).map_or(&unknown, |rows| &rows.state);
        let tokens = state.changed_tokens(tenant, &decision.tokens, keys)?;
        state.check_places(scope, &decision, tokens.as_ref())?;
        let rows = self.tenants.entry(tenant.clone()).or_default();
        let audit = rows.state.apply(scope, decision, tokens);
        let turn = rows.state.turn;
        rows.audit.extend((0..).zip(audit).map(|(n, draft)| entry(turn, n, draft)));
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
    /// Refuses what needs a token or a pool that will not be there.
    fn check_places(
        &self,
        scope: Option<&LocationScope>,
        decision: &Decision,
        tokens: Option<&BTreeMap<LocationId, TokenRow>>,
    ) -> Result<(), StoreError> {
        let talk = talk_places::check(scope, &decision.location)?;
        let admissions = decision.admissions.iter().map(|admission| &admission.location);
        let pools = decision.pools.iter().map(|pool| &pool.location);
        let tokens = tokens.unwrap_or(&self.tokens);
        for location in admissions.chain(pools).chain(talk) {
            if !tokens.contains_key(location) {
                return Err(StoreError::UnknownToken { location: location.clone() });
            }
        }
        let Some(location) = talk else { return Ok(()) };
        let known = |asset: &AssetKey| {
            let fresh =
                || decision.pools.iter().any(|pool| pool.location == *location && pool.key() == *asset);
            self.pools.get(location).is_some_and(|pools| pools.contains_key(asset)) || fresh()
        };
        match talk_places::needed_pools(&decision.location).into_iter().find(|asset| !known(asset)) {
            Some(asset) => Err(StoreError::UnknownPool { location: location.clone(), asset: asset.clone() }),
            None => Ok(()),
        }
    }

    /// Changes what was checked, and gives back the lines for the audit log.
    fn apply(
        &mut self,
        scope: Option<&LocationScope>,
        decision: Decision,
        tokens: Option<BTreeMap<LocationId, TokenRow>>,
    ) -> Vec<AuditDraft> {
        self.turn = self.turn.saturating_add(1);
        for settled in &decision.completed {
            self.due.settle(settled);
        }
        if let Some(tokens) = tokens {
            self.tokens = tokens;
        }
        for app in decision.apps {
            self.apps.insert(app.adam_id, app);
        }
        for admission in decision.admissions {
            self.admissions.insert((admission.location.clone(), admission.adam_id), admission);
        }
        for pool in decision.pools {
            self.pools.entry(pool.location.clone()).or_default().insert(pool.key(), pool);
        }
        if let Some(scope) = scope.filter(|_| decision.location != LocationChanges::default()) {
            self.talks.entry(scope.location.clone()).or_default().apply(decision.location);
        }
        for due in &decision.jobs {
            self.due.note(due);
        }
        decision.audit
    }
}

fn entry(turn: u64, n: u32, draft: AuditDraft) -> AuditEntry {
    let AuditDraft { at, actor, act } = draft;
    AuditEntry { position: AuditPosition { transaction: turn, index: n }, at, actor, act }
}
