//! Assets, filtered and page by page.

use std::num::NonZeroUsize;

use super::asset_filter::wants;
use super::page::{Cut, cut};
use crate::error_number::ErrorNumber;
use crate::model::{AssetKey, Location, OwnedAsset};
use crate::wire::{Asset, AssetQuery, AssetsReply, EveryReply, UnlimitedAsset, names};

/// One page of the assets that the filters leave, in the order of their ids.
pub(super) fn reply(
    location: &Location,
    capacity: NonZeroUsize,
    query: &str,
    every_reply: EveryReply,
) -> Result<AssetsReply, ErrorNumber> {
    let query = AssetQuery::read(query)?;
    let matching: Vec<_> = location.assets.iter().filter(|(key, asset)| wants(&query, key, asset)).collect();
    let Cut { skip, take, page } = cut(query.page_index, matching.len(), capacity, location.version)?;
    let on_page: Vec<_> = matching.into_iter().skip(skip).take(take).collect();
    let apart = query.unlimited == Some(true);
    let (assets, unlimited_assets) = if apart {
        (Vec::new(), Some(on_page.into_iter().map(|(key, asset)| without_limit(key, asset)).collect()))
    } else {
        (on_page.into_iter().map(|(key, asset)| with_counts(key, asset)).collect(), None)
    };
    Ok(AssetsReply { assets, unlimited_assets, page, every_reply })
}

fn with_counts(key: &AssetKey, asset: &OwnedAsset) -> Asset {
    Asset {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned(),
        available_count: asset.available(),
        device_assignable: asset.device_assignable,
        pricing_param: names::pricing_param(key.pricing_param).to_owned(),
        product_type: names::product_type(asset.product_type()).to_owned(),
        retired_count: asset.retired,
        revocable: asset.revocable(),
        supported_platforms: names::supported_platforms(asset.kind),
        total_count: asset.total(),
    }
}

fn without_limit(key: &AssetKey, asset: &OwnedAsset) -> UnlimitedAsset {
    UnlimitedAsset {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned(),
        device_assignable: asset.device_assignable,
        pricing_param: names::pricing_param(key.pricing_param).to_owned(),
        product_type: names::product_type(asset.product_type()).to_owned(),
        revocable: asset.revocable(),
        supported_platforms: names::supported_platforms(asset.kind),
    }
}
