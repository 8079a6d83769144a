//! Saving what changes in a talk.

use std::collections::BTreeSet;

use mdm_vpp_core::{catalog::AssetKey, id::TenantId, location::LocationChanges};
use mdm_vpp_ports::{LocationScope, StoreError};
use rusqlite::Transaction;

use super::{
    pool_numbers::PoolNumbers, request_rows, seat_rows, talk_rows, token_rows, user_rows, waiting_rows,
};
use crate::talk_places;

/// Saves changes of the talk that the scope names. The pools of the same decision have to be saved before.
pub(super) fn save(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: Option<&LocationScope>,
    changes: &LocationChanges,
) -> Result<(), StoreError> {
    let Some(location) = talk_places::check(scope, changes)? else { return Ok(()) };
    token_rows::check_known(transaction, tenant, location)?;
    let seats = changes.seats.keys().map(|key| &key.asset);
    let assets: BTreeSet<&AssetKey> = seats.chain(changes.waitlist.keys().map(|key| &key.asset)).collect();
    let numbers = PoolNumbers::load(transaction, location, assets)?;
    if let Some(talk) = &changes.state {
        talk_rows::put(transaction, talk)?;
    }
    seat_rows::save(transaction, &numbers, &changes.seats)?;
    if let Some(before) = changes.forget_requests_before {
        request_rows::forget(transaction, location, before)?;
    }
    request_rows::put(transaction, location, &changes.requests)?;
    user_rows::put(transaction, location, &changes.users)?;
    waiting_rows::save(transaction, &numbers, &changes.waitlist)?;
    if changes.forget_full_read_pages {
        talk_rows::forget_pages(transaction, location)?;
    }
    talk_rows::put_pages(transaction, location, &changes.full_read_pages)
}
