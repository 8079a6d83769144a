//! Builders of assets and store entries, for the tests of the core.

use std::collections::BTreeSet;

use crate::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType, StoreListing},
    id::AdamId,
};

pub(crate) fn app_asset(adam_id: u64, platforms: &[Platform], total: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(adam_id),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: platforms.iter().cloned().collect(),
        counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
    }
}

pub(crate) fn listing(adam_id: u64, name: &str) -> StoreListing {
    StoreListing {
        adam_id: AdamId::new(adam_id),
        name: name.into(),
        bundle_id: None,
        icon_url: None,
        custom_app: false,
        device_families: BTreeSet::from(["iphone".to_owned()]),
    }
}
