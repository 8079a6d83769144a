//! What transactions load that is asked for in many places.

use mdm_vpp_core::{
    id::LocationId,
    token::Token,
    transaction::{Decision, Loaded, TokenChange},
};
use mdm_vpp_ports::{Apps, Lease, LoadScope, LocationScope, Pools, Requests, Seats, Tokens, VppUsers};

/// One token.
pub(crate) fn one_token(location: &LocationId) -> LoadScope {
    LoadScope::default().tokens(Tokens::Of(location.clone()))
}

/// All tokens, for rules between tokens.
pub(crate) fn all_tokens() -> LoadScope {
    LoadScope::default().tokens(Tokens::All)
}

/// What the page Token Details shows: the token, its assets and their apps.
pub(crate) fn token_page(location: &LocationId) -> LoadScope {
    one_token(location).assets_of(location.clone()).apps(Apps::AdmittedBy(location.clone()))
}

/// The location's own row, for a session that still holds its lease.
pub(crate) fn leased_scope(lease: &Lease) -> LocationScope {
    LocationScope::of(lease.location.clone()).lease(lease.clone())
}

/// Seats with their pools and users, for a session that still holds its lease.
pub(crate) fn seats_scope(lease: &Lease, seats: Seats) -> LocationScope {
    leased_scope(lease).pools(Pools::All).seats(seats).users(VppUsers::OfSeats)
}

/// Requests with their seats, and the pools and users of these, for a session that still holds its lease.
pub(crate) fn requests_scope(lease: &Lease, requests: Requests) -> LocationScope {
    seats_scope(lease, Seats::OfRequests).requests(requests)
}

/// A token as it is after a decision.
pub(crate) fn token_after(decision: &Decision, loaded: &Loaded, location: &LocationId) -> Option<Token> {
    let changed = decision.tokens.iter().map(TokenChange::token).find(|token| token.id() == location);
    changed.or_else(|| loaded.token(location)).cloned()
}
