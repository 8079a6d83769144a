//! The quality of an asset as part of a key.

use mdm_vpp_core::catalog::PricingParam;

/// The quality of an asset as part of a key. A word of Apple's that we do not know cannot be taken for one of ours.
pub(crate) fn pricing_key(pricing_param: &PricingParam) -> String {
    match pricing_param {
        PricingParam::Standard => "standard".to_owned(),
        PricingParam::HighQuality => "high_quality".to_owned(),
        PricingParam::Other { name } => format!("other:{name}"),
    }
}

/// The quality behind a part of a key.
pub(crate) fn pricing_of(key: &str) -> Result<PricingParam, &'static str> {
    match (key, key.strip_prefix("other:")) {
        ("standard", _) => Ok(PricingParam::Standard),
        ("high_quality", _) => Ok(PricingParam::HighQuality),
        (_, Some(name)) => Ok(PricingParam::Other { name: name.to_owned() }),
        _ => Err("is no quality that this version knows"),
    }
}
