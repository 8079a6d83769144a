//! By which numbers the seats and wishes of a location name their pools.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{catalog::AssetKey, id::LocationId};
use mdm_vpp_ports::StoreError;
use rusqlite::Transaction;

use super::pool_rows;

/// The numbers of some pools of a location.
pub(super) struct PoolNumbers<'a> {
    location: &'a LocationId,
    numbers: BTreeMap<&'a AssetKey, i64>,
}

impl<'a> PoolNumbers<'a> {
    /// The numbers of these assets, as far as they have pools.
    pub(super) fn load(
        transaction: &Transaction<'_>,
        location: &'a LocationId,
        assets: BTreeSet<&'a AssetKey>,
    ) -> Result<Self, StoreError> {
        Ok(Self { location, numbers: pool_rows::numbers(transaction, location, assets)? })
    }

    /// The number of a pool, if it is there.
    pub(super) fn of(&self, asset: &AssetKey) -> Option<i64> {
        self.numbers.get(asset).copied()
    }

    /// The number of a pool that has to be there.
    pub(super) fn of_known(&self, asset: &AssetKey) -> Result<i64, StoreError> {
        self.of(asset)
            .ok_or_else(|| StoreError::UnknownPool { location: self.location.clone(), asset: asset.clone() })
    }
}
