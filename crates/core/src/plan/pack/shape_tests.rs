//! How a packed request and its limits look when they are stored.

use serde_json::json;

use super::*;
use crate::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, SerialNumber},
    testing::shape,
};

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
