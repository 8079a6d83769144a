//! What a transaction loads for its decision.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, ClientUserId, LocationId, TenantId},
    location::{LocationRows, LocationState},
    seats::{Holder, Request, Seat, SeatKey, VppUser},
    transaction::Loaded,
};
use mdm_vpp_ports::{Apps, LoadScope, LocationScope, Pools, Requests, StoreError, Tokens, VppUsers};
use rusqlite::{Transaction, params};

use super::{
    documents::{load_all, load_flagged, load_these, select},
    notification_rows, seat_rows, tenant_rows, token_rows, waitlist_rows,
};
use crate::documents::{
    ADMISSIONS, APPS, FULL_READ_PAGES, LOCATION_STATES, OPEN, POOLS, REQUESTS, TO_DO, VPP_USERS,
};

/// Loads what a scope names, as the transaction sees it.
pub(super) fn load(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LoadScope,
) -> Result<Loaded, StoreError> {
    let mut loaded = Loaded {
        transaction: tenant_rows::transactions_of(transaction, tenant)?,
        tokens: match &scope.tokens {
            Tokens::None => Vec::new(),
            Tokens::Of(location) => token_rows::of(transaction, tenant, location)?,
            Tokens::All => token_rows::all(transaction, tenant)?,
        },
        apps: load_apps(transaction, tenant, &scope.apps)?,
        ..Loaded::default()
    };
    // Assets are a tenant's through the token of their location.
    if let Some(location) = &scope.assets_of
        && token_rows::is_known(transaction, tenant, location)?
    {
        loaded.admissions = load_all(transaction, &ADMISSIONS, location.as_str())?;
        loaded.pools = load_all(transaction, &POOLS, location.as_str())?.into_values().collect();
    }
    if let Some(location) = &scope.location {
        loaded.location = load_location(transaction, tenant, location)?;
    }
    Ok(loaded)
}

fn load_apps(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    apps: &Apps,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    match apps {
        Apps::None => Ok(BTreeMap::new()),
        Apps::These(ids) => load_these(transaction, &APPS, tenant.as_str(), ids),
        Apps::AdmittedBy(location) => {
            let sql = "SELECT apps.tenant, apps.adam_id, apps.document FROM admissions
                       JOIN tokens ON tokens.location = admissions.location
                       JOIN apps ON apps.tenant = tokens.tenant AND apps.adam_id = admissions.adam_id
                       WHERE tokens.tenant = ?1 AND admissions.location = ?2";
            select(transaction, &APPS, sql, params![tenant.as_str(), location.as_str()])
        }
        Apps::All => load_all(transaction, &APPS, tenant.as_str()),
    }
}

/// Loads the rows of a location that a scope names; `None` when the tenant has no token of the location.
fn load_location(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LocationScope,
) -> Result<Option<LocationRows>, StoreError> {
    let location = &scope.location;
    if !token_rows::is_known(transaction, tenant, location)? {
        return Ok(None);
    }
    let state = load_all(transaction, &LOCATION_STATES, location.as_str())?.remove(&());
    let requests = load_requests(transaction, location, &scope.requests)?;
    let seats = seat_rows::load(transaction, location, &scope.seats, &requests)?;
    Ok(Some(LocationRows {
        state: state.unwrap_or_else(|| LocationState::new(location.clone())),
        pools: match &scope.pools {
            Pools::None => BTreeMap::new(),
            Pools::These(assets) => load_these(transaction, &POOLS, location.as_str(), assets)?,
            Pools::All => load_all(transaction, &POOLS, location.as_str())?,
        },
        users: load_users(transaction, location, &scope.users, &seats)?,
        waitlist: waitlist_rows::load(transaction, location, &scope.waitlist)?,
        full_read_pages: if scope.full_read_pages {
            load_all(transaction, &FULL_READ_PAGES, location.as_str())?.into_values().collect()
        } else {
            Vec::new()
        },
        notified_events: if scope.notified_events {
            notification_rows::load(transaction, location, &requests)?
        } else {
            Vec::new()
        },
        requests,
        seats,
    }))
}

fn load_requests(
    transaction: &Transaction<'_>,
    location: &LocationId,
    requests: &Requests,
) -> Result<Vec<Request>, StoreError> {
    let found = match requests {
        Requests::None => BTreeMap::new(),
        // No row has a number that its column cannot hold.
        Requests::One(number) if i64::try_from(number.0).is_err() => BTreeMap::new(),
        Requests::One(number) => load_these(transaction, &REQUESTS, location.as_str(), [number])?,
        Requests::Open => load_flagged(transaction, &REQUESTS, location.as_str(), &OPEN, usize::MAX)?,
    };
    Ok(found.into_values().collect())
}

fn load_users(
    transaction: &Transaction<'_>,
    location: &LocationId,
    users: &VppUsers,
    seats: &BTreeMap<SeatKey, Seat>,
) -> Result<BTreeMap<ClientUserId, VppUser>, StoreError> {
    match users {
        VppUsers::None => Ok(BTreeMap::new()),
        VppUsers::These(ids) => load_these(transaction, &VPP_USERS, location.as_str(), ids),
        VppUsers::OfSeats => {
            let users: BTreeSet<&ClientUserId> = seats
                .keys()
                .filter_map(|key| match &key.holder {
                    Holder::User { client_user_id } => Some(client_user_id),
                    Holder::Device { .. } => None,
                })
                .collect();
            load_these(transaction, &VPP_USERS, location.as_str(), users)
        }
        VppUsers::ToRead(limit) => load_flagged(transaction, &VPP_USERS, location.as_str(), &TO_DO, *limit),
    }
}
