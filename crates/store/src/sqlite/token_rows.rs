//! The tokens of a tenant, and their sealed secrets. A token is no document: its name must be unique, and its secret is
//! written and read apart from it.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token, TokenName},
};
use mdm_vpp_ports::{StoreError, StoredContentToken};
use rusqlite::{OptionalExtension as _, Params, Transaction, named_params, params};

use super::driver::{self, change, failed};
use crate::{documents::json, rows::tenant, sealing::KeyRing};

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

/// Refuses a change of a token that does not exist, or that could not stand beside the others afterwards.
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

/// The tenant that has the token of a location.
pub(super) fn tenant_of(
    transaction: &Transaction<'_>,
    location: &LocationId,
) -> Result<Option<TenantId>, StoreError> {
    owner(transaction, location)?.map(|tenant| tenant::tenant_of(location, tenant)).transpose()
}

/// The name of the tenant that has the token of a location.
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
    let sql = "SELECT location FROM tokens WHERE tenant = ?1 AND folded_name = ?2 AND location <> ?3";
    let params = params![tenant.as_str(), name.folded(), token.id().as_str()];
    let taken = transaction.prepare_cached(sql).and_then(|mut statement| statement.exists(params));
    if taken.map_err(failed(READING))? { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
}

/// Inserts or replaces a token without its secret, which [`put_secret`] must write into a new row before the
/// transaction ends.
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
    let sql = "INSERT INTO tokens (location, tenant, folded_name, location_detail, organization, settings,
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
                   last_sync = excluded.last_sync";
    change(transaction, WRITING, sql, columns).map(drop)
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
    driver::select(transaction, READING, sql, params, |row| tenant::token(row))
}

/// Seals and saves the secret of a token that exists.
pub(super) fn put_secret(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    token: &Token,
    secret: &ContentToken,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let sealed = tenant::sealed_secret(keys, tenant, token.id(), secret)?;
    let sql =
        "UPDATE tokens SET sealed_secret = ?3, secret_generation = ?4 WHERE tenant = ?1 AND location = ?2";
    let params = params![tenant.as_str(), token.id().as_str(), sealed, token.generation];
    change(transaction, "writing a secret", sql, params).map(drop)
}

/// Opens the secret of a token.
pub(super) fn open_secret(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
    keys: &KeyRing,
) -> Result<StoredContentToken, StoreError> {
    let sql = "SELECT tenant, location, sealed_secret, secret_generation FROM tokens
               WHERE tenant = ?1 AND location = ?2";
    let params = params![tenant.as_str(), location.as_str()];
    let read = |row: &rusqlite::Row<'_>| tenant::open_secret(keys, tenant, location, row);
    let found: Vec<_> = driver::select(transaction, "reading a secret", sql, params, read)?;
    found.into_iter().next().ok_or_else(|| StoreError::UnknownToken { location: location.clone() })
}
