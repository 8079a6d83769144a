//! The pools of a location, each with the number by which seats and wishes name it.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{AssetKey, Pool},
    id::LocationId,
};
use mdm_vpp_ports::{Pools, StoreError};

use super::work::Work;
use crate::rows::{assets, document::json, pricing_code::pricing_key};

const READING: &str = "reading the pools of a location";
const WRITING: &str = "writing the pools of a location";

/// Inserts or replaces pools; of two with the same key the last counts. A new one gets the next number.
pub(super) async fn put(work: &Work<'_>, pools: &[Pool]) -> Result<(), StoreError> {
    let pools: BTreeMap<(&LocationId, AssetKey), &Pool> =
        pools.iter().map(|pool| ((&pool.location, pool.key()), pool)).collect();
    if pools.is_empty() {
        return Ok(());
    }
    let locations: Vec<&str> = pools.keys().map(|(location, _)| location.as_str()).collect();
    let (ids, params) = key_columns(pools.keys().map(|(_, asset)| asset));
    let documents = pools.values().map(json).collect::<Result<Vec<_>, _>>()?;
    // An INSERT with ON CONFLICT would draw a number for each pool that is there already, until none is left. Nobody else
    // inserts pools meanwhile, for the tenant is locked.
    let update = "UPDATE pools SET document = put.document
                  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                       AS put (location, adam_id, pricing_param, document)
                  WHERE pools.location = put.location AND pools.adam_id = put.adam_id
                    AND pools.pricing_param = put.pricing_param";
    let insert = "INSERT INTO pools (location, adam_id, pricing_param, document)
                  SELECT put.location, put.adam_id, put.pricing_param, put.document
                  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                       AS put (location, adam_id, pricing_param, document)
                  WHERE NOT EXISTS (SELECT 1 FROM pools
                                    WHERE pools.location = put.location AND pools.adam_id = put.adam_id
                                      AND pools.pricing_param = put.pricing_param)";
    let doing = work.doing(WRITING);
    let updated = doing.change(update, &[&locations, &ids, &params, &documents]).await?;
    if usize::try_from(updated).is_ok_and(|updated| updated == pools.len()) {
        return Ok(());
    }
    doing.change(insert, &[&locations, &ids, &params, &documents]).await.map(drop)
}

/// The pools of a location that a transaction asks for, and their numbers.
pub(super) async fn load(
    work: &Work<'_>,
    location: &LocationId,
    pools: &Pools,
) -> Result<(BTreeMap<AssetKey, Pool>, BTreeMap<AssetKey, i32>), StoreError> {
    let doing = work.doing(READING);
    let rows = match pools {
        Pools::None => Vec::new(),
        Pools::These(assets) => {
            let (ids, params) = key_columns(assets.iter());
            let sql = "SELECT location, adam_id, pricing_param, document, number FROM pools
                       JOIN unnest($2::text[], $3::text[]) AS these (adam_id, pricing_param)
                            USING (adam_id, pricing_param)
                       WHERE location = $1";
            doing.rows(sql, &[&location.as_str(), &ids, &params]).await?
        }
        Pools::All => {
            let sql =
                "SELECT location, adam_id, pricing_param, document, number FROM pools WHERE location = $1";
            doing.rows(sql, &[&location.as_str()]).await?
        }
    };
    let pools = rows.iter().map(|row| assets::pool(row).map(|pool| (pool.key(), pool)));
    let numbers = rows.iter().map(|row| assets::pool_number(row));
    Ok((pools.collect::<Result<_, _>>()?, numbers.collect::<Result<_, _>>()?))
}

/// The numbers of these assets, as far as they have pools.
pub(super) async fn numbers<'a>(
    work: &Work<'_>,
    location: &LocationId,
    assets: impl Iterator<Item = &'a AssetKey>,
) -> Result<BTreeMap<AssetKey, i32>, StoreError> {
    let (ids, params) = key_columns(assets);
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = "SELECT location, adam_id, pricing_param, number FROM pools
               JOIN unnest($2::text[], $3::text[]) AS these (adam_id, pricing_param)
                    USING (adam_id, pricing_param)
               WHERE location = $1";
    let rows = work.doing(READING).rows(sql, &[&location.as_str(), &ids, &params]).await?;
    rows.iter().map(|row| assets::pool_number(row)).collect()
}

/// The numbers of all assets of a location, in the order of keys, without a look at their documents.
pub(super) async fn all_numbers(
    work: &Work<'_>,
    location: &LocationId,
) -> Result<BTreeMap<AssetKey, i32>, StoreError> {
    let sql = "SELECT location, adam_id, pricing_param, number FROM pools WHERE location = $1";
    let rows = work.doing(READING).rows(sql, &[&location.as_str()]).await?;
    rows.iter().map(|row| assets::pool_number(row)).collect()
}

/// Two columns of the keys of assets.
fn key_columns<'a>(assets: impl Iterator<Item = &'a AssetKey>) -> (Vec<String>, Vec<String>) {
    assets.map(|asset| (asset.adam_id.to_string(), pricing_key(&asset.pricing_param))).unzip()
}
