//! Which assets a client asked for.

use crate::model::{AssetKey, OwnedAsset};
use crate::wire::AssetQuery;

/// Whether an asset is wanted: all filters given must hold (Apple's documentation). Bounds are inclusive.
pub(super) fn wants(query: &AssetQuery, key: &AssetKey, asset: &OwnedAsset) -> bool {
    query.product_type.is_none_or(|kind| kind == asset.product_type())
        && query.pricing_param.is_none_or(|param| param == key.pricing_param)
        && query.revocable.is_none_or(|revocable| revocable == asset.revocable())
        && query.device_assignable.is_none_or(|assignable| assignable == asset.device_assignable)
        && between(query.min_available, asset.available(), query.max_available)
        && between(query.min_assigned, asset.assigned(), query.max_assigned)
        && query.adam_id.is_none_or(|adam_id| adam_id == key.adam_id)
        && query.unlimited.is_none_or(|unlimited| unlimited == asset.is_unlimited())
}

fn between(min: Option<i64>, count: i64, max: Option<i64>) -> bool {
    min.is_none_or(|min| count >= min) && max.is_none_or(|max| count <= max)
}
