//! Assets of a page become types of the core.

use mdm_vpp_core::catalog::{Asset, Counts, PricingParam, ProductType};
use mdm_vpp_core::printable_text;
use mdm_vpp_ports::ServiceErrorKind;

use super::wire::{ADAM_ID, platform};
use crate::model;
use crate::wire;

/// An asset that stands at a place among those with counts; the largest total means unlimited.
pub(super) fn counted(place: &str, asset: &wire::Asset) -> Result<Asset, ServiceErrorKind> {
    let unusable = |member: &str, found| ServiceErrorKind::UnexpectedReply {
        member: format!("{place}.{member}"),
        found,
    };
    let counts = Counts::from_reported(
        asset.total_count,
        asset.assigned_count,
        asset.available_count,
        asset.retired_count,
    );
    let counts =
        counts.map_err(|error| unusable(error.member, format!("it is {}, below zero", error.value)))?;
    let adam_id = asset.adam_id.parse();
    Ok(Asset {
        adam_id: adam_id.map_err(|_| unusable(ADAM_ID, "it is not an id of 1 to 19 digits".to_owned()))?,
        pricing_param: pricing_param(&asset.pricing_param),
        product_type: product_type(&asset.product_type),
        device_assignable: asset.device_assignable,
        revocable: asset.revocable,
        supported_platforms: asset.supported_platforms.iter().map(|name| platform(name)).collect(),
        counts,
    })
}

/// An asset that stands among those without limit, given the total that means so.
pub(super) fn unlimited(asset: wire::UnlimitedAsset) -> wire::Asset {
    wire::Asset {
        adam_id: asset.adam_id,
        assigned_count: asset.assigned_count,
        available_count: model::UNLIMITED,
        device_assignable: asset.device_assignable,
        pricing_param: asset.pricing_param,
        product_type: asset.product_type,
        retired_count: 0,
        revocable: asset.revocable,
        supported_platforms: asset.supported_platforms,
        total_count: model::UNLIMITED,
    }
}

fn product_type(name: &str) -> ProductType {
    match name.parse() {
        Ok(model::ProductType::App) => ProductType::App,
        Ok(model::ProductType::Book) => ProductType::Book,
        Err(()) => ProductType::Other { name: printable_text(name) },
    }
}

fn pricing_param(name: &str) -> PricingParam {
    match name.parse() {
        Ok(model::PricingParam::Standard) => PricingParam::Standard,
        Ok(model::PricingParam::HighQuality) => PricingParam::HighQuality,
        Err(()) => PricingParam::Other { name: printable_text(name) },
    }
}
