//! Saving what changes in a talk.

use std::collections::BTreeSet;

use mdm_vpp_core::{catalog::AssetKey, id::TenantId, location::LocationChanges};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::{
    pool_numbers::PoolNumbers,
    request_rows, seat_rows, talk_rows,
    together::{all_four, both},
    token_rows, user_rows, waiting_rows,
    work::Work,
};
use crate::talk_places;

/// Where the changes of a talk belong.
pub(super) struct Place<'s> {
    pub(super) scope: Option<&'s LocationScope>,
    /// The numbers of pools that were read when the tenant was found to have the token of the location.
    pub(super) numbers: Option<PoolNumbers<'s>>,
}

/// Saves changes of the talk that the scope names. The pools of the same decision have to be saved before.
pub(super) async fn save(
    work: &Work<'_>,
    tenant: &TenantId,
    place: Place<'_>,
    changes: &LocationChanges,
) -> Result<(), StoreError> {
    let Some(location) = talk_places::check(place.scope, changes)? else { return Ok(()) };
    let seats = changes.seats.keys().map(|key| &key.asset);
    let assets: BTreeSet<&AssetKey> = seats.chain(changes.waitlist.keys().map(|key| &key.asset)).collect();
    // The tenant is locked, so tokens and numbers are what they were. Pools of the same decision may be new.
    let numbers = match place.numbers {
        Some(numbers) if numbers.has_all(&assets) => numbers,
        _ => {
            let known = token_rows::check_known(work, tenant, location);
            both(known, PoolNumbers::load(work, location, assets)).await?.1
        }
    };
    if let Some(talk) = &changes.state {
        talk_rows::put(work, talk).await?;
    }
    request_rows::forget(work, location, changes.forget_requests_before).await?;
    all_four(
        seat_rows::save(work, &numbers, &changes.seats),
        request_rows::put(work, location, &changes.requests),
        user_rows::put(work, location, &changes.users),
        waiting_rows::save(work, &numbers, &changes.waitlist),
    )
    .await?;
    if changes.forget_full_read_pages {
        talk_rows::forget_pages(work, location).await?;
    }
    talk_rows::put_pages(work, location, &changes.full_read_pages).await
}
