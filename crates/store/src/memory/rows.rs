//! All rows of the memory store, and what needs more than one tenant: leases, notifications, and the rule that a
//! location has one token.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditDraft, AuditEntry, AuditPosition, Decision, TokenChange},
};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, Receipt, ReceivedNotification, StoreError};

use super::tenant_state::TenantState;
use crate::{lease_row::LeaseRow, sealing::KeyRing};

/// All rows of all tenants.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) tenants: BTreeMap<TenantId, TenantRows>,
    /// By location alone: epochs strictly increase even when another tenant gets the location.
    leases: BTreeMap<LocationId, LeaseRow>,
}

/// The rows of one tenant. The audit log stands apart from the state, because it only grows.
#[derive(Default)]
pub(super) struct TenantRows {
    pub(super) state: TenantState,
    pub(super) audit: Vec<AuditEntry>,
}

impl Rows {
    /// Saves a decision as a whole. All that may be refused is checked before anything is changed, so a decision that
    /// is refused changes nothing.
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
        let transaction = rows.state.transactions();
        rows.audit.extend((0..).zip(audit).map(|(index, AuditDraft { at, actor, act })| AuditEntry {
            position: AuditPosition { transaction, index },
            at,
            actor,
            act,
        }));
        Ok(())
    }

    /// Refuses a new token of a location that another tenant has.
    fn check_location(&self, tenant: &TenantId, change: &TokenChange) -> Result<(), StoreError> {
        let location = change.token().id();
        let is_elsewhere =
            self.tenants.iter().any(|(other, rows)| other != tenant && rows.state.has_token(location));
        if is_elsewhere && matches!(change, TokenChange::Insert { .. }) {
            return Err(StoreError::LocationInOtherTenant { location: location.clone() });
        }
        Ok(())
    }

    /// Grants or renews a lease; `None` while another holder has it.
    pub(super) fn lease(
        &mut self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        now: DateTime<Utc>,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        if !self.has_token(tenant, location) {
            return Err(StoreError::UnknownToken { location: location.clone() });
        }
        let (row, is_granted) = LeaseRow::after_request(self.leases.get(location), holder, now, period);
        let lease = row.lease(location);
        self.leases.insert(location.clone(), row);
        Ok(is_granted.then_some(lease))
    }

    /// Gives a lease back, unless a later one was granted.
    pub(super) fn end_lease(&mut self, tenant: &TenantId, lease: &Lease) {
        if self.has_token(tenant, &lease.location) {
            let row = self.leases.get_mut(&lease.location);
            if let Some(row) = row.filter(|row| row.epoch == lease.epoch.0) {
                row.until = None;
            }
        }
    }

    /// Refuses a transaction whose lease is over.
    pub(super) fn check_lease(
        &self,
        tenant: &TenantId,
        scope: &LocationScope,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(lease) = &scope.lease else { return Ok(()) };
        let is_own = lease.location == scope.location && self.has_token(tenant, &scope.location);
        if is_own && LeaseRow::holds(self.leases.get(&scope.location), lease, now) {
            return Ok(());
        }
        Err(StoreError::LeaseLost { location: scope.location.clone() })
    }

    fn has_token(&self, tenant: &TenantId, location: &LocationId) -> bool {
        self.tenants.get(tenant).is_some_and(|rows| rows.state.has_token(location))
    }

    /// Records a notification for the tenant that has the location.
    pub(super) fn record(&mut self, notification: &ReceivedNotification) -> Receipt {
        let mut states = self.tenants.values_mut().map(|rows| &mut rows.state);
        match states.find(|state| state.has_token(&notification.location)) {
            Some(state) => state.record(notification),
            None => Receipt::UnknownLocation,
        }
    }
}
