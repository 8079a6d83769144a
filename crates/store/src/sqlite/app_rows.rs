//! The apps of the catalog.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, LocationId, TenantId},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Params, Transaction, params};

use super::failure::failed;
use crate::rows::{assets, document::json};

const READING: &str = "reading the catalog";
const WRITING: &str = "writing the catalog";

/// Inserts or replaces an app.
pub(super) fn put(transaction: &Transaction<'_>, tenant: &TenantId, app: &App) -> Result<(), StoreError> {
    let document = json(app)?;
    transaction
        .prepare_cached(
            "INSERT INTO apps (tenant, adam_id, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (tenant, adam_id) DO UPDATE SET document = excluded.document",
        )
        .and_then(|mut statement| {
            statement.execute(params![tenant.as_str(), app.adam_id.to_string(), document])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// All apps of a tenant.
pub(super) fn all(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    let sql = "SELECT tenant, adam_id, document FROM apps WHERE tenant = ?1";
    select(transaction, sql, params![tenant.as_str()])
}

/// Those of these apps that the tenant has.
pub(super) fn these(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    ids: &BTreeSet<AdamId>,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    let sql = "SELECT tenant, adam_id, document FROM apps WHERE tenant = ?1 AND adam_id = ?2";
    let mut apps = BTreeMap::new();
    for id in ids {
        apps.extend(select(transaction, sql, params![tenant.as_str(), id.to_string()])?);
    }
    Ok(apps)
}

/// The apps about which a location of the tenant has an admission.
pub(super) fn admitted_by(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    let sql = "SELECT apps.tenant, apps.adam_id, apps.document
               FROM admissions
               JOIN tokens ON tokens.location = admissions.location
               JOIN apps ON apps.tenant = tokens.tenant AND apps.adam_id = admissions.adam_id
               WHERE tokens.tenant = ?1 AND admissions.location = ?2";
    select(transaction, sql, params![tenant.as_str(), location.as_str()])
}

fn select(
    transaction: &Transaction<'_>,
    sql: &str,
    params: impl Params,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut apps = BTreeMap::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let app = assets::app(row)?;
        apps.insert(app.adam_id, app);
    }
    Ok(apps)
}
