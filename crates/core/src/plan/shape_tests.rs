//! How allotments and differences are stored: what is stored today must be read tomorrow.

use serde_json::json;

use super::*;
use crate::{
    catalog::PricingParam,
    policy::{Candidate, LicenseKind},
    testing::{location_id, shape},
};

#[test]
fn what_an_applicant_gets() {
    let candidate = Candidate {
        location: location_id("1"),
        pricing_param: PricingParam::Standard,
        license: LicenseKind::User,
    };
    shape(
        &Allotment::Seat { candidate },
        &json!({
            "kind": "seat",
            "candidate": {"location": "1", "pricing_param": {"kind": "standard"}, "license": {"kind": "user"}}
        }),
    );
    shape(
        &Allotment::Wait { waits_for: WaitsFor::Token { location: location_id("1") } },
        &json!({"kind": "wait", "waits_for": {"kind": "token", "location": "1"}}),
    );
    shape(&Allotment::Unlicensed, &json!({"kind": "unlicensed"}));
    shape(&Allotment::Failed, &json!({"kind": "failed"}));
}

#[test]
fn a_reservation_and_what_is_used_of_it() {
    shape(&Reserved { licenses: 8, held: 2 }, &json!({"licenses": 8, "held": 2}));
}

#[test]
fn a_difference_with_its_key() {
    for (difference, stored) in [
        (Difference::Missing("a".to_owned()), json!({"kind": "missing", "key": "a"})),
        (Difference::Surplus("b".to_owned()), json!({"kind": "surplus", "key": "b"})),
    ] {
        assert_eq!(serde_json::to_value(&difference).unwrap(), stored);
        assert_eq!(serde_json::from_value::<Difference<String>>(stored).unwrap(), difference);
    }
}
