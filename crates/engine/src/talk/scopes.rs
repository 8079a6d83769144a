//! What the transactions of a talk load.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::LocationRows,
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{Lease, LoadScope, LocationScope, Pools, Requests, Seats, StoreError, Tokens, VppUsers};

use crate::vpp::Context;

/// The scope of a talk, with nothing but the location's own row.
pub(super) fn location_scope(location: &LocationId, lease: Option<&Lease>) -> LocationScope {
    LocationScope {
        location: location.clone(),
        lease: lease.cloned(),
        pools: Pools::None,
        seats: Seats::None,
        requests: Requests::None,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    }
}

/// Seats with their pools and users.
pub(super) fn seats_scope(lease: &Lease, seats: Seats) -> LocationScope {
    LocationScope {
        pools: Pools::All,
        users: VppUsers::OfSeats,
        seats,
        ..location_scope(&lease.location, Some(lease))
    }
}

/// Requests with their seats, and the pools and users of these.
pub(super) fn requests_scope(lease: &Lease, requests: Requests, of: Seats) -> LocationScope {
    LocationScope { requests, ..seats_scope(lease, of) }
}

pub(super) fn load_scope(talk: LocationScope) -> LoadScope {
    LoadScope { tokens: Tokens::None, location: Some(talk), ..LoadScope::default() }
}

impl Context {
    /// Saves a decision about a talk that cannot be refused.
    pub(super) async fn save_location(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        self.save(tenant, &load_scope(scope), move |loaded: &Loaded| {
            loaded.location.as_ref().map(&decide).unwrap_or_default()
        })
        .await
    }

    /// Saves a decision about a talk, and answers what it answered.
    pub(super) async fn decide_location<A: Send + Default + 'static>(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> (Decision, A) + Send + Sync + 'static,
    ) -> Result<A, StoreError> {
        let decide = move |loaded: &Loaded| {
            Ok::<_, std::convert::Infallible>(loaded.location.as_ref().map(&decide).unwrap_or_default())
        };
        match self.transact(tenant, &load_scope(scope), decide).await {
            Ok(answer) => Ok(answer),
            Err(crate::transact::TransactError::Store(error)) => Err(error),
            Err(crate::transact::TransactError::Refused(never)) => match never {},
        }
    }

    /// The rows of a talk as of one moment.
    pub(super) async fn load_location(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
    ) -> Result<Option<LocationRows>, StoreError> {
        Ok(self.store.load(tenant, &load_scope(scope)).await?.location)
    }
}
