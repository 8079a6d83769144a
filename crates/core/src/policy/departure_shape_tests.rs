//! How departures, their rules, alerts and limits are stored: what is stored today must be read tomorrow.

use serde_json::json;

use super::*;
use crate::seats::DepartureTrigger;
use crate::testing::{kinds, setting_kinds, shape};

#[test]
fn each_trigger() {
    let names = [
        "control_removed_by_administrator",
        "control_removed_by_user",
        "selective_wipe",
        "device_wiped",
        "device_deleted",
        "app_deleted",
        "distribution_stopped",
        "target_group_left",
        "token_scope_left",
        "shared_sign_out",
        "user_deleted",
        "user_removed_app",
        "unused",
        "install_abandoned",
    ];
    setting_kinds(&DepartureTrigger::ALL.into_iter().zip(names).collect::<Vec<_>>());
}

#[test]
fn what_departs_and_what_becomes_of_it() {
    shape(
        &Departing { license: HeldLicense::User, revocable: true, given_otherwise: false },
        &json!({"license": {"kind": "user"}, "revocable": true, "given_otherwise": false}),
    );
    setting_kinds(&[
        (HeldLicense::Device, "device"),
        (HeldLicense::User, "user"),
        (HeldLicense::Unlicensed, "unlicensed"),
    ]);
    let license = LicenseEffect::Revoke { grace: Grace::Reenrollment };
    shape(
        &Departure { app: AppEffect::RemovedByDevice, license },
        &json!({
            "app": {"kind": "removed_by_device"},
            "license": {"kind": "revoke", "grace": {"kind": "reenrollment"}}
        }),
    );
    kinds(&[
        (AppEffect::Keep, "keep"),
        (AppEffect::Remove, "remove"),
        (AppEffect::RemovedByDevice, "removed_by_device"),
        (AppEffect::Gone, "gone"),
    ]);
    kinds(&[(LicenseEffect::None, "none"), (LicenseEffect::BecomeUnlicensed, "become_unlicensed")]);
    shape(
        &LicenseEffect::Keep { why: KeepReason::Irrevocable },
        &json!({"kind": "keep", "why": {"kind": "irrevocable"}}),
    );
    kinds(&[
        (KeepReason::RuleOff, "rule_off"),
        (KeepReason::NeverByThisEvent, "never_by_this_event"),
        (KeepReason::Irrevocable, "irrevocable"),
        (KeepReason::GivenOtherwise, "given_otherwise"),
        (KeepReason::NoUnlicensedInstall, "no_unlicensed_install"),
    ]);
    kinds(&[(Grace::None, "none"), (Grace::Reenrollment, "reenrollment")]);
}

#[test]
fn reclaim_rules_and_their_defaults() {
    shape(
        &ReclaimRules::default(),
        &json!({
            "device_license_on_wipe": true,
            "user_license_on_wipe": false,
            "device_license_on_control_removal": true,
            "user_license_on_control_removal": false,
            "on_user_removed_app": false,
            "unused_days": null,
            "on_user_deleted": false,
            "on_token_scope_left": {"kind": "keep"},
            "abandoned_days": 14
        }),
    );
    assert_eq!(serde_json::from_value::<ReclaimRules>(json!({})).unwrap(), ReclaimRules::default());
    setting_kinds(&[
        (ScopeLeftRule::Keep, "keep"),
        (ScopeLeftRule::Unlicensed, "unlicensed"),
        (ScopeLeftRule::Revoke, "revoke"),
    ]);
}

#[test]
fn thresholds_limits_and_flags() {
    shape(&LowLicenseThresholds::default(), &json!({"percent_available": [10, 20]}));
    shape(&ReportedThresholds { percent_available: [10].into() }, &json!({"percent_available": [10]}));
    shape(&ReleaseBound::default(), &json!({"percent": 10, "at_least": 20}));
    assert_eq!(serde_json::from_value::<ReleaseBound>(json!({})).unwrap(), ReleaseBound::default());
    shape(&ManagementFlags(5), &json!(5));
}
