//! How few requests are needed, in cases that can be counted by hand.

use std::collections::BTreeSet;

use super::*;
use crate::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
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
fn nothing_needed_is_no_request() {
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
fn devices_that_all_need_something_else_get_one_app_a_request() {
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
fn a_limit_of_nothing_is_refused_by_its_name() {
    let refused = |assets, devices, users| PackLimits::new(assets, devices, users).unwrap_err().name;
    assert_eq!(refused(0, 1, 1), "maxAssets");
    assert_eq!(refused(1, 0, 1), "maxSerialNumbers");
    assert_eq!(refused(1, 1, 0), "maxClientUserIds");
}
