//! What transactions load.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::LocationId,
    token::Token,
    transaction::{Decision, Loaded, TokenChange},
};
use mdm_vpp_ports::{Apps, Lease, LoadScope, LocationScope, Pools, Requests, Seats, Tokens, VppUsers};

/// One token.
pub(crate) fn one_token(location: &LocationId) -> LoadScope {
    LoadScope { tokens: Tokens::Of(location.clone()), ..LoadScope::default() }
}

/// All tokens, for rules between tokens.
pub(crate) fn all_tokens() -> LoadScope {
    LoadScope { tokens: Tokens::All, ..LoadScope::default() }
}

/// What the page Token Details shows: the token, its assets and their apps.
pub(crate) fn token_page(location: &LocationId) -> LoadScope {
    LoadScope {
        assets_of: Some(location.clone()),
        apps: Apps::AdmittedBy(location.clone()),
        ..one_token(location)
    }
}

/// The location's own row and nothing else.
pub(crate) fn location_scope(location: &LocationId, lease: Option<&Lease>) -> LocationScope {
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

/// Seats with their pools and users, for a session that still holds its lease.
pub(crate) fn seats_scope(lease: &Lease, seats: Seats) -> LocationScope {
    LocationScope {
        pools: Pools::All,
        users: VppUsers::OfSeats,
        seats,
        ..location_scope(&lease.location, Some(lease))
    }
}

/// Requests with their seats, and the pools and users of these, for a session that still holds its lease.
pub(crate) fn requests_scope(lease: &Lease, requests: Requests) -> LocationScope {
    LocationScope { requests, ..seats_scope(lease, Seats::OfRequests) }
}

/// A token as it is after a decision.
pub(crate) fn token_after(decision: &Decision, loaded: &Loaded, location: &LocationId) -> Option<Token> {
    let changed = decision.tokens.iter().map(TokenChange::token).find(|token| token.id() == location);
    changed.or_else(|| loaded.token(location)).cloned()
}
