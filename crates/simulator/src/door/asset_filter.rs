//! Which assets a client asked for.

use std::str::FromStr;

use super::query::Query;
use crate::error_number::ErrorNumber;
use crate::model::{AdamId, AssetKey, ListingKind, OwnedAsset, PricingParam};

/// Apps or books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProductType {
    App,
    Book,
}

impl ProductType {
    pub(super) fn of(asset: &OwnedAsset) -> Self {
        if asset.kind == ListingKind::Book { Self::Book } else { Self::App }
    }

    pub(super) fn wire(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Book => "Book",
        }
    }
}

impl FromStr for ProductType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::App, Self::Book].into_iter().find(|kind| kind.wire() == text).ok_or(())
    }
}

/// A quality as a query names it.
#[derive(Debug)]
struct Quality(PricingParam);

pub(super) fn pricing_param(param: PricingParam) -> &'static str {
    match param {
        PricingParam::Standard => "STDQ",
        PricingParam::HighQuality => "PLUS",
    }
}

impl FromStr for Quality {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [PricingParam::Standard, PricingParam::HighQuality];
        all.into_iter().find(|param| pricing_param(*param) == text).map(Self).ok_or(())
    }
}

/// The filters of the assets call; all given ones must hold (Apple's documentation). Bounds are inclusive.
#[derive(Debug)]
pub(super) struct AssetFilter {
    product_type: Option<ProductType>,
    quality: Option<Quality>,
    revocable: Option<bool>,
    device_assignable: Option<bool>,
    available: Bounds,
    assigned: Bounds,
    adam_id: Option<AdamId>,
    pub(super) unlimited: Option<bool>,
}

#[derive(Debug)]
struct Bounds {
    min: Option<i64>,
    max: Option<i64>,
}

impl Bounds {
    fn hold(&self, count: i64) -> bool {
        self.min.is_none_or(|min| count >= min) && self.max.is_none_or(|max| count <= max)
    }
}

impl AssetFilter {
    pub(super) fn read(query: &Query) -> Result<Self, ErrorNumber> {
        let bounds =
            |min, max| Ok::<_, ErrorNumber>(Bounds { min: query.int32(min)?, max: query.int32(max)? });
        Ok(Self {
            product_type: query.value("productType")?,
            quality: query.value("pricingParam")?,
            revocable: query.value("revocable")?,
            device_assignable: query.value("deviceAssignable")?,
            available: bounds("minAvailableCount", "maxAvailableCount")?,
            assigned: bounds("minAssignedCount", "maxAssignedCount")?,
            adam_id: query.value("adamId")?,
            unlimited: query.value("unlimited")?,
        })
    }

    pub(super) fn wants(&self, key: &AssetKey, asset: &OwnedAsset) -> bool {
        self.product_type.is_none_or(|kind| kind == ProductType::of(asset))
            && self.quality.as_ref().is_none_or(|quality| quality.0 == key.pricing_param)
            && self.revocable.is_none_or(|revocable| revocable == asset.revocable())
            && self.device_assignable.is_none_or(|assignable| assignable == asset.device_assignable)
            && self.available.hold(asset.available())
            && self.assigned.hold(asset.assigned)
            && self.adam_id.is_none_or(|adam_id| adam_id == key.adam_id)
            && self.unlimited.is_none_or(|unlimited| unlimited == asset.is_unlimited())
    }
}
