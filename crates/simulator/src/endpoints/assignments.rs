//! Assignments, filtered, since a version, and page by page.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::lists::{Cut, cut};
use crate::apple::{AdamId, AssetKey, ErrorNumber, Holder, PricingParam};
use crate::model::{Location, OwnedAsset};
use crate::settings::{RemovedInDeltas, Settings};
use crate::wire::{AssignmentQuery, AssignmentRow, AssignmentsReply, EveryReply};

/// The holders of one asset that a query leaves, in the order of the list.
type Stretch<'a> = (AssetKey, Cow<'a, [Holder]>);

/// One page of the assignments that the filters leave, asset by asset. The cost of a page grows with its records and
/// the number of assets, that of a delta with the number of changes; neither with the number of assignments.
pub(crate) fn reply(
    location: &Location,
    settings: &Settings,
    query: &str,
    every_reply: EveryReply,
) -> Result<AssignmentsReply, ErrorNumber> {
    let query = AssignmentQuery::read(query)?;
    let stretches = match query.since {
        Some(_) => delta(location, settings, &query)?,
        None => assets(location, &query).map(|(key, asset)| (*key, all(location, &query, asset))).collect(),
    };
    let records = stretches.iter().map(|(_, holders)| holders.len()).sum();
    let version = location.assignments.current();
    let Cut { mut skip, mut take, page } = cut(query.page_index, records, settings.page_capacity, version)?;
    let mut assignments = Vec::with_capacity(take);
    for (key, holders) in &stretches {
        let here = holders.iter().skip(skip).take(take);
        let before = assignments.len();
        assignments.extend(here.map(|holder| row(location, &query, *key, holder)));
        skip = skip.saturating_sub(holders.len());
        take = take.saturating_sub(assignments.len().saturating_sub(before));
    }
    Ok(AssignmentsReply { assignments, page, every_reply })
}

/// The assets that a query is about.
fn assets<'a>(
    location: &'a Location,
    query: &AssignmentQuery,
) -> impl Iterator<Item = (&'a AssetKey, &'a OwnedAsset)> {
    location.assets.range(keys(query)).filter({
        let wanted = query.pricing_param;
        move |(key, _)| wanted.is_none_or(|param| param == key.pricing_param)
    })
}

fn keys(query: &AssignmentQuery) -> RangeInclusive<AssetKey> {
    let (first, last) = match query.adam_id {
        Some(adam_id) => (adam_id, adam_id),
        None => (AdamId::new(0), AdamId::new(u64::MAX)),
    };
    AssetKey::new(first, PricingParam::Standard)..=AssetKey::new(last, PricingParam::HighQuality)
}

/// All holders of an asset that a query leaves.
fn all<'a>(location: &Location, query: &AssignmentQuery, asset: &'a OwnedAsset) -> Cow<'a, [Holder]> {
    let device = query.serial_number.clone().map(Holder::Device);
    let user = query.client_user_id.clone().map(Holder::User);
    if let Some(asked) = device.or(user) {
        let there = asset.holders.contains(&asked) && wants(location, query, &asked);
        return Cow::Owned(if there { vec![asked] } else { Vec::new() });
    }
    // Retiring a user takes everything that can be taken, so only assets that cannot be have holders to leave out.
    if query.exclude_inactive_users && !asset.revocable() {
        let active = asset.holders.entries().iter().filter(|holder| wants(location, query, holder));
        return Cow::Owned(active.cloned().collect());
    }
    Cow::Borrowed(asset.holders.entries())
}

/// Whether a query leaves a holder.
fn wants(location: &Location, query: &AssignmentQuery, holder: &Holder) -> bool {
    match holder {
        Holder::Device(serial_number) => {
            query.client_user_id.is_none()
                && query.serial_number.as_ref().is_none_or(|wanted| wanted == serial_number)
        }
        Holder::User(id) => {
            query.serial_number.is_none()
                && query.client_user_id.as_ref().is_none_or(|wanted| wanted == id)
                && (!query.exclude_inactive_users || location.users.active(id).is_some())
        }
    }
}

/// The assignments touched since a version, each once: those that are there, and also others if the settings say so.
fn delta<'a>(
    location: &Location,
    settings: &Settings,
    query: &AssignmentQuery,
) -> Result<Vec<Stretch<'a>>, ErrorNumber> {
    let since = query.since.and_then(|version| location.assignments.since(version));
    let listed = settings.removed_in_deltas == RemovedInDeltas::Listed;
    let owned: BTreeMap<_, _> = assets(location, query).collect();
    let touched: BTreeSet<_> = since
        .ok_or(ErrorNumber::INVALID_VERSION)?
        .filter(|touched| {
            let asset = owned.get(&touched.asset);
            asset.is_some_and(|asset| listed || asset.holders.contains(&touched.holder))
                && wants(location, query, &touched.holder)
        })
        .collect();
    let mut stretches: BTreeMap<AssetKey, Vec<Holder>> = BTreeMap::new();
    for touched in touched {
        stretches.entry(touched.asset).or_default().push(touched.holder.clone());
    }
    Ok(stretches.into_iter().map(|(key, holders)| (key, Cow::Owned(holders))).collect())
}

fn row(location: &Location, query: &AssignmentQuery, key: AssetKey, holder: &Holder) -> AssignmentRow {
    let mut row = AssignmentRow::new(key, holder);
    if let Holder::User(id) = holder
        && query.include_user_state
        && let Some(user) = location.users.shown(id)
    {
        row.user_status = Some(user.status.name().to_owned());
        row.id_hash = user.id_hash();
    }
    row
}
