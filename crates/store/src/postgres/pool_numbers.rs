//! The numbers by which the seats and waitlist entries of a location name their pools. With a number instead of three
//! columns of text a seat takes a third of the room.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::{AssetKey, Pool},
    id::LocationId,
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, StoreError};
use tokio_postgres::Row;

use super::{
    documents::{read, rows_of, rows_under, select_under},
    work::{Work, both},
};
use crate::{documents::POOLS, rows::seat};

/// The columns that a number is read from, without the document.
const SELECTED: &str = "location, adam_id, pricing_param, number";

/// The numbers of pools of a location.
pub(super) struct PoolNumbers<'a> {
    pub(super) location: &'a LocationId,
    numbers: BTreeMap<AssetKey, i32>,
    assets: BTreeMap<i32, AssetKey>,
}

impl<'a> PoolNumbers<'a> {
    /// The numbers of these assets, as far as they have pools.
    pub(super) async fn load(
        work: &Work<'_>,
        location: &'a LocationId,
        assets: BTreeSet<&AssetKey>,
    ) -> Result<Self, StoreError> {
        Ok(Self::new(location, numbers_of(work, location, assets).await?))
    }

    /// The pools that a scope names, and the numbers of those whose seats and waitlists it names.
    pub(super) async fn load_with_pools(
        work: &Work<'_>,
        scope: &'a LocationScope,
    ) -> Result<(BTreeMap<AssetKey, Pool>, Self), StoreError> {
        let (rows, others) = both(pool_rows(work, scope), other_numbers(work, scope)).await?;
        let mut numbers = read_numbers(&rows)?;
        numbers.extend(others);
        Ok((read(&POOLS, &rows)?, Self::new(&scope.location, numbers)))
    }

    fn new(location: &'a LocationId, numbers: BTreeMap<AssetKey, i32>) -> Self {
        let assets = numbers.iter().map(|(asset, number)| (*number, asset.clone())).collect();
        Self { location, numbers, assets }
    }

    /// Whether the numbers of all these assets are known.
    pub(super) fn has_all(&self, assets: &BTreeSet<&AssetKey>) -> bool {
        assets.iter().all(|asset| self.numbers.contains_key(asset))
    }

    /// The number of a pool, if it exists.
    pub(super) fn of(&self, asset: &AssetKey) -> Option<i32> {
        self.numbers.get(asset).copied()
    }

    /// The number of a pool that must exist.
    pub(super) fn of_known(&self, asset: &AssetKey) -> Result<i32, StoreError> {
        self.of(asset)
            .ok_or_else(|| StoreError::UnknownPool { location: self.location.clone(), asset: asset.clone() })
    }

    /// All numbers, in the order of their assets.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&AssetKey, i32)> {
        self.numbers.iter().map(|(asset, number)| (asset, *number))
    }

    /// The asset of a row that was found by one of these numbers.
    pub(super) fn asset(&self, row: &Row) -> Result<&AssetKey, StoreError> {
        let number: Option<i32> = row.try_get("pool").ok();
        number.and_then(|number| self.assets.get(&number)).ok_or_else(|| StoreError::Unreadable {
            row: format!("seats (pool {})", number.unwrap_or_default()),
            reason: "column `pool` names no pool of its location".to_owned(),
        })
    }
}

/// The rows of the pools that a scope names.
async fn pool_rows(work: &Work<'_>, scope: &LocationScope) -> Result<Vec<Row>, StoreError> {
    match &scope.pools {
        Pools::None => Ok(Vec::new()),
        Pools::These(assets) => rows_under(work, &POOLS, scope.location.as_str(), assets.iter()).await,
        Pools::All => rows_of(work, &POOLS, scope.location.as_str()).await,
    }
}

/// The numbers that a scope needs and that do not come with its pools.
async fn other_numbers(
    work: &Work<'_>,
    scope: &LocationScope,
) -> Result<BTreeMap<AssetKey, i32>, StoreError> {
    let (location, mut assets) = (&scope.location, scope.waitlist.keys().collect::<BTreeSet<_>>());
    if scope.pools == Pools::All {
        return Ok(BTreeMap::new());
    }
    match &scope.seats {
        Seats::None => {}
        Seats::These(keys) => {
            assets.extend(keys.iter().filter(|key| key.location == *location).map(|key| &key.asset));
        }
        Seats::OfAsset(asset) => drop(assets.insert(asset)),
        // The assets of these seats are not known before the seats are found, so all numbers are loaded.
        Seats::OfHolder(_) | Seats::OfRequests | Seats::WithNextAction(..) | Seats::After(..) => {
            let sql = format!("SELECT {SELECTED} FROM pools WHERE location = $1");
            let rows = work.doing(POOLS.reading).rows(&sql, &[&location.as_str()]).await?;
            return read_numbers(&rows);
        }
    }
    if let Pools::These(pools) = &scope.pools {
        assets.retain(|asset| !pools.contains(*asset));
    }
    numbers_of(work, location, assets).await
}

async fn numbers_of(
    work: &Work<'_>,
    location: &LocationId,
    assets: BTreeSet<&AssetKey>,
) -> Result<BTreeMap<AssetKey, i32>, StoreError> {
    let keys = assets.iter().copied();
    read_numbers(&select_under(work, &POOLS, SELECTED, location.as_str(), keys).await?)
}

fn read_numbers(rows: &[Row]) -> Result<BTreeMap<AssetKey, i32>, StoreError> {
    rows.iter().map(|row| seat::pool_number(row)).collect()
}
