//! What a transaction loads for its decision. Statements that do not need each other's answers are sent together.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, ClientUserId, LocationId, TenantId},
    location::{LocationRows, LocationState},
    seats::{Holder, Request, Seat, SeatKey, VppUser},
    transaction::Loaded,
};
use mdm_vpp_ports::{Apps, LoadScope, LocationScope, Requests, StoreError, Tokens, VppUsers};

use super::{
    documents::{load_all, load_flagged, load_these, read},
    notification_rows,
    pool_numbers::PoolNumbers,
    seat_rows, token_rows, waitlist_rows,
    work::{Work, all_four, both},
};
use crate::documents::{
    ADMISSIONS, APPS, FULL_READ_PAGES, LOCATION_STATES, OPEN, POOLS, REQUESTS, TO_DO, VPP_USERS,
};

/// Loads what a scope names, as the transaction sees it, and the numbers of the location's pools that were read. The
/// number of the tenant's transactions is read elsewhere, with the lock.
pub(super) async fn load<'s>(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: &'s LoadScope,
) -> Result<(Loaded, Option<PoolNumbers<'s>>), StoreError> {
    let tokens = match &scope.tokens {
        Tokens::None => Vec::new(),
        Tokens::Of(location) => token_rows::load(work, tenant, Some(location)).await?,
        Tokens::All => token_rows::load(work, tenant, None).await?,
    };
    let apps = load_apps(work, tenant, &scope.apps).await?;
    let mut loaded = Loaded { tokens, apps, ..Loaded::default() };
    // Assets are a tenant's through the token of their location.
    if let Some(location) = &scope.assets_of
        && token_rows::is_known(work, tenant, location).await?
    {
        loaded.admissions = load_all(work, &ADMISSIONS, location.as_str()).await?;
        loaded.pools = load_all(work, &POOLS, location.as_str()).await?.into_values().collect();
    }
    let mut numbers = None;
    if let Some(location) = &scope.location {
        (loaded.location, numbers) = load_location(work, tenant, location).await?.unzip();
    }
    Ok((loaded, numbers))
}

async fn load_apps(
    work: &Work<'_>,
    tenant: &TenantId,
    apps: &Apps,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    match apps {
        Apps::None => Ok(BTreeMap::new()),
        Apps::These(ids) => load_these(work, &APPS, tenant.as_str(), ids.iter()).await,
        Apps::AdmittedBy(location) => {
            let sql = "SELECT apps.tenant, apps.adam_id, apps.document FROM admissions
                       JOIN tokens ON tokens.location = admissions.location
                       JOIN apps ON apps.tenant = tokens.tenant AND apps.adam_id = admissions.adam_id
                       WHERE tokens.tenant = $1 AND admissions.location = $2";
            let doing = work.doing(APPS.reading);
            read(&APPS, &doing.rows(sql, &[&tenant.as_str(), &location.as_str()]).await?)
        }
        Apps::All => load_all(work, &APPS, tenant.as_str()).await,
    }
}

/// Loads the rows of a location that a scope names, with the numbers of its pools; `None` when the tenant has no token of
/// the location. Rows of another tenant may be read before that is known, and are dropped then.
async fn load_location<'s>(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: &'s LocationScope,
) -> Result<Option<(LocationRows, PoolNumbers<'s>)>, StoreError> {
    let location = &scope.location;
    let (is_known, mut states, (pools, numbers), requests) = all_four(
        token_rows::is_known(work, tenant, location),
        load_all(work, &LOCATION_STATES, location.as_str()),
        PoolNumbers::load_with_pools(work, scope),
        load_requests(work, location, &scope.requests),
    )
    .await?;
    if !is_known {
        return Ok(None);
    }
    let (seats, waitlist) = both(
        seat_rows::load(work, &numbers, &scope.seats, &requests),
        waitlist_rows::load(work, &numbers, &scope.waitlist),
    )
    .await?;
    let users = load_users(work, location, &scope.users, &seats).await?;
    let full_read_pages = if scope.full_read_pages {
        load_all(work, &FULL_READ_PAGES, location.as_str()).await?.into_values().collect()
    } else {
        Vec::new()
    };
    let notified_events = if scope.notified_events {
        notification_rows::load(work, location, &requests).await?
    } else {
        Vec::new()
    };
    let state = states.remove(&()).unwrap_or_else(|| LocationState::new(location.clone()));
    let rows =
        LocationRows { state, pools, seats, requests, users, waitlist, full_read_pages, notified_events };
    Ok(Some((rows, numbers)))
}

async fn load_requests(
    work: &Work<'_>,
    location: &LocationId,
    requests: &Requests,
) -> Result<Vec<Request>, StoreError> {
    let found = match requests {
        Requests::None => BTreeMap::new(),
        // No row has a number that its column cannot hold.
        Requests::One(number) if i64::try_from(number.0).is_err() => BTreeMap::new(),
        Requests::One(number) => {
            load_these(work, &REQUESTS, location.as_str(), std::iter::once(number)).await?
        }
        Requests::Open => load_flagged(work, &REQUESTS, location.as_str(), &OPEN, usize::MAX).await?,
    };
    Ok(found.into_values().collect())
}

async fn load_users(
    work: &Work<'_>,
    location: &LocationId,
    users: &VppUsers,
    seats: &BTreeMap<SeatKey, Seat>,
) -> Result<BTreeMap<ClientUserId, VppUser>, StoreError> {
    match users {
        VppUsers::None => Ok(BTreeMap::new()),
        VppUsers::These(ids) => load_these(work, &VPP_USERS, location.as_str(), ids.iter()).await,
        VppUsers::OfSeats => {
            let users: BTreeSet<&ClientUserId> = seats
                .keys()
                .filter_map(|key| match &key.holder {
                    Holder::User { client_user_id } => Some(client_user_id),
                    Holder::Device { .. } => None,
                })
                .collect();
            load_these(work, &VPP_USERS, location.as_str(), users.iter().copied()).await
        }
        VppUsers::ToRead(limit) => load_flagged(work, &VPP_USERS, location.as_str(), &TO_DO, *limit).await,
    }
}
