//! Saving what changes in a talk.

use std::collections::BTreeSet;

use mdm_vpp_core::{catalog::AssetKey, id::TenantId, location::TalkChanges};
use mdm_vpp_ports::{StoreError, TalkScope};
use rusqlite::Transaction;

use super::{
    pool_numbers::PoolNumbers, request_rows, seat_rows, talk_rows, token_rows, user_rows, waiting_rows,
};
use crate::talk_places;

/// Saves changes of the talk that the scope names. The pools of the same decision have to be saved before.
pub(super) fn save(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: Option<&TalkScope>,
    changes: &TalkChanges,
) -> Result<(), StoreError> {
    let Some(location) = talk_places::check(scope, changes)? else { return Ok(()) };
    token_rows::check_known(transaction, tenant, location)?;
    let seats = changes.seats.keys().map(|key| &key.asset);
    let assets: BTreeSet<&AssetKey> = seats.chain(changes.waiting.keys().map(|key| &key.asset)).collect();
    let numbers = PoolNumbers::load(transaction, location, assets)?;
    if let Some(talk) = &changes.talk {
        talk_rows::put(transaction, talk)?;
    }
    seat_rows::save(transaction, &numbers, &changes.seats)?;
    if let Some(before) = changes.forget_requests_before {
        request_rows::forget(transaction, location, before)?;
    }
    request_rows::put(transaction, location, &changes.requests)?;
    user_rows::put(transaction, location, &changes.users)?;
    waiting_rows::save(transaction, &numbers, &changes.waiting)?;
    if changes.forget_walk_pages {
        talk_rows::forget_pages(transaction, location)?;
    }
    talk_rows::put_pages(transaction, location, &changes.walk_pages)
}
