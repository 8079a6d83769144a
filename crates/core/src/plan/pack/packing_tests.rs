//! The number of requests in cases that can be counted by hand, and the properties of all packings.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    testing::shape,
};

fn app(number: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(number), pricing_param: PricingParam::Standard }
}

fn device(number: u64) -> SerialNumber {
    SerialNumber::new(format!("C02{number:06}")).unwrap()
}

type Pair = (AssetKey, SerialNumber);

fn pairs(numbers: impl IntoIterator<Item = (u64, u64)>) -> Vec<Pair> {
    numbers.into_iter().map(|(asset, holder)| (app(asset), device(holder))).collect()
}

/// Packs with Apple's limits, and checks that exactly these pairs are covered, each once.
fn packed(pairs: &[Pair]) -> Vec<PackedRequest<SerialNumber>> {
    let limits = PackLimits::default();
    let requests = pack_devices(pairs.iter().map(|(asset, holder)| (asset, holder)), &limits);
    let mut covered = Vec::new();
    for request in &requests {
        assert!((1..=25).contains(&request.assets.len()));
        assert!((1..=1000).contains(&request.holders.len()));
        for asset in &request.assets {
            covered.extend(request.holders.iter().map(|holder| (asset, holder)));
        }
    }
    let count = covered.len();
    let covered: BTreeSet<_> = covered.into_iter().collect();
    assert_eq!(covered.len(), count, "a pair is covered twice");
    assert!(covered == pairs.iter().map(|(asset, holder)| (asset, holder)).collect(), "not the pairs needed");
    requests
}

fn every(assets: u64, holders: u64) -> Vec<Pair> {
    pairs((0..assets).flat_map(|asset| (0..holders).map(move |holder| (asset, holder))))
}

#[test]
fn no_pairs_need_no_request() {
    assert!(packed(&[]).is_empty());
}

#[test]
fn one_app_for_ten_thousand_devices_is_ten_requests() {
    assert_eq!(packed(&every(1, 10_000)).len(), 10);
}

#[test]
fn twenty_apps_for_a_thousand_devices_are_one_request() {
    assert_eq!(packed(&every(20, 1_000)).len(), 1);
}

#[test]
fn one_more_than_a_request_holds_needs_a_second_one() {
    assert_eq!(packed(&every(25, 1_000)).len(), 1);
    assert_eq!(packed(&every(26, 1_000)).len(), 2);
    assert_eq!(packed(&every(25, 1_001)).len(), 2);
}

#[test]
fn forty_groups_with_thirty_apps_each_need_far_fewer_requests_than_one_app_a_request() {
    // 1,250 devices a group would only make the test slow: a tenth of it, with a tenth of the limit.
    let limits = PackLimits::new(25, 100, 100).unwrap();
    for step in [5, 7, 30] {
        let needed = pairs((0..5_000).flat_map(|holder| {
            let group = holder / 125;
            (0..30).map(move |n| ((group * step + n) % 200, holder))
        }));
        let requests = pack_devices(needed.iter().map(|(asset, holder)| (asset, holder)), &limits);
        assert_eq!(requests.iter().map(PackedRequest::pairs).sum::<usize>(), 150_000);
        assert!(requests.len() <= 160, "{} with a step of {step}", requests.len());
    }
}

#[test]
fn groups_that_need_the_same_apps_share_one_request() {
    // Ten groups of 100 devices share twenty apps; each has ten of its own. Group by group it would be 20.
    let needed = pairs((0..1_000).flat_map(|holder| {
        let own = 100 + holder / 100 * 10;
        (0..20).chain(own..own + 10).map(move |asset| (asset, holder))
    }));
    assert_eq!(packed(&needed).len(), 11);
}

#[test]
fn devices_that_all_need_other_apps_get_one_app_a_request() {
    // Each device needs its own three of thirty apps: a request for each device would be 1,000.
    let needed = pairs((0..1_000).flat_map(|holder| {
        [(holder % 10, holder), (10 + holder / 10 % 10, holder), (20 + holder / 100, holder)]
    }));
    assert!(packed(&needed).len() <= 30);
}

#[test]
fn the_same_app_in_two_qualities_is_two_assets() {
    let mut needed = every(1, 10);
    let high = AssetKey { pricing_param: PricingParam::HighQuality, ..app(0) };
    needed.extend((0..10).map(|holder| (high.clone(), device(holder))));
    let requests = packed(&needed);
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].assets, [app(0), high]);
}

#[test]
fn users_have_a_limit_of_their_own() {
    let limits = PackLimits::new(25, 1000, 3).unwrap();
    let users: Vec<_> = (0..7).map(|n| ClientUserId::new(format!("user-{n}")).unwrap()).collect();
    let book = app(1);
    let requests = pack_users(users.iter().map(|user| (&book, user)), &limits);
    assert_eq!(requests.iter().map(|request| request.holders.len()).collect::<Vec<_>>(), [3, 3, 1]);
}

#[test]
fn a_limit_of_zero_is_refused_by_its_name() {
    let refused = |assets, devices, users| PackLimits::new(assets, devices, users).unwrap_err().name;
    assert_eq!(refused(0, 1, 1), "maxAssets");
    assert_eq!(refused(1, 0, 1), "maxSerialNumbers");
    assert_eq!(refused(1, 1, 0), "maxClientUserIds");
}

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

#[test]
fn a_packed_request_is_stored_as_assets_and_holders() {
    let request = PackedRequest {
        assets: vec![AssetKey { adam_id: AdamId::new(7), pricing_param: PricingParam::HighQuality }],
        holders: vec![SerialNumber::new("C02A").unwrap()],
    };
    let stored = json!({
        "assets": [{"adam_id": "7", "pricing_param": {"kind": "high_quality"}}],
        "holders": ["C02A"]
    });
    shape(&request, &stored);
}

#[test]
fn limits_are_stored_under_apples_names_and_none_is_0() {
    let stored = json!({"max_assets": 25, "max_serial_numbers": 1000, "max_client_user_ids": 1000});
    shape(&PackLimits::default(), &stored);
    let nothing = json!({"max_assets": 0, "max_serial_numbers": 1000, "max_client_user_ids": 1000});
    assert!(serde_json::from_value::<PackLimits>(nothing).is_err());
}
