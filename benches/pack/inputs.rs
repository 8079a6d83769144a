//! The inputs of the bench. They are computed, so they are the same in every run.

use std::{collections::BTreeSet, fmt};

use mdm_vpp::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, SerialNumber},
    plan::PackLimits,
};

pub(crate) type Pair = (AssetKey, SerialNumber);

/// Pairs, and the largest number of requests that is promised for them.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) pairs: Vec<Pair>,
    /// `None` where only the baseline, one app a request, is the bound.
    pub(crate) most: Option<usize>,
}

/// The scale of an input: devices and limits are divided by the same number.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    divisor: u32,
}

impl Scale {
    pub(crate) const FULL: Self = Self { divisor: 1 };
    pub(crate) const TENTH: Self = Self { divisor: 10 };

    /// Apple's limits in this scale.
    pub(crate) fn limits(self) -> PackLimits {
        let holders = 1000 / self.divisor;
        PackLimits::new(25, holders, holders).unwrap_or_default()
    }

    fn devices(self, count: u32) -> u32 {
        count / self.divisor
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1:{}", self.divisor)
    }
}

pub(crate) fn all(scale: Scale) -> Vec<Input> {
    let neighbours = groups(scale, |group, n| (group * 5 + n) % 200);
    let mut shuffled = neighbours.clone();
    shuffle(&mut shuffled);
    vec![
        Input { name: "1 app for 10,000 devices", pairs: every(1, scale.devices(10_000)), most: Some(10) },
        Input { name: "20 apps for 1,000 devices", pairs: every(20, scale.devices(1_000)), most: Some(1) },
        Input {
            name: "40 groups of 1,250 devices, 30 of 200 apps each, groups with apps in common",
            pairs: neighbours,
            most: Some(176),
        },
        Input { name: "the same pairs in no order", pairs: shuffled, most: Some(176) },
        Input {
            name: "40 groups of 1,250 devices, 30 of 200 apps each, scattered",
            pairs: scattered(scale),
            most: Some(176),
        },
        Input {
            name: "the scattered groups, 5 % of single pairs missing",
            pairs: with_holes(scattered(scale)),
            most: None,
        },
        Input { name: "50,000 devices, 30 of 200 apps each, no two alike", pairs: noise(scale), most: None },
    ]
}

fn app(number: u32) -> AssetKey {
    AssetKey {
        adam_id: AdamId::new(1_000_000_000 + u64::from(number)),
        pricing_param: PricingParam::Standard,
    }
}

fn device(number: u32) -> Option<SerialNumber> {
    SerialNumber::new(format!("C02X{number:08}")).ok()
}

fn pairs(numbers: impl Iterator<Item = (u32, u32)>) -> Vec<Pair> {
    numbers.filter_map(|(asset, holder)| Some((app(asset), device(holder)?))).collect()
}

fn every(apps: u32, devices: u32) -> Vec<Pair> {
    pairs((0..apps).flat_map(|asset| (0..devices).map(move |holder| (asset, holder))))
}

/// 40 groups with 30 apps each: which app is a group's n-th?
fn groups(scale: Scale, app_of: impl Fn(u32, u32) -> u32 + Copy) -> Vec<Pair> {
    let size = scale.devices(1_250);
    let devices = (0..40).flat_map(|group| (0..size).map(move |n| (group, group * size + n)));
    pairs(devices.flat_map(|(group, holder)| (0..30).map(move |n| (app_of(group, n), holder))))
}

/// Groups whose apps follow no pattern.
fn scattered(scale: Scale) -> Vec<Pair> {
    let mut numbers = Numbers(7);
    let apps: Vec<Vec<u32>> = (0..40)
        .map(|_| {
            let mut apps = BTreeSet::new();
            while apps.len() < 30 {
                apps.insert(numbers.below(200));
            }
            apps.into_iter().collect()
        })
        .collect();
    groups(scale, |group, n| {
        apps.get(group as usize).and_then(|apps| apps.get(n as usize)).copied().unwrap_or_default()
    })
}

fn with_holes(mut pairs: Vec<Pair>) -> Vec<Pair> {
    let mut numbers = Numbers(13);
    pairs.retain(|_| numbers.below(20) != 0);
    pairs
}

/// Devices whose apps follow no pattern.
fn noise(scale: Scale) -> Vec<Pair> {
    let mut numbers = Numbers(17);
    let devices = scale.devices(50_000);
    let chosen: BTreeSet<(u32, u32)> =
        (0..devices).flat_map(|holder| [holder; 30]).map(|holder| (holder, numbers.below(200))).collect();
    pairs(chosen.into_iter().map(|(holder, app)| (app, holder)))
}

fn shuffle(pairs: &mut [Pair]) {
    let mut numbers = Numbers(11);
    for last in (1..pairs.len()).rev() {
        let other = numbers.below(u32::try_from(last + 1).unwrap_or(u32::MAX));
        pairs.swap(last, other as usize);
    }
}

/// Numbers without a pattern that are the same in every run (a linear congruence with Knuth's factor).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = self.0 >> 32;
        u32::try_from((high * u64::from(limit)) >> 32).unwrap_or_default()
    }
}
