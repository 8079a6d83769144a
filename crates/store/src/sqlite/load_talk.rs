//! What a turn is given of the talk about a location.

use mdm_vpp_core::{id::TenantId, location::TalkRows};
use mdm_vpp_ports::{StoreError, TalkScope};
use rusqlite::Transaction;

use super::{
    heard_rows, load_seats, pool_rows, request_rows, talk_rows, token_rows, user_rows, waiting_rows,
};

/// Loads the rows that a scope names; `None` when the tenant has no token of the location.
pub(super) fn load(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &TalkScope,
) -> Result<Option<TalkRows>, StoreError> {
    let location = &scope.location;
    if !token_rows::is_known(transaction, tenant, location)? {
        return Ok(None);
    }
    let requests = request_rows::load(transaction, location, &scope.requests)?;
    let seats = load_seats::load(transaction, location, &scope.seats, &requests)?;
    Ok(Some(TalkRows {
        talk: talk_rows::load(transaction, location)?,
        pools: pool_rows::load(transaction, location, &scope.pools)?,
        users: user_rows::load(transaction, location, &scope.users, &seats)?,
        waiting: waiting_rows::load(transaction, location, &scope.waiting)?,
        walk_pages: if scope.walk_pages { talk_rows::load_pages(transaction, location)? } else { Vec::new() },
        notices: if scope.notices {
            heard_rows::notices(transaction, location, &requests)?
        } else {
            Vec::new()
        },
        requests,
        seats,
    }))
}
