//! The numbers by which the seats and waitlist entries of a location name their pools. With a number instead of three
//! columns of text a seat takes a third of the room.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{catalog::AssetKey, id::LocationId};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params, params_from_iter};

use super::driver::select;
use crate::{
    documents::{POOLS, Value},
    rows::seat,
};

/// The numbers of some pools of a location.
pub(super) struct PoolNumbers<'a> {
    location: &'a LocationId,
    numbers: BTreeMap<AssetKey, i64>,
}

impl<'a> PoolNumbers<'a> {
    /// The numbers of these assets, as far as they have pools.
    pub(super) fn load(
        transaction: &Transaction<'_>,
        location: &'a LocationId,
        assets: BTreeSet<&AssetKey>,
    ) -> Result<Self, StoreError> {
        let sql = "SELECT location, adam_id, pricing_param, number FROM pools
                   WHERE location = ?1 AND adam_id = ?2 AND pricing_param = ?3";
        let mut numbers = BTreeMap::new();
        for asset in assets {
            let texts = POOLS.key.iter().filter_map(|column| match column.value {
                Value::Text(value) => Some(value(asset)),
                Value::OptionalText(_) | Value::Number(_) | Value::Flag(_) => None,
            });
            let params = params_from_iter([location.as_str().to_owned()].into_iter().chain(texts));
            let found: BTreeMap<_, _> =
                select(transaction, POOLS.reading, sql, params, |row| seat::pool_number(row))?;
            numbers.extend(found);
        }
        Ok(Self { location, numbers })
    }

    /// The numbers of all pools of a location.
    pub(super) fn load_all(
        transaction: &Transaction<'_>,
        location: &'a LocationId,
    ) -> Result<Self, StoreError> {
        let sql = "SELECT location, adam_id, pricing_param, number FROM pools WHERE location = ?1";
        let params = params![location.as_str()];
        let numbers = select(transaction, POOLS.reading, sql, params, |row| seat::pool_number(row))?;
        Ok(Self { location, numbers })
    }

    /// The number of a pool, if it exists.
    pub(super) fn of(&self, asset: &AssetKey) -> Option<i64> {
        self.numbers.get(asset).copied()
    }

    /// The number of a pool that must exist.
    pub(super) fn of_known(&self, asset: &AssetKey) -> Result<i64, StoreError> {
        self.of(asset)
            .ok_or_else(|| StoreError::UnknownPool { location: self.location.clone(), asset: asset.clone() })
    }

    /// All numbers, in the order of their assets.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&AssetKey, i64)> {
        self.numbers.iter().map(|(asset, number)| (asset, *number))
    }
}
