//! What a transaction is given of the talk about a location.

use mdm_vpp_core::{id::TenantId, location::LocationRows};
use mdm_vpp_ports::{LocationScope, StoreError};
use rusqlite::Transaction;

use super::{
    heard_rows, load_seats, pool_rows, request_rows, talk_rows, token_rows, user_rows, waiting_rows,
};

/// Loads the rows that a scope names; `None` when the tenant has no token of the location.
pub(super) fn load(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LocationScope,
) -> Result<Option<LocationRows>, StoreError> {
    let location = &scope.location;
    if !token_rows::is_known(transaction, tenant, location)? {
        return Ok(None);
    }
    let requests = request_rows::load(transaction, location, &scope.requests)?;
    let seats = load_seats::load(transaction, location, &scope.seats, &requests)?;
    Ok(Some(LocationRows {
        state: talk_rows::load(transaction, location)?,
        pools: pool_rows::load(transaction, location, &scope.pools)?,
        users: user_rows::load(transaction, location, &scope.users, &seats)?,
        waitlist: waiting_rows::load(transaction, location, &scope.waitlist)?,
        full_read_pages: if scope.full_read_pages {
            talk_rows::load_pages(transaction, location)?
        } else {
            Vec::new()
        },
        notified_events: if scope.notified_events {
            heard_rows::notices(transaction, location, &requests)?
        } else {
            Vec::new()
        },
        requests,
        seats,
    }))
}
