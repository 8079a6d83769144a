//! Grants: never more than were free when they were decided.

use std::collections::BTreeMap;

use super::Finding;
use crate::{
    catalog::AssetKey,
    id::LocationId,
    plan::{AllotPools, Preview},
};

/// Checks the seats that a plan gives out against the pools as they were before it. A pool that is not known has none
/// to give.
#[must_use]
pub fn check_grants(before: &AllotPools, preview: &Preview) -> Vec<Finding> {
    let mut granted: BTreeMap<(&LocationId, &AssetKey), u64> = BTreeMap::new();
    for seat in &preview.gains {
        let count = granted.entry((&seat.location, &seat.asset)).or_default();
        *count = count.saturating_add(1);
    }
    let beyond = |((location, asset), granted): ((&LocationId, &AssetKey), u64)| {
        let pool = before.get(&(location.clone(), asset.pricing_param.clone()));
        let free = pool.map_or(Some(0), |pool| pool.free())?;
        let (location, asset) = (location.clone(), asset.clone());
        (granted > free).then_some(Finding::GrantBeyondFree { location, asset, granted, free })
    };
    granted.into_iter().filter_map(beyond).collect()
}
