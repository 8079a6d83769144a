//! The stored form of installs: what is stored today must be readable tomorrow.

use serde_json::{Value, json};

use super::*;
use crate::{
    id::{AdamId, DeviceId, TenantId},
    plan::WaitsFor,
    policy::{Candidate, LicenseKind, NotRelevant},
    seats::{CommandNumber, DepartureTrigger, testing::device_seat},
    testing::{location_id, now, shape},
};

const NOW: &str = "2027-01-15T08:00:00Z";

fn seat_key_json() -> Value {
    json!({
        "location": "1",
        "asset": {"adam_id": "7", "pricing_param": {"kind": "standard"}},
        "holder": {"kind": "device", "serial_number": "C02A"}
    })
}

#[test]
fn an_install_with_each_license() {
    let (tenant, device) = (TenantId::new("t").unwrap(), DeviceId::new("d").unwrap());
    let install = Install::new(tenant, device, AdamId::new(7), now());
    let (seat, to) = (device_seat(7, "C02A"), device_seat(7, "C02A"));
    let candidate = Candidate {
        location: location_id("1"),
        pricing_param: crate::catalog::PricingParam::Standard,
        license: LicenseKind::Device,
    };
    let candidate_json =
        json!({"location": "1", "pricing_param": {"kind": "standard"}, "license": {"kind": "device"}});
    let waits_for = WaitsFor::FreeSeat;
    for (license, expected) in [
        (InstallLicense::OnSeat { seat: seat.clone() }, json!({"kind": "on_seat", "seat": seat_key_json()})),
        (
            InstallLicense::Moving { from: seat, to },
            json!({"kind": "moving", "from": seat_key_json(), "to": seat_key_json()}),
        ),
        (InstallLicense::Unlicensed, json!({"kind": "unlicensed"})),
        (
            InstallLicense::Waiting { since: now(), candidates: vec![candidate], waits_for },
            json!({
                "kind": "waiting",
                "since": NOW,
                "candidates": [candidate_json],
                "waits_for": {"kind": "free_seat"}
            }),
        ),
        (
            InstallLicense::NotRelevant { why: NotRelevant::NotOwned },
            json!({"kind": "not_relevant", "why": {"kind": "not_owned"}}),
        ),
        (
            InstallLicense::Failed { why: LicenseFailure::OutOfLicenses },
            json!({"kind": "failed", "why": {"kind": "out_of_licenses"}}),
        ),
    ] {
        shape(
            &Install { license, ..install.clone() },
            &json!({
                "tenant": "t",
                "device": "d",
                "adam_id": "7",
                "license": expected,
                "phase": {"kind": "idle"},
                "next_command": 1,
                "judged": 0
            }),
        );
    }
    shape(&WaitsFor::Decision, &json!({"kind": "decision"}));
    shape(&WaitsFor::DeviceLimit, &json!({"kind": "device_limit"}));
    shape(&LicenseFailure::RetiredUser, &json!({"kind": "retired_user"}));
    let command = CommandNumber(4);
    for (phase, expected) in [
        (DevicePhase::InstallCommanded { command }, json!({"kind": "install_commanded", "command": 4})),
        (DevicePhase::Installing, json!({"kind": "installing"})),
        (DevicePhase::Installed, json!({"kind": "installed"})),
        (DevicePhase::RemoveCommanded { command }, json!({"kind": "remove_commanded", "command": 4})),
        (DevicePhase::RemovedByUser, json!({"kind": "removed_by_user"})),
        (DevicePhase::Failed, json!({"kind": "failed"})),
    ] {
        shape(&phase, &expected);
    }
}

#[test]
fn the_reasons_of_a_seat() {
    let reasons = SeatReasons { kept: Some(DepartureTrigger::Unused), ..SeatReasons::default() };
    shape(
        &reasons,
        &json!({
            "direct": false,
            "kept": {"kind": "unused"},
            "token_deleted": false,
            "foreign": false,
            "departed": null,
            "moved": false
        }),
    );
}
