//! The tokens of a tenant, and their sealed secrets. A token is no document: its name must be unique, and its secret is
//! written and read apart from it.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token, TokenName},
    transaction::TokenChange,
};
use mdm_vpp_ports::{StoreError, StoredContentToken};

use super::{
    driver::failed,
    work::{Parameters, Work},
};
use crate::{documents::json, rows::tenant, sealing::KeyRing};

const READING: &str = "reading a token";
const WRITING: &str = "writing a token";

/// Inserts or changes a token.
pub(super) async fn save(
    work: &Work<'_>,
    tenant: &TenantId,
    change: &TokenChange,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let token = change.token();
    match change {
        TokenChange::Insert { content_token, .. } => {
            check_new(work, tenant, token).await?;
            insert(work, tenant, token).await?;
            put_secret(work, tenant, token, content_token, keys).await
        }
        TokenChange::Update { .. } => update(work, tenant, token).await,
        TokenChange::Replace { content_token, .. } => {
            update(work, tenant, token).await?;
            put_secret(work, tenant, token, content_token, keys).await
        }
    }
}

/// Refuses a new token that cannot stand beside the others.
async fn check_new(work: &Work<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let location = || token.id().clone();
    match owner(work, token.id()).await? {
        None => check_name(work, tenant, token).await,
        Some(owner) if owner == tenant.as_str() => Err(StoreError::LocationTaken { location: location() }),
        Some(_) => Err(StoreError::LocationInOtherTenant { location: location() }),
    }
}

/// Refuses what needs the token of a location that the tenant does not have.
pub(super) async fn check_known(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<(), StoreError> {
    if is_known(work, tenant, location).await? {
        return Ok(());
    }
    Err(StoreError::UnknownToken { location: location.clone() })
}

/// Whether the tenant has the token of a location.
pub(super) async fn is_known(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<bool, StoreError> {
    Ok(owner(work, location).await?.as_deref() == Some(tenant.as_str()))
}

/// The tenant that has the token of a location.
pub(super) async fn tenant_of(
    work: &Work<'_>,
    location: &LocationId,
) -> Result<Option<TenantId>, StoreError> {
    owner(work, location).await?.map(|tenant| tenant::tenant_of(location, tenant)).transpose()
}

/// The name of the tenant that has the token of a location.
async fn owner(work: &Work<'_>, location: &LocationId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT tenant FROM tokens WHERE location = $1";
    let row = work.doing(READING).row(sql, &[&location.as_str()]).await?;
    row.map(|row| row.try_get(0).map_err(failed(READING))).transpose()
}

async fn check_name(work: &Work<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let name: &TokenName = &token.settings.detail.name;
    let sql = "SELECT 1 FROM tokens WHERE tenant = $1 AND folded_name = $2 AND location <> $3";
    let taken =
        work.doing(READING).row(sql, &[&tenant.as_str(), &name.folded(), &token.id().as_str()]).await?;
    if taken.is_some() { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
}

/// Inserts a token without its secret.
async fn insert(work: &Work<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let sql = "INSERT INTO tokens (location, tenant, folded_name, location_detail, organization, settings,
                                   condition, generation, uploaded_at, last_sync,
                                   sealed_secret, secret_generation)
               VALUES ($1, $2, '', '', '', '', '', 0, '', NULL, '', 0) ON CONFLICT (location) DO NOTHING";
    let inserted = work.doing(WRITING).change(sql, &[&token.id().as_str(), &tenant.as_str()]).await?;
    if inserted == 0 {
        // Another tenant inserted it since we looked. Our own tenant is locked, so it was none of ours.
        return Err(StoreError::LocationInOtherTenant { location: token.id().clone() });
    }
    write(work, tenant, token).await
}

async fn update(work: &Work<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    check_known(work, tenant, token.id()).await?;
    check_name(work, tenant, token).await?;
    write(work, tenant, token).await
}

/// Writes a token that exists, without its secret.
async fn write(work: &Work<'_>, tenant: &TenantId, token: &Token) -> Result<(), StoreError> {
    let sql = "UPDATE tokens SET folded_name = $3, location_detail = $4, organization = $5, settings = $6,
                                 condition = $7, generation = $8, uploaded_at = $9, last_sync = $10
               WHERE location = $1 AND tenant = $2";
    let last_sync = token.last_sync.as_ref().map(json).transpose()?;
    let columns: Parameters<'_> = &[
        &token.id().as_str(),
        &tenant.as_str(),
        &token.settings.detail.name.folded(),
        &json(&token.location)?,
        &token.organization,
        &json(&token.settings)?,
        &json(&token.condition)?,
        &i64::from(token.generation),
        &token.uploaded_at.to_rfc3339(),
        &last_sync,
    ];
    work.doing(WRITING).change(sql, columns).await.map(drop)
}

async fn put_secret(
    work: &Work<'_>,
    tenant: &TenantId,
    token: &Token,
    secret: &ContentToken,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let sealed = tenant::sealed_secret(keys, tenant, token.id(), secret)?;
    let sql =
        "UPDATE tokens SET sealed_secret = $3, secret_generation = $4 WHERE tenant = $1 AND location = $2";
    let generation = i64::from(token.generation);
    let doing = work.doing("writing a secret");
    doing.change(sql, &[&tenant.as_str(), &token.id().as_str(), &sealed, &generation]).await.map(drop)
}

/// Opens the secret of a token.
pub(super) async fn secret(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
    keys: &KeyRing,
) -> Result<StoredContentToken, StoreError> {
    let sql = "SELECT tenant, location, sealed_secret, secret_generation FROM tokens
               WHERE tenant = $1 AND location = $2";
    let doing = work.doing("reading a secret");
    match doing.row(sql, &[&tenant.as_str(), &location.as_str()]).await? {
        Some(row) => tenant::open_secret(keys, tenant, location, &row),
        None => Err(StoreError::UnknownToken { location: location.clone() }),
    }
}

/// All tokens of a tenant, by location, or the one of a given location.
pub(super) async fn load(
    work: &Work<'_>,
    tenant: &TenantId,
    location: Option<&LocationId>,
) -> Result<Vec<Token>, StoreError> {
    let sql = "SELECT tenant, location, location_detail, organization, settings, condition, generation,
                      uploaded_at, last_sync
               FROM tokens WHERE tenant = $1 AND ($2::text IS NULL OR location = $2) ORDER BY location";
    let location = location.map(LocationId::as_str);
    let rows = work.doing(READING).rows(sql, &[&tenant.as_str(), &location]).await?;
    rows.iter().map(|row| tenant::token(row)).collect()
}
