//! What a transaction is given to decide on.

use std::collections::BTreeMap;

use mdm_vpp_core::{id::TenantId, transaction::Loaded};
use mdm_vpp_ports::{Apps, LoadScope, Pools, StoreError, Tokens};
use rusqlite::{Transaction, params};

use super::{admission_rows, app_rows, failure::failed, load_talk, pool_rows, token_rows};
use crate::rows;

const READING: &str = "reading a tenant";

/// Loads what a scope names, as the transaction sees it.
pub(super) fn load(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LoadScope,
) -> Result<Loaded, StoreError> {
    let tokens = match &scope.tokens {
        Tokens::None => Vec::new(),
        Tokens::Of(location) => token_rows::of(transaction, tenant, location)?,
        Tokens::All => token_rows::all(transaction, tenant)?,
    };
    let apps = match &scope.apps {
        Apps::None => BTreeMap::new(),
        Apps::These(ids) => app_rows::these(transaction, tenant, ids)?,
        Apps::AdmittedBy(location) => app_rows::admitted_by(transaction, tenant, location)?,
        Apps::All => app_rows::all(transaction, tenant)?,
    };
    let mut loaded = Loaded { transaction: turn(transaction, tenant)?, tokens, apps, ..Loaded::default() };
    if let Some(location) = &scope.assets_of {
        loaded.admissions = admission_rows::of(transaction, tenant, location)?;
        if token_rows::is_known(transaction, tenant, location)? {
            loaded.pools = pool_rows::load(transaction, location, &Pools::All)?.into_values().collect();
        }
    }
    if let Some(talk) = &scope.location {
        loaded.location = load_talk::load(transaction, tenant, talk)?;
    }
    Ok(loaded)
}

/// How many transactions a tenant had; none for one that nobody knows.
fn turn(transaction: &Transaction<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    let mut statement = transaction
        .prepare_cached("SELECT tenant, transactions FROM tenants WHERE tenant = ?1")
        .map_err(failed(READING))?;
    let mut rows = statement.query(params![tenant.as_str()]).map_err(failed(READING))?;
    match rows.next().map_err(failed(READING))? {
        Some(row) => rows::token::turns(row),
        None => Ok(0),
    }
}
