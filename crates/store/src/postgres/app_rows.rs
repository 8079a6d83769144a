//! The apps of the catalog, and the admissions of a location. The latter are a tenant's through the location's token.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Admission, App},
    id::{AdamId, LocationId, TenantId},
};
use mdm_vpp_ports::{Apps, StoreError};

use super::work::Work;
use crate::rows::{assets, document::json};

/// Inserts or replaces apps; of two with the same id the last counts.
pub(super) async fn put(work: &Work<'_>, tenant: &TenantId, apps: &[App]) -> Result<(), StoreError> {
    let apps: BTreeMap<AdamId, &App> = apps.iter().map(|app| (app.adam_id, app)).collect();
    if apps.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = apps.keys().map(ToString::to_string).collect();
    let documents = apps.into_values().map(json).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO apps (tenant, adam_id, document)
               SELECT $1, adam_id, document FROM unnest($2::text[], $3::text[]) AS put (adam_id, document)
               ON CONFLICT (tenant, adam_id) DO UPDATE SET document = excluded.document";
    work.doing("writing the catalog").change(sql, &[&tenant.as_str(), &ids, &documents]).await.map(drop)
}

/// The apps that a transaction asks for.
pub(super) async fn load(
    work: &Work<'_>,
    tenant: &TenantId,
    apps: &Apps,
) -> Result<BTreeMap<AdamId, App>, StoreError> {
    let doing = work.doing("reading the catalog");
    let rows = match apps {
        Apps::None => Vec::new(),
        Apps::These(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let sql = "SELECT tenant, adam_id, document FROM apps WHERE tenant = $1 AND adam_id = ANY($2)";
            doing.rows(sql, &[&tenant.as_str(), &ids]).await?
        }
        Apps::AdmittedBy(location) => {
            let sql = "SELECT apps.tenant, apps.adam_id, apps.document FROM admissions
                       JOIN tokens ON tokens.location = admissions.location
                       JOIN apps ON apps.tenant = tokens.tenant AND apps.adam_id = admissions.adam_id
                       WHERE tokens.tenant = $1 AND admissions.location = $2";
            doing.rows(sql, &[&tenant.as_str(), &location.as_str()]).await?
        }
        Apps::All => {
            let sql = "SELECT tenant, adam_id, document FROM apps WHERE tenant = $1";
            doing.rows(sql, &[&tenant.as_str()]).await?
        }
    };
    let apps = rows.iter().map(|row| assets::app(row).map(|app| (app.adam_id, app)));
    apps.collect()
}

/// Inserts or replaces admissions; of two with the same key the last counts.
pub(super) async fn put_admissions(work: &Work<'_>, admissions: &[Admission]) -> Result<(), StoreError> {
    let admissions: BTreeMap<(&LocationId, AdamId), &Admission> =
        admissions.iter().map(|admission| ((&admission.location, admission.adam_id), admission)).collect();
    if admissions.is_empty() {
        return Ok(());
    }
    let locations: Vec<&str> = admissions.keys().map(|(location, _)| location.as_str()).collect();
    let ids: Vec<String> = admissions.keys().map(|(_, id)| id.to_string()).collect();
    let documents = admissions.into_values().map(json).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO admissions (location, adam_id, document)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
               ON CONFLICT (location, adam_id) DO UPDATE SET document = excluded.document";
    let doing = work.doing("writing the admissions of a location");
    doing.change(sql, &[&locations, &ids, &documents]).await.map(drop)
}

/// The admissions of a location, if it is the tenant's.
pub(super) async fn admissions(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<BTreeMap<AdamId, Admission>, StoreError> {
    let sql = "SELECT admissions.location, admissions.adam_id, admissions.document FROM admissions
               JOIN tokens ON tokens.location = admissions.location
               WHERE tokens.tenant = $1 AND admissions.location = $2";
    let doing = work.doing("reading the admissions of a location");
    let rows = doing.rows(sql, &[&tenant.as_str(), &location.as_str()]).await?;
    let admissions = rows.iter().map(|row| assets::admission(row).map(|found| (found.adam_id, found)));
    admissions.collect()
}
