//! How allotments and differences are stored: what is stored today must be read tomorrow.

use serde_json::{Value, json};

use super::*;
use crate::{
    catalog::PricingParam,
    policy::{AppEffect, Candidate, Grace, KeepReason, LicenseKind, NotRelevant},
    seats::{
        DepartureTrigger,
        testing::{device_seat, user_seat},
    },
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

fn device_json() -> Value {
    json!({
        "location": "1",
        "asset": {"adam_id": "7", "pricing_param": {"kind": "standard"}},
        "holder": {"kind": "device", "serial_number": "D"}
    })
}

fn user_json() -> Value {
    json!({
        "location": "1",
        "asset": {"adam_id": "7", "pricing_param": {"kind": "standard"}},
        "holder": {"kind": "user", "client_user_id": "U"}
    })
}

#[test]
fn each_outcome_is_stored_under_its_name() {
    let (device, user) = (device_seat(7, "D"), user_seat(7, "U"));
    let trigger = DepartureTrigger::TokenScopeLeft;
    let outcomes = [
        (
            Outcome::Keeps { seat: device.clone(), because: KeepsBecause::Chosen },
            json!({"kind": "keeps", "seat": device_json(), "because": {"kind": "chosen"}}),
        ),
        (Outcome::Gains { seat: device.clone() }, json!({"kind": "gains", "seat": device_json()})),
        (Outcome::Reuses { seat: user.clone() }, json!({"kind": "reuses", "seat": user_json()})),
        (
            Outcome::Moves { from: user, to: device.clone() },
            json!({"kind": "moves", "from": user_json(), "to": device_json()}),
        ),
        (
            Outcome::Loses { seat: device.clone(), trigger, app: AppEffect::Keep, grace: Grace::None },
            json!({
                "kind": "loses",
                "seat": device_json(),
                "trigger": {"kind": "token_scope_left"},
                "app": {"kind": "keep"},
                "grace": {"kind": "none"}
            }),
        ),
        (
            Outcome::Waits { waits_for: WaitsFor::Token { location: location_id("1") }, holds: None },
            json!({"kind": "waits", "waits_for": {"kind": "token", "location": "1"}, "holds": null}),
        ),
        (
            Outcome::Unlicensed { user_pays: true, leaves: Some(device) },
            json!({"kind": "unlicensed", "user_pays": true, "leaves": device_json()}),
        ),
        (
            Outcome::NotRelevant { why: NotRelevant::NotOwned },
            json!({"kind": "not_relevant", "why": {"kind": "not_owned"}}),
        ),
        (Outcome::OutOfLicenses, json!({"kind": "out_of_licenses"})),
        (Outcome::NotGiven, json!({"kind": "not_given"})),
        (Outcome::Refused, json!({"kind": "refused"})),
    ];
    for (outcome, stored) in outcomes {
        assert_eq!(serde_json::to_value(&outcome).unwrap(), stored);
        assert_eq!(stored["kind"], outcome.name());
        assert_eq!(serde_json::from_value::<Outcome>(stored).unwrap(), outcome);
    }
}

#[test]
fn each_reason_to_keep_and_each_thing_that_is_waited_for_is_stored_under_its_name() {
    let policy = KeepsBecause::Policy { trigger: DepartureTrigger::Unused, why: KeepReason::RuleOff };
    for (because, stored) in [
        (KeepsBecause::Chosen, json!({"kind": "chosen"})),
        (policy, json!({"kind": "policy", "trigger": {"kind": "unused"}, "why": {"kind": "rule_off"}})),
        (KeepsBecause::Irrevocable, json!({"kind": "irrevocable"})),
        (KeepsBecause::AwaitingApproval, json!({"kind": "awaiting_approval"})),
        (
            KeepsBecause::NotRelevant { why: NotRelevant::NotOwned },
            json!({"kind": "not_relevant", "why": {"kind": "not_owned"}}),
        ),
    ] {
        assert_eq!(serde_json::to_value(because).unwrap(), stored);
        assert_eq!(serde_json::from_value::<KeepsBecause>(stored).unwrap(), because);
    }
    for waits_for in [
        WaitsFor::Decision,
        WaitsFor::Approval,
        WaitsFor::FreeSeat,
        WaitsFor::Token { location: location_id("1") },
        WaitsFor::Counts,
        WaitsFor::DeviceLimit,
    ] {
        let stored = serde_json::to_value(&waits_for).unwrap();
        assert_eq!(stored["kind"], waits_for.name());
        assert_eq!(serde_json::from_value::<WaitsFor>(stored).unwrap(), waits_for);
    }
}

#[test]
fn a_report_is_a_list_of_lines_and_a_preview_three_sets() {
    let report = Report {
        lines: vec![ReportLine { id: "d1".to_owned(), outcome: Outcome::NotGiven, abandons: None }],
    };
    let stored = json!({"lines": [{"id": "d1", "outcome": {"kind": "not_given"}, "abandons": null}]});
    assert_eq!(serde_json::to_value(&report).unwrap(), stored);
    assert_eq!(serde_json::from_value::<Report<String>>(stored).unwrap(), report);

    let gains = [device_seat(7, "D")].into();
    let moves = vec![SeatMove { from: user_seat(7, "U"), to: [device_seat(7, "D")].into() }];
    let preview = Preview { gains, moves, ..Preview::default() };
    let stored = json!({
        "gains": [device_json()],
        "loses": [],
        "moves": [{"from": user_json(), "to": [device_json()]}],
        "keeps": []
    });
    assert_eq!(serde_json::to_value(&preview).unwrap(), stored);
    assert_eq!(serde_json::from_value::<Preview>(stored).unwrap(), preview);
    let more = json!({"gains": [], "loses": [], "moves": [], "keeps": [], "more": []});
    assert!(serde_json::from_value::<Preview>(more).is_err());
}
