//! By which numbers the seats and wishes of a location name their pools.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{catalog::AssetKey, id::LocationId};
use mdm_vpp_ports::StoreError;

use super::{pool_rows, work::Work};

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

    /// The numbers of all assets of the location.
    pub(super) async fn load_all(work: &Work<'_>, location: &'a LocationId) -> Result<Self, StoreError> {
        Ok(Self::of_all(location, pool_rows::all_numbers(work, location).await?))
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
