//! The admissions and pools of a location. They are a tenant's through the location's token.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Admission, PricingParam},
    id::{AdamId, LocationId, TenantId},
    seats::Pool,
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::{failure::failed, reading::Reading, save::json};

const READING: &str = "reading the assets of a location";
const WRITING: &str = "writing the assets of a location";

/// Inserts or replaces an admission.
pub(super) fn put_admission(transaction: &Transaction<'_>, admission: &Admission) -> Result<(), StoreError> {
    let document = json(admission)?;
    transaction
        .prepare_cached(
            "INSERT INTO admissions (location, adam_id, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (location, adam_id) DO UPDATE SET document = excluded.document",
        )
        .and_then(|mut statement| {
            statement.execute(params![admission.location.as_str(), admission.adam_id.to_string(), document])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// Inserts or replaces a pool.
pub(super) fn put_pool(transaction: &Transaction<'_>, pool: &Pool) -> Result<(), StoreError> {
    let document = json(pool)?;
    let pricing_param = pricing_key(&pool.pricing_param);
    transaction
        .prepare_cached(
            "INSERT INTO pools (location, adam_id, pricing_param, document) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (location, adam_id, pricing_param) DO UPDATE SET document = excluded.document",
        )
        .and_then(|mut statement| {
            let adam_id = pool.adam_id.to_string();
            statement.execute(params![pool.location.as_str(), adam_id, pricing_param, document])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// The admissions of a location, if it is the tenant's.
pub(super) fn admissions(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<BTreeMap<AdamId, Admission>, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT admissions.location, admissions.adam_id, admissions.document FROM admissions
             JOIN tokens ON tokens.location = admissions.location
             WHERE tokens.tenant = ?1 AND admissions.location = ?2",
        )
        .map_err(failed(READING))?;
    let mut rows = statement.query(params![tenant.as_str(), location.as_str()]).map_err(failed(READING))?;
    let mut admissions = BTreeMap::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let reading = Reading::new("admissions", &["location", "adam_id"], row);
        let admission: Admission = reading.document("document")?;
        let own =
            &admission.location == location && admission.adam_id.to_string() == reading.text("adam_id")?;
        reading.stands_at_its_key("document", own)?;
        admissions.insert(admission.adam_id, admission);
    }
    Ok(admissions)
}

/// The pools of a location, if it is the tenant's, by app and pricing.
pub(super) fn pools(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Pool>, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT pools.location, pools.adam_id, pools.pricing_param, pools.document FROM pools
             JOIN tokens ON tokens.location = pools.location
             WHERE tokens.tenant = ?1 AND pools.location = ?2",
        )
        .map_err(failed(READING))?;
    let mut rows = statement.query(params![tenant.as_str(), location.as_str()]).map_err(failed(READING))?;
    let mut pools = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let reading = Reading::new("pools", &["location", "adam_id", "pricing_param"], row);
        let pool: Pool = reading.document("document")?;
        let own = &pool.location == location
            && pool.adam_id.to_string() == reading.text("adam_id")?
            && pricing_key(&pool.pricing_param) == reading.text("pricing_param")?;
        reading.stands_at_its_key("document", own)?;
        pools.push(pool);
    }
    pools.sort_by_cached_key(Pool::key);
    Ok(pools)
}

/// The quality of an asset as part of a key. A word of Apple's that we do not know cannot be taken for one of ours.
fn pricing_key(pricing_param: &PricingParam) -> String {
    match pricing_param {
        PricingParam::Standard => "standard".to_owned(),
        PricingParam::HighQuality => "high_quality".to_owned(),
        PricingParam::Other { name } => format!("other:{name}"),
    }
}
