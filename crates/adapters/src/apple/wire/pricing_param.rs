//! The quality of an asset: `pricingParam`.

use mdm_vpp_core::{catalog::PricingParam, printable_text};

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
