//! Saving a decision.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::LocationChanges,
    seats::RequestNumber,
    transaction::Decision,
};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::{
    documents::{delete_all, put},
    driver::too_large,
    job_rows,
    pool_numbers::PoolNumbers,
    seat_rows, tenant_rows, token_rows, waitlist_rows,
    work::{Work, all_four, both},
};
use crate::{
    documents::{ADMISSIONS, APPS, FULL_READ_PAGES, LOCATION_STATES, POOLS, REQUESTS, VPP_USERS},
    placement,
    sealing::KeyRing,
};

/// The location that a decision may change.
pub(super) struct Place<'s> {
    pub(super) scope: Option<&'s LocationScope>,
    /// The numbers of its pools that the transaction read when it found that the tenant has the location's token.
    pub(super) numbers: Option<PoolNumbers<'s>>,
}

/// Saves a decision that was made after `transactions` transactions.
///
/// Tokens come before all that belongs to their locations, and pools before the seats that name them by number. Jobs come
/// last: the tenant's lock does not protect them, so another process that enqueues one waits from then on until this
/// transaction ends.
pub(super) async fn save(
    work: &Work<'_>,
    tenant: &TenantId,
    transactions: u64,
    place: Place<'_>,
    decision: &Decision,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let number = i64::try_from(transactions.saturating_add(1)).map_err(too_large("saving a transaction"))?;
    for change in &decision.tokens {
        token_rows::save(work, tenant, change, keys).await?;
    }
    put(work, &APPS, decision.apps.iter().map(|app| (tenant.as_str(), app))).await?;
    for location in locations(decision) {
        token_rows::check_known(work, tenant, location).await?;
    }
    let admissions = decision.admissions.iter();
    put(work, &ADMISSIONS, admissions.map(|admission| (admission.location.as_str(), admission))).await?;
    put(work, &POOLS, decision.pools.iter().map(|pool| (pool.location.as_str(), pool))).await?;
    // Without completed jobs the transaction can be counted now, together with the rest. With them the highest completed
    // generation is still unknown.
    let counted = async {
        if decision.completed.is_empty() { tenant_rows::count(work, tenant, number, 0).await } else { Ok(()) }
    };
    both(
        save_location(work, tenant, place, &decision.location),
        both(tenant_rows::write(work, tenant, number, &decision.audit), counted),
    )
    .await?;
    if !decision.completed.is_empty() {
        // This may wait for another process and fail, so nothing is sent behind it: the refusals of later statements
        // would hide that the failure was a lock.
        let generation = job_rows::complete(work, tenant, &decision.completed).await?;
        tenant_rows::count(work, tenant, number, generation).await?;
    }
    job_rows::enqueue(work, tenant, &decision.jobs).await
}

/// The locations whose assets a decision saves.
fn locations(decision: &Decision) -> BTreeSet<&LocationId> {
    let admissions = decision.admissions.iter().map(|admission| &admission.location);
    admissions.chain(decision.pools.iter().map(|pool| &pool.location)).collect()
}

/// Saves the changes of the location that the scope names.
async fn save_location(
    work: &Work<'_>,
    tenant: &TenantId,
    place: Place<'_>,
    changes: &LocationChanges,
) -> Result<(), StoreError> {
    let Some(location) = placement::check(place.scope, changes)? else { return Ok(()) };
    let assets = placement::changed_assets(changes);
    // The tenant is locked, so its tokens and the numbers of its pools are still what was read. Only pools of the same
    // decision may be new.
    let numbers = match place.numbers {
        Some(numbers) if numbers.has_all(&assets) => numbers,
        _ => {
            let known = token_rows::check_known(work, tenant, location);
            both(known, PoolNumbers::load(work, location, assets)).await?.1
        }
    };
    let owner = location.as_str();
    put(work, &LOCATION_STATES, changes.state.iter().map(|state| (owner, state))).await?;
    if let Some(before) = changes.forget_requests_before {
        delete_settled_requests(work, location, before).await?;
    }
    all_four(
        seat_rows::save(work, &numbers, &changes.seats),
        put(work, &REQUESTS, changes.requests.iter().map(|request| (owner, request))),
        put(work, &VPP_USERS, changes.users.iter().map(|user| (owner, user))),
        waitlist_rows::save(work, &numbers, &changes.waitlist),
    )
    .await?;
    if changes.forget_full_read_pages {
        // Before the new pages are put: those of a full read that begins must not go with the old ones.
        delete_all(work, &FULL_READ_PAGES, owner).await?;
    }
    put(work, &FULL_READ_PAGES, changes.full_read_pages.iter().map(|page| (owner, page))).await
}

/// Deletes the requests before a number that await no answer.
async fn delete_settled_requests(
    work: &Work<'_>,
    location: &LocationId,
    before: RequestNumber,
) -> Result<(), StoreError> {
    let before = i64::try_from(before.0).unwrap_or(i64::MAX);
    let sql = "DELETE FROM requests WHERE location = $1 AND number < $2 AND NOT open";
    work.doing(REQUESTS.writing).change(sql, &[&location.as_str(), &before]).await.map(drop)
}
