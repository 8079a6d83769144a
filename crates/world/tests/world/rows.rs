//! Looking at the stored rows of a location.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::LocationRows,
    seats::{Holder, SeatKey},
};
use mdm_vpp_ports::{LoadScope, LocationScope, Pools, Requests, Seats, Store, VppUsers};
use mdm_vpp_simulator::Assignment;

pub(crate) async fn rows(
    store: &dyn Store,
    tenant: &TenantId,
    location: &LocationId,
    seats: Seats,
    requests: Requests,
) -> LocationRows {
    let location = LocationScope {
        location: location.clone(),
        lease: None,
        pools: Pools::None,
        seats,
        requests,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    };
    let scope = LoadScope { location: Some(location), ..LoadScope::default() };
    store.load(tenant, &scope).await.unwrap().location.unwrap()
}

/// A seat as the simulated service knows it.
pub(crate) fn assignment(seat: &SeatKey) -> Assignment {
    let holder = match &seat.holder {
        Holder::Device { serial_number } => mdm_vpp_simulator::Holder::device(serial_number.as_str()),
        Holder::User { client_user_id } => mdm_vpp_simulator::Holder::user(client_user_id.as_str()),
    };
    Assignment::new(mdm_vpp_simulator::AdamId::new(seat.asset.adam_id.number()), holder)
}
