//! The tokens of a tenant.

use mdm_vpp_core::{
    id::{LocationId, TenantId, TextIdError},
    token::{Token, TokenName},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{OptionalExtension as _, Params, Transaction, named_params, params};

use super::failure::failed;
use crate::rows::{document::json, token};

const READING: &str = "reading a token";
const WRITING: &str = "writing a token";

/// Refuses a new token that cannot stand beside the others.
pub(super) fn check_new(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    token: &Token,
) -> Result<(), StoreError> {
    let location = || token.id().clone();
    match owner(transaction, token.id())? {
        None => check_name(transaction, tenant, token),
        Some(owner) if owner == tenant.as_str() => Err(StoreError::LocationTaken { location: location() }),
        Some(_) => Err(StoreError::LocationInOtherTenant { location: location() }),
    }
}

/// Refuses a change of a token that is not there, or cannot stand beside the others any more.
pub(super) fn check_changed(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    token: &Token,
) -> Result<(), StoreError> {
    check_known(transaction, tenant, token.id())?;
    check_name(transaction, tenant, token)
}

/// Refuses what needs the token of a location that the tenant does not have.
pub(super) fn check_known(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<(), StoreError> {
    if is_known(transaction, tenant, location)? {
        return Ok(());
    }
    Err(StoreError::UnknownToken { location: location.clone() })
}

/// Whether the tenant has the token of a location.
pub(super) fn is_known(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<bool, StoreError> {
    Ok(owner(transaction, location)?.as_deref() == Some(tenant.as_str()))
}

/// The tenant whose token opens a location.
pub(super) fn tenant_of(
    transaction: &Transaction<'_>,
    location: &LocationId,
) -> Result<Option<TenantId>, StoreError> {
    let unreadable = |error: TextIdError| StoreError::Unreadable {
        row: format!("tokens (location {location})"),
        reason: format!("column `tenant`: {error}"),
    };
    owner(transaction, location)?.map(|tenant| TenantId::new(tenant).map_err(unreadable)).transpose()
}

/// The name of the tenant whose token opens a location.
fn owner(transaction: &Transaction<'_>, location: &LocationId) -> Result<Option<String>, StoreError> {
    transaction
        .prepare_cached("SELECT tenant FROM tokens WHERE location = ?1")
        .and_then(|mut statement| {
            statement.query_row(params![location.as_str()], |row| row.get(0)).optional()
        })
        .map_err(failed(READING))
}

fn check_name(transaction: &Transaction<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let name: &TokenName = &token.settings.detail.name;
    let taken = transaction
        .prepare_cached(
            "SELECT location FROM tokens WHERE tenant = ?1 AND folded_name = ?2 AND location <> ?3",
        )
        .and_then(|mut statement| {
            statement.exists(params![tenant.as_str(), name.folded(), token.id().as_str()])
        })
        .map_err(failed(READING))?;
    if taken { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
}

/// Inserts or replaces a token, all but its secret, which a new row has to be given before the transaction ends.
pub(super) fn put(transaction: &Transaction<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let last_sync = token.last_sync.as_ref().map(json).transpose()?;
    let columns = named_params! {
        ":location": token.id().as_str(),
        ":tenant": tenant.as_str(),
        ":folded_name": token.settings.detail.name.folded(),
        ":location_detail": json(&token.location)?,
        ":organization": token.organization,
        ":settings": json(&token.settings)?,
        ":condition": json(&token.condition)?,
        ":generation": token.generation,
        ":uploaded_at": token.uploaded_at.to_rfc3339(),
        ":last_sync": last_sync,
    };
    transaction
        .prepare_cached(
            "INSERT INTO tokens (location, tenant, folded_name, location_detail, organization, settings,
                                 condition, generation, uploaded_at, last_sync,
                                 sealed_secret, secret_generation)
             VALUES (:location, :tenant, :folded_name, :location_detail, :organization, :settings,
                     :condition, :generation, :uploaded_at, :last_sync, '', 0)
             ON CONFLICT (location) DO UPDATE SET
                 folded_name = excluded.folded_name,
                 location_detail = excluded.location_detail,
                 organization = excluded.organization,
                 settings = excluded.settings,
                 condition = excluded.condition,
                 generation = excluded.generation,
                 uploaded_at = excluded.uploaded_at,
                 last_sync = excluded.last_sync",
        )
        .and_then(|mut statement| statement.execute(columns))
        .map_err(failed(WRITING))?;
    Ok(())
}

/// All tokens of a tenant, by location.
pub(super) fn all(transaction: &Transaction<'_>, tenant: &TenantId) -> Result<Vec<Token>, StoreError> {
    let sql = "SELECT tenant, location, location_detail, organization, settings, condition, generation,
                      uploaded_at, last_sync
               FROM tokens WHERE tenant = ?1 ORDER BY location";
    select(transaction, sql, params![tenant.as_str()])
}

/// The token of a location, if it is the tenant's.
pub(super) fn of(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Token>, StoreError> {
    let sql = "SELECT tenant, location, location_detail, organization, settings, condition, generation,
                      uploaded_at, last_sync
               FROM tokens WHERE tenant = ?1 AND location = ?2";
    select(transaction, sql, params![tenant.as_str(), location.as_str()])
}

fn select(transaction: &Transaction<'_>, sql: &str, params: impl Params) -> Result<Vec<Token>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut tokens = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        tokens.push(token::read(row)?);
    }
    Ok(tokens)
}
