//! What holds for every input, tried with small limits so that requests are often full.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use proptest::prelude::*;

use super::*;
use crate::{
    catalog::{AssetKey, PricingParam},
    id::AdamId,
};

type Needed = BTreeSet<(AssetKey, u16)>;

fn asset(number: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(number), pricing_param: PricingParam::Standard }
}

fn limits() -> impl Strategy<Value = RequestLimits> {
    let positive = |most| (1u32..=most).prop_map(|limit| NonZeroU32::new(limit).unwrap());
    (positive(5), positive(8)).prop_map(|(assets, holders)| RequestLimits { assets, holders })
}

/// Pairs as groups bring them about, with some missing and some by themselves.
fn needed() -> impl Strategy<Value = Needed> {
    let group = (prop::collection::btree_set(0u64..12, 1..9), 0u16..40, 1u16..20);
    let alone = (0u64..12, 0u16..60);
    let groups = prop::collection::vec(group, 0..6);
    (groups, prop::collection::vec(alone, 0..40), prop::collection::btree_set((0u64..12, 0u16..60), 0..30))
        .prop_map(|(groups, alone, missing)| {
            let of_group = |(assets, from, count): (BTreeSet<u64>, u16, u16)| {
                assets
                    .into_iter()
                    .flat_map(move |asset| (from..from + count).map(move |holder| (asset, holder)))
            };
            let all = groups.into_iter().flat_map(of_group).chain(alone);
            all.filter(|pair| !missing.contains(pair))
                .map(|(number, holder)| (asset(number), holder))
                .collect()
        })
}

fn pack_all<'a>(
    pairs: impl IntoIterator<Item = &'a (AssetKey, u16)>,
    limits: RequestLimits,
) -> Vec<PackedRequest<u16>> {
    pack(pairs.into_iter().map(|(asset, holder)| (asset, holder)), limits)
}

fn most(limit: NonZeroU32) -> usize {
    limit.get() as usize
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn exactly_the_needed_pairs_are_covered_each_once_within_the_limits(
        needed in needed(), limits in limits()
    ) {
        let requests = pack_all(&needed, limits);
        let mut covered = BTreeSet::new();
        for request in &requests {
            prop_assert!((1..=most(limits.assets)).contains(&request.assets.len()));
            prop_assert!((1..=most(limits.holders)).contains(&request.holders.len()));
            prop_assert!(request.assets.is_sorted_by(|one, next| one < next));
            prop_assert!(request.holders.is_sorted_by(|one, next| one < next));
            for asset in &request.assets {
                for holder in &request.holders {
                    prop_assert!(covered.insert((asset.clone(), *holder)), "covered twice");
                }
            }
        }
        prop_assert_eq!(covered, needed);
    }

    #[test]
    fn the_answer_depends_only_on_which_pairs_are_needed(
        (needed, shuffled) in needed().prop_flat_map(|needed| {
            // Each pair twice, in any order.
            let twice: Vec<_> = needed.iter().chain(&needed).cloned().collect();
            (Just(needed), Just(twice).prop_shuffle())
        }),
        limits in limits()
    ) {
        prop_assert_eq!(pack_all(&needed, limits), pack_all(&shuffled, limits));
    }

    #[test]
    fn there_are_never_more_requests_than_with_one_asset_a_request_or_class_by_class_nor_fewer_than_fit(
        needed in needed(), limits in limits()
    ) {
        let requests = pack_all(&needed, limits).len();
        let mut by_asset: BTreeMap<&AssetKey, usize> = BTreeMap::new();
        let mut by_holder: BTreeMap<u16, BTreeSet<&AssetKey>> = BTreeMap::new();
        for (asset, holder) in &needed {
            *by_asset.entry(asset).or_default() += 1;
            by_holder.entry(*holder).or_default().insert(asset);
        }
        let one_asset_each: usize =
            by_asset.values().map(|holders| holders.div_ceil(most(limits.holders))).sum();
        let mut classes: BTreeMap<BTreeSet<&AssetKey>, usize> = BTreeMap::new();
        for assets in by_holder.into_values() {
            *classes.entry(assets).or_default() += 1;
        }
        let class_by_class: usize = classes
            .iter()
            .map(|(assets, holders)| {
                assets.len().div_ceil(most(limits.assets)) * holders.div_ceil(most(limits.holders))
            })
            .sum();
        prop_assert!(requests <= one_asset_each, "{requests} > {one_asset_each}");
        prop_assert!(requests <= class_by_class, "{requests} > {class_by_class}");
        prop_assert!(requests >= needed.len().div_ceil(most(limits.assets) * most(limits.holders)));
    }

    #[test]
    fn packing_what_was_packed_changes_nothing(needed in needed(), limits in limits()) {
        let requests = pack_all(&needed, limits);
        let again: Vec<(AssetKey, u16)> = requests
            .iter()
            .flat_map(|request| {
                let of = |asset: &AssetKey| {
                    let asset = asset.clone();
                    request.holders.iter().map(move |holder| (asset.clone(), *holder))
                };
                request.assets.iter().flat_map(of)
            })
            .collect();
        prop_assert_eq!(pack_all(&again, limits), requests);
    }
}
