//! The pools of a location, each with the number by which seats and wishes name it.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, LocationId},
    seats::Pool,
};
use mdm_vpp_ports::{Pools, StoreError};
use rusqlite::{Params, Transaction, params};

use super::{failure::failed, reading::Reading, save::json};

const READING: &str = "reading the pools of a location";
const WRITING: &str = "writing the pools of a location";

/// The columns of a pool's key.
const KEY: &[&str] = &["location", "adam_id", "pricing_param"];

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

/// The pools of a location that a turn asks for.
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
        let reading = Reading::new("pools", KEY, row);
        let pool: Pool = reading.document("document")?;
        let own = pool.location.as_str() == reading.text("location")?
            && pool.adam_id.to_string() == reading.text("adam_id")?
            && pricing_key(&pool.pricing_param) == reading.text("pricing_param")?;
        reading.stands_at_its_key("document", own)?;
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
            numbers.insert(asset, Reading::new("pools", KEY, row).number("number")?);
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
        let reading = Reading::new("pools", KEY, row);
        let asset = AssetKey {
            adam_id: reading.parsed("adam_id", str::parse::<AdamId>)?,
            pricing_param: reading.parsed("pricing_param", pricing_of)?,
        };
        numbers.insert(asset, reading.number("number")?);
    }
    Ok(numbers)
}

/// The quality of an asset as part of a key. A word of Apple's that we do not know cannot be taken for one of ours.
fn pricing_key(pricing_param: &PricingParam) -> String {
    match pricing_param {
        PricingParam::Standard => "standard".to_owned(),
        PricingParam::HighQuality => "high_quality".to_owned(),
        PricingParam::Other { name } => format!("other:{name}"),
    }
}

/// The quality behind a part of a key.
fn pricing_of(key: &str) -> Result<PricingParam, &'static str> {
    match (key, key.strip_prefix("other:")) {
        ("standard", _) => Ok(PricingParam::Standard),
        ("high_quality", _) => Ok(PricingParam::HighQuality),
        (_, Some(name)) => Ok(PricingParam::Other { name: name.to_owned() }),
        _ => Err("is no quality that this version knows"),
    }
}
