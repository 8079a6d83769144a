//! The lists of assets and of users, filtered and page by page, and how every list is cut into pages.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use crate::apple::{AssetKey, ErrorNumber, UserStatus, VersionId};
use crate::model::{Location, OwnedAsset, User};
use crate::wire::{
    AssetQuery, AssetRow, AssetsReply, EveryReply, Page, UnlimitedAssetRow, UserQuery, UsersReply,
};

/// The place of a page in its list, and the members that a reply tells of it.
pub(crate) struct Cut {
    pub(crate) skip: usize,
    pub(crate) take: usize,
    pub(crate) page: Page,
}

/// Cuts the page with this index out of a list. A list without records is one empty page (assumption).
pub(crate) fn cut(
    index: Option<i64>,
    records: usize,
    capacity: NonZeroUsize,
    version: VersionId,
) -> Result<Cut, ErrorNumber> {
    let index = index.unwrap_or(0);
    let total_pages = count(records.div_ceil(capacity.get())).max(1);
    if index < 0 || index >= total_pages {
        return Err(ErrorNumber::PAGE_OUT_OF_RANGE);
    }
    let skip = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(capacity.get());
    let take = records.saturating_sub(skip).min(capacity.get());
    let next = index.saturating_add(1);
    let page = Page {
        current_page_index: index,
        next_page_index: (next < total_pages).then_some(next),
        size: count(take),
        total_pages,
        version_id: version.to_string(),
    };
    Ok(Cut { skip, take, page })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// One page of the assets that the filters leave, in the order of their ids.
pub(crate) fn assets(
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

fn with_counts(key: &AssetKey, asset: &OwnedAsset) -> AssetRow {
    AssetRow {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned(),
        available_count: asset.available(),
        device_assignable: asset.device_assignable,
        pricing_param: key.pricing_param.name().to_owned(),
        product_type: asset.product_type().name().to_owned(),
        retired_count: asset.retired,
        revocable: asset.revocable(),
        supported_platforms: asset.kind.supported_platforms(),
        total_count: asset.total(),
    }
}

fn without_limit(key: &AssetKey, asset: &OwnedAsset) -> UnlimitedAssetRow {
    UnlimitedAssetRow {
        adam_id: key.adam_id.to_string(),
        assigned_count: asset.assigned(),
        device_assignable: asset.device_assignable,
        pricing_param: key.pricing_param.name().to_owned(),
        product_type: asset.product_type().name().to_owned(),
        revocable: asset.revocable(),
        supported_platforms: asset.kind.supported_platforms(),
    }
}

/// Whether an asset is wanted: all filters given must hold (Apple's documentation). Bounds are inclusive.
pub(crate) fn wants(query: &AssetQuery, key: &AssetKey, asset: &OwnedAsset) -> bool {
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

/// One page of the users that the filters leave. The cost of a page of all, of the active or of the retired users grows
/// with its records alone.
pub(crate) fn users(
    location: &Location,
    capacity: NonZeroUsize,
    query: &str,
    every_reply: EveryReply,
) -> Result<UsersReply, ErrorNumber> {
    let query = UserQuery::read(query)?;
    let users = &location.users;
    let chosen = chosen(location, &query)?;
    let listed = match &chosen {
        Some(rows) => Some(rows.as_slice()),
        None if query.active_only => Some(users.active_rows()),
        None if query.retired_only => Some(users.retired_rows()),
        None => None,
    };
    let records = listed.map_or(users.len(), <[usize]>::len);
    let Cut { skip, take, page } = cut(query.page_index, records, capacity, users.history.current())?;
    let rows: Vec<usize> = match listed {
        Some(rows) => rows.iter().copied().skip(skip).take(take).collect(),
        None => (skip..skip.saturating_add(take)).collect(),
    };
    let users = rows.into_iter().filter_map(|row| users.row(row)).map(User::row).collect();
    Ok(UsersReply { users, page, every_reply })
}

/// The rows of an id or of a delta; `None` when neither is asked for.
fn chosen(location: &Location, query: &UserQuery) -> Result<Option<Vec<usize>>, ErrorNumber> {
    let users = &location.users;
    let rows: BTreeSet<usize> = match (query.since, &query.client_user_id) {
        (Some(version), _) => {
            users.history.since(version).ok_or(ErrorNumber::INVALID_VERSION)?.copied().collect()
        }
        (None, Some(id)) => users.rows_of(id).iter().copied().collect(),
        (None, None) if query.active_only && query.retired_only => BTreeSet::new(),
        (None, None) => return Ok(None),
    };
    let wanted = |user: &User| {
        query.client_user_id.as_ref().is_none_or(|id| *id == user.id)
            && (!query.active_only || user.is_active())
            && (!query.retired_only || user.status == UserStatus::Retired)
    };
    Ok(Some(rows.into_iter().filter(|row| users.row(*row).is_some_and(wanted)).collect()))
}
