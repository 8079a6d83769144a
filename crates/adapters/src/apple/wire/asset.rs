//! The assets of a page: `assets` and `unlimitedAssets`.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    printable_text,
};

use super::{Members, Unusable};

/// All assets of a page. A page without either list is an empty one only when it says that its size is 0.
pub(crate) fn read_assets(reply: &Members<'_>) -> Result<Vec<Asset>, Unusable> {
    let limited = reply.objects("assets")?;
    let unlimited = reply.objects("unlimitedAssets")?;
    if limited.is_none() && unlimited.is_none() && reply.whole("size")? != Some(0) {
        return Err(reply.missing("assets"));
    }
    let limited = limited.unwrap_or_default();
    let unlimited = unlimited.unwrap_or_default();
    let limited = limited.iter().map(|asset| read_asset(asset, limited_counts(asset)?));
    let unlimited = unlimited.iter().map(|asset| read_asset(asset, unlimited_counts(asset)?));
    limited.chain(unlimited).collect()
}

fn read_asset(asset: &Members<'_>, counts: Counts) -> Result<Asset, Unusable> {
    let adam_id = asset.adam_id("adamId")?.ok_or_else(|| asset.missing("adamId"))?;
    let product_type = match asset.text("productType")?.ok_or_else(|| asset.missing("productType"))? {
        "App" => ProductType::App,
        "Book" => ProductType::Book,
        other => ProductType::Other { name: printable_text(other) },
    };
    let pricing_param = asset.text("pricingParam")?.map_or(PricingParam::Standard, read_pricing_param);
    let unless_book = product_type != ProductType::Book;
    let platforms = asset.texts("supportedPlatforms")?.unwrap_or_default();
    Ok(Asset {
        adam_id,
        pricing_param,
        device_assignable: asset.flag("deviceAssignable")?.unwrap_or(unless_book),
        revocable: asset.flag("revocable")?.unwrap_or(unless_book),
        product_type,
        supported_platforms: platforms.into_iter().map(platform).collect::<BTreeSet<_>>(),
        counts,
    })
}

fn platform(name: &str) -> Platform {
    match name {
        "iOS" => Platform::Ios,
        "macOS" => Platform::MacOs,
        "tvOS" => Platform::TvOs,
        "visionOS" => Platform::VisionOs,
        "watchOS" => Platform::WatchOs,
        other => Platform::Other { name: printable_text(other) },
    }
}

fn limited_counts(asset: &Members<'_>) -> Result<Counts, Unusable> {
    let needed = |name| asset.whole(name)?.ok_or_else(|| asset.missing(name));
    let (total, assigned) = (needed("totalCount")?, needed("assignedCount")?);
    let (available, retired) = (needed("availableCount")?, asset.whole("retiredCount")?.unwrap_or(0));
    Counts::from_reported(total, assigned, available, retired)
        .map_err(|error| asset.unusable(error.member, format!("it is {}, below zero", error.value)))
}

fn unlimited_counts(asset: &Members<'_>) -> Result<Counts, Unusable> {
    let assigned = asset.whole("assignedCount")?.ok_or_else(|| asset.missing("assignedCount"))?;
    let assigned = u64::try_from(assigned)
        .map_err(|_| asset.unusable("assignedCount", format!("it is {assigned}, below zero")))?;
    Ok(Counts::Unlimited { assigned })
}

/// A quality by Apple's name of it.
pub(crate) fn read_pricing_param(name: &str) -> PricingParam {
    match name {
        "STDQ" => PricingParam::Standard,
        "PLUS" => PricingParam::HighQuality,
        other => PricingParam::Other { name: printable_text(other) },
    }
}

/// Apple's name of a quality.
pub(crate) fn pricing_param_name(pricing_param: &PricingParam) -> &str {
    match pricing_param {
        PricingParam::Standard => "STDQ",
        PricingParam::HighQuality => "PLUS",
        PricingParam::Other { name } => name,
    }
}
