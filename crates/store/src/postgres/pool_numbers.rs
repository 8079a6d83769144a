//! By which numbers the seats and wishes of a location name their pools.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::{AssetKey, Pool},
    id::LocationId,
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, StoreError};

use super::{pool_rows, together::both, work::Work};

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
        Ok(Self::of_all(location, pool_rows::numbers(work, location, assets.into_iter()).await?))
    }

    /// The pools that a scope names, and the numbers of those whose seats and wishes it names.
    pub(super) async fn load_with_pools(
        work: &Work<'_>,
        scope: &'a LocationScope,
    ) -> Result<(BTreeMap<AssetKey, Pool>, Self), StoreError> {
        let location = &scope.location;
        let ((pools, mut numbers), others) =
            both(pool_rows::load(work, location, &scope.pools), other_numbers(work, scope)).await?;
        numbers.extend(others);
        Ok((pools, Self::of_all(location, numbers)))
    }

    /// Whether the numbers of all these assets are known.
    pub(super) fn has_all(&self, assets: &BTreeSet<&AssetKey>) -> bool {
        assets.iter().all(|asset| self.numbers.contains_key(asset))
    }

    fn of_all(location: &'a LocationId, numbers: BTreeMap<AssetKey, i32>) -> Self {
        let assets = numbers.iter().map(|(asset, number)| (*number, asset.clone())).collect();
        Self { location, numbers, assets }
    }

    /// The number of a pool, if it is there.
    pub(super) fn of(&self, asset: &AssetKey) -> Option<i32> {
        self.numbers.get(asset).copied()
    }

    /// The number of a pool that has to be there.
    pub(super) fn of_known(&self, asset: &AssetKey) -> Result<i32, StoreError> {
        self.of(asset)
            .ok_or_else(|| StoreError::UnknownPool { location: self.location.clone(), asset: asset.clone() })
    }

    /// All numbers, in the order of their assets.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&AssetKey, i32)> {
        self.numbers.iter().map(|(asset, number)| (asset, *number))
    }

    /// The asset of a row that was found by a number of ours.
    pub(super) fn asset(&self, row: &tokio_postgres::Row) -> Result<&AssetKey, StoreError> {
        let number: Option<i32> = row.try_get("pool").ok();
        number.and_then(|number| self.assets.get(&number)).ok_or_else(|| StoreError::Unreadable {
            row: format!("seats (pool {})", number.unwrap_or_default()),
            reason: "column `pool` names no pool of its location".to_owned(),
        })
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
        // Of which pools is not known yet.
        Seats::OfHolder(_) | Seats::OfRequests | Seats::WithNextAction(..) | Seats::After(..) => {
            return pool_rows::all_numbers(work, location).await;
        }
    }
    if let Pools::These(pools) = &scope.pools {
        assets.retain(|asset| !pools.contains(*asset));
    }
    pool_rows::numbers(work, location, assets.into_iter()).await
}
