//! Talks for the tests.

use std::collections::BTreeMap;

use mdm_vpp_core::{id::LocationId, transaction::Decision};
use mdm_vpp_ports::{LoadScope, LocationScope, Pools, Requests, Seats, VppUsers};

use crate::rows::{self, berlin};

/// A scope that names nothing but a location.
pub(crate) fn talk_of(location: &LocationId) -> LocationScope {
    LocationScope {
        location: location.clone(),
        lease: None,
        pools: Pools::None,
        seats: Seats::None,
        requests: Requests::None,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    }
}

pub(crate) fn turn_of(talk: LocationScope) -> LoadScope {
    LoadScope { location: Some(talk), ..LoadScope::default() }
}

pub(crate) fn upload() -> Decision {
    rows::upload(&berlin(), "Berlin", "secret")
}
