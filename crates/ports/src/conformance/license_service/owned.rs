//! Assets for the stories.

use mdm_vpp_core::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    id::AdamId,
};

/// An app for iOS with ten licenses, three of them assigned.
pub(super) fn app(number: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(number),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: [Platform::Ios].into(),
        counts: bought(10, 3),
    }
}

/// A book for every device of a user, in this quality.
pub(super) fn book(number: u64, pricing_param: PricingParam) -> Asset {
    Asset {
        pricing_param,
        product_type: ProductType::Book,
        device_assignable: false,
        revocable: false,
        supported_platforms: [Platform::Ios, Platform::MacOs].into(),
        ..app(number)
    }
}

pub(super) const fn bought(total: u64, assigned: u64) -> Counts {
    Counts::Limited { total, assigned, available: total.saturating_sub(assigned), retired: 0 }
}

/// Assets by id and quality.
pub(super) fn sorted(mut assets: Vec<Asset>) -> Vec<Asset> {
    assets.sort_by(|a, b| (a.adam_id, &a.pricing_param).cmp(&(b.adam_id, &b.pricing_param)));
    assets
}
