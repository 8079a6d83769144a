//! The admissions of a location. They are a tenant's through the location's token.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::Admission,
    id::{AdamId, LocationId, TenantId},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::failure::failed;
use crate::rows::{assets, document::json};

const READING: &str = "reading the admissions of a location";
const WRITING: &str = "writing the admissions of a location";

/// Inserts or replaces an admission.
pub(super) fn put(transaction: &Transaction<'_>, admission: &Admission) -> Result<(), StoreError> {
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

/// The admissions of a location, if it is the tenant's.
pub(super) fn of(
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
        let admission = assets::admission(row)?;
        admissions.insert(admission.adam_id, admission);
    }
    Ok(admissions)
}
