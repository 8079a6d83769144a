//! Who may talk about a location.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, StoreError};

use super::rows::Rows;
use crate::lease_row::LeaseRow;

impl Rows {
    pub(super) fn lease(
        &mut self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        now: DateTime<Utc>,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        if !self.has_token(tenant, location) {
            return Err(StoreError::UnknownToken { location: location.clone() });
        }
        let (row, has_it) = LeaseRow::asked(self.leases.get(location), talker, now, period);
        let lease = row.lease(location);
        self.leases.insert(location.clone(), row);
        Ok(has_it.then_some(lease))
    }

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
        let own = lease.location == scope.location && self.has_token(tenant, &scope.location);
        if own && LeaseRow::holds(self.leases.get(&scope.location), lease, now) {
            return Ok(());
        }
        Err(StoreError::LeaseLost { location: scope.location.clone() })
    }

    fn has_token(&self, tenant: &TenantId, location: &LocationId) -> bool {
        self.tenants.get(tenant).is_some_and(|rows| rows.state.tokens.contains_key(location))
    }
}
