//! The pools of a location, each with the number by which seats and wishes name it.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::{AssetKey, Pool},
    id::LocationId,
};
use mdm_vpp_ports::{Pools, StoreError};
use rusqlite::{Params, Transaction, params};

use super::failure::failed;
use crate::rows::{assets, document::json, pricing_code::pricing_key};

const READING: &str = "reading the pools of a location";
const WRITING: &str = "writing the pools of a location";

/// Inserts or replaces a pool. A new one gets the next number.
pub(super) fn put(transaction: &Transaction<'_>, pool: &Pool) -> Result<(), StoreError> {
    let document = json(pool)?;
    let pricing_param = pricing_key(&pool.pricing_param);
    transaction
        .prepare_cached(
            "INSERT INTO pools (location, adam_id, pricing_param, document, number)
             VALUES (?1, ?2, ?3, ?4, (SELECT COALESCE(MAX(number), 0) + 1 FROM pools))
             ON CONFLICT (location, adam_id, pricing_param) DO UPDATE SET document = excluded.document",
        )
        .and_then(|mut statement| {
            let adam_id = pool.adam_id.to_string();
            statement.execute(params![pool.location.as_str(), adam_id, pricing_param, document])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// The pools of a location that a transaction asks for.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    pools: &Pools,
) -> Result<BTreeMap<AssetKey, Pool>, StoreError> {
    let mut found = BTreeMap::new();
    match pools {
        Pools::None => {}
        Pools::These(assets) => {
            let sql = "SELECT location, adam_id, pricing_param, document FROM pools
                       WHERE location = ?1 AND adam_id = ?2 AND pricing_param = ?3";
            for asset in assets {
                let (adam_id, pricing_param) = (asset.adam_id.to_string(), pricing_key(&asset.pricing_param));
                found.extend(select(transaction, sql, params![location.as_str(), adam_id, pricing_param])?);
            }
        }
        Pools::All => {
            let sql = "SELECT location, adam_id, pricing_param, document FROM pools WHERE location = ?1";
            found.extend(select(transaction, sql, params![location.as_str()])?);
        }
    }
    Ok(found)
}

fn select(
    transaction: &Transaction<'_>,
    sql: &str,
    params: impl Params,
) -> Result<Vec<(AssetKey, Pool)>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut pools = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let pool = assets::pool(row)?;
        pools.push((pool.key(), pool));
    }
    Ok(pools)
}

/// The numbers of these assets, as far as they have pools.
pub(super) fn numbers<'a>(
    transaction: &Transaction<'_>,
    location: &LocationId,
    assets: BTreeSet<&'a AssetKey>,
) -> Result<BTreeMap<&'a AssetKey, i64>, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT location, adam_id, pricing_param, number FROM pools
             WHERE location = ?1 AND adam_id = ?2 AND pricing_param = ?3",
        )
        .map_err(failed(READING))?;
    let mut numbers = BTreeMap::new();
    for asset in assets {
        let (adam_id, pricing_param) = (asset.adam_id.to_string(), pricing_key(&asset.pricing_param));
        let params = params![location.as_str(), adam_id, pricing_param];
        let mut rows = statement.query(params).map_err(failed(READING))?;
        if let Some(row) = rows.next().map_err(failed(READING))? {
            numbers.insert(asset, assets::pool_number(row)?.1);
        }
    }
    Ok(numbers)
}

/// The numbers of all assets of a location, in the order of keys, without a look at their documents.
pub(super) fn all_numbers(
    transaction: &Transaction<'_>,
    location: &LocationId,
) -> Result<BTreeMap<AssetKey, i64>, StoreError> {
    let mut statement = transaction
        .prepare_cached("SELECT location, adam_id, pricing_param, number FROM pools WHERE location = ?1")
        .map_err(failed(READING))?;
    let mut rows = statement.query(params![location.as_str()]).map_err(failed(READING))?;
    let mut numbers = BTreeMap::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let (asset, number) = assets::pool_number(row)?;
        numbers.insert(asset, number);
    }
    Ok(numbers)
}
