//! Saving a decision.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::LocationChanges,
    seats::RequestNumber,
    transaction::{Decision, TokenChange},
};
use mdm_vpp_ports::{LocationScope, StoreError};
use rusqlite::{Transaction, params};

use super::{
    documents::{delete_all, put},
    driver::{change, too_large},
    job_rows,
    pool_numbers::PoolNumbers,
    seat_rows, tenant_rows, token_rows, waitlist_rows,
};
use crate::{
    documents::{ADMISSIONS, APPS, FULL_READ_PAGES, LOCATION_STATES, POOLS, REQUESTS, VPP_USERS},
    placement,
    sealing::KeyRing,
};

const WRITING: &str = "saving a transaction";

/// Saves a decision that was made after `transactions` transactions.
///
/// Completed jobs go before new ones come, so that a decision can move a job. Tokens come before all that belongs to
/// their locations, and pools before the seats that name them by number.
pub(super) fn save(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    transactions: u64,
    scope: Option<&LocationScope>,
    decision: &Decision,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let number = i64::try_from(transactions.saturating_add(1)).map_err(too_large(WRITING))?;
    tenant_rows::count(transaction, tenant, number)?;
    for completed in &decision.completed {
        job_rows::complete(transaction, tenant, completed)?;
    }
    for change in &decision.tokens {
        save_token(transaction, tenant, change, keys)?;
    }
    put(transaction, &APPS, tenant.as_str(), &decision.apps)?;
    save_assets(transaction, tenant, decision)?;
    save_location(transaction, tenant, scope, &decision.location)?;
    for job in &decision.jobs {
        job_rows::enqueue(transaction, tenant, job)?;
    }
    tenant_rows::write(transaction, tenant, number, &decision.audit)
}

fn save_token(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    change: &TokenChange,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let token = change.token();
    match change {
        TokenChange::Insert { .. } => token_rows::check_new(transaction, tenant, token)?,
        TokenChange::Update { .. } | TokenChange::Replace { .. } => {
            token_rows::check_changed(transaction, tenant, token)?;
        }
    }
    token_rows::put(transaction, tenant, token)?;
    match change {
        TokenChange::Insert { content_token, .. } | TokenChange::Replace { content_token, .. } => {
            token_rows::put_secret(transaction, tenant, token, content_token, keys)
        }
        TokenChange::Update { .. } => Ok(()),
    }
}

/// Saves admissions and pools, whose locations may be several.
fn save_assets(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    decision: &Decision,
) -> Result<(), StoreError> {
    let mut admissions: BTreeMap<&LocationId, Vec<_>> = BTreeMap::new();
    for admission in &decision.admissions {
        admissions.entry(&admission.location).or_default().push(admission);
    }
    let mut pools: BTreeMap<&LocationId, Vec<_>> = BTreeMap::new();
    for pool in &decision.pools {
        pools.entry(&pool.location).or_default().push(pool);
    }
    let locations: BTreeSet<_> = admissions.keys().chain(pools.keys()).copied().collect();
    for location in locations {
        token_rows::check_known(transaction, tenant, location)?;
    }
    for (location, admissions) in admissions {
        put(transaction, &ADMISSIONS, location.as_str(), admissions)?;
    }
    for (location, pools) in pools {
        put(transaction, &POOLS, location.as_str(), pools)?;
    }
    Ok(())
}

/// Saves the changes of the location that the scope names.
fn save_location(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: Option<&LocationScope>,
    changes: &LocationChanges,
) -> Result<(), StoreError> {
    let Some(location) = placement::check(scope, changes)? else { return Ok(()) };
    token_rows::check_known(transaction, tenant, location)?;
    let numbers = PoolNumbers::load(transaction, location, placement::changed_assets(changes))?;
    put(transaction, &LOCATION_STATES, location.as_str(), &changes.state)?;
    seat_rows::save(transaction, &numbers, &changes.seats)?;
    if let Some(before) = changes.forget_requests_before {
        delete_settled_requests(transaction, location, before)?;
    }
    put(transaction, &REQUESTS, location.as_str(), &changes.requests)?;
    put(transaction, &VPP_USERS, location.as_str(), &changes.users)?;
    waitlist_rows::save(transaction, &numbers, &changes.waitlist)?;
    if changes.forget_full_read_pages {
        // Before the new pages are put: those of a full read that begins must not go with the old ones.
        delete_all(transaction, &FULL_READ_PAGES, location.as_str())?;
    }
    put(transaction, &FULL_READ_PAGES, location.as_str(), &changes.full_read_pages)
}

/// Deletes the requests before a number that await no answer.
fn delete_settled_requests(
    transaction: &Transaction<'_>,
    location: &LocationId,
    before: RequestNumber,
) -> Result<(), StoreError> {
    let before = i64::try_from(before.0).unwrap_or(i64::MAX);
    let sql = "DELETE FROM requests WHERE location = ?1 AND number < ?2 AND open = 0";
    change(transaction, REQUESTS.writing, sql, params![location.as_str(), before]).map(drop)
}
