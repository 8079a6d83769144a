//! Assets, filtered and page by page.

use std::num::NonZeroUsize;

use super::asset_filter::wants;
use crate::error_number::ErrorNumber;
use crate::model::{AssetKey, Location, OwnedAsset};
use crate::wire::{Asset, AssetQuery, AssetsReply, EveryReply, Page, UnlimitedAsset, names};

/// One page of the assets that the filters leave, in the order of their ids.
pub(super) fn reply(
    location: &Location,
    capacity: NonZeroUsize,
    query: &str,
    every_reply: EveryReply,
) -> Result<AssetsReply, ErrorNumber> {
    let query = AssetQuery::read(query)?;
    let index = query.page_index.unwrap_or(0);
    let matching: Vec<_> = location.assets.iter().filter(|(key, asset)| wants(&query, key, asset)).collect();
    // Nothing at all is still one page, an empty one (assumption).
    let total_pages = count(matching.len().div_ceil(capacity.get())).max(1);
    if index < 0 || index >= total_pages {
        return Err(ErrorNumber::PAGE_OUT_OF_RANGE);
    }
    let first = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(capacity.get());
    let on_page: Vec<_> = matching.into_iter().skip(first).take(capacity.get()).collect();
    let next = index.saturating_add(1);
    let page = Page {
        current_page_index: index,
        next_page_index: (next < total_pages).then_some(next),
        size: count(on_page.len()),
        total_pages,
        version_id: location.version.to_string(),
    };
    let apart = query.unlimited == Some(true);
    let (assets, unlimited_assets) = if apart {
        (Vec::new(), Some(on_page.into_iter().map(|(key, asset)| without_limit(key, asset)).collect()))
    } else {
        (on_page.into_iter().map(|(key, asset)| with_counts(key, asset)).collect(), None)
    };
    Ok(AssetsReply { assets, unlimited_assets, page, every_reply })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn with_counts(key: &AssetKey, asset: &OwnedAsset) -> Asset {
    Asset {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned,
        available_count: asset.available(),
        device_assignable: asset.device_assignable,
        pricing_param: names::pricing_param(key.pricing_param).to_owned(),
        product_type: names::product_type(asset.product_type()).to_owned(),
        retired_count: 0,
        revocable: asset.revocable(),
        supported_platforms: names::supported_platforms(asset.kind),
        total_count: asset.total(),
    }
}

fn without_limit(key: &AssetKey, asset: &OwnedAsset) -> UnlimitedAsset {
    UnlimitedAsset {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned,
        device_assignable: asset.device_assignable,
        pricing_param: names::pricing_param(key.pricing_param).to_owned(),
        product_type: names::product_type(asset.product_type()).to_owned(),
        revocable: asset.revocable(),
        supported_platforms: names::supported_platforms(asset.kind),
    }
}
