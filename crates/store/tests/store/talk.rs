//! Talks for the tests.

use std::collections::BTreeMap;

use mdm_vpp_core::{id::LocationId, transaction::Decision};
use mdm_vpp_ports::{Pools, Requests, Seats, TalkScope, TurnScope, VppUsers};

use crate::rows::{self, berlin};

/// A scope that names nothing but a location.
pub(crate) fn talk_of(location: &LocationId) -> TalkScope {
    TalkScope {
        location: location.clone(),
        lease: None,
        pools: Pools::None,
        seats: Seats::None,
        requests: Requests::None,
        users: VppUsers::None,
        waiting: BTreeMap::new(),
        walk_pages: false,
        notices: false,
    }
}

pub(crate) fn turn_of(talk: TalkScope) -> TurnScope {
    TurnScope { talk: Some(talk), ..TurnScope::default() }
}

pub(crate) fn upload() -> Decision {
    rows::upload(&berlin(), "Berlin", "secret")
}
