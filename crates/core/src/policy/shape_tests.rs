//! How distributions, recipients and choices are stored: what is stored today must be read tomorrow.

use serde_json::{Value, json};

use super::*;
use crate::{
    catalog::{Approval, Platform, PricingParam},
    id::{ClientUserId, DeviceId, GroupId, SerialNumber, UserId},
    seats::DepartureTrigger,
    testing::{kinds, location_id, setting, setting_kinds, shape},
    token::TokenName,
};

fn candidate() -> (Candidate, Value) {
    let pricing_param = PricingParam::Standard;
    (
        Candidate { location: location_id("1"), pricing_param, license: LicenseKind::Device },
        json!({"location": "1", "pricing_param": {"kind": "standard"}, "license": {"kind": "device"}}),
    )
}

#[test]
fn a_distribution_with_each_target() {
    let to = |to, license| Target { to, license };
    let targets = vec![
        to(TargetOf::Everyone, LicenseType::Automatic),
        to(TargetOf::Group { group: GroupId::new("field").unwrap() }, LicenseType::Device),
        to(TargetOf::User { user: UserId::new("ada").unwrap() }, LicenseType::User),
        to(TargetOf::Device { device: DeviceId::new("d1").unwrap() }, LicenseType::Automatic),
    ];
    let stored = json!([
        {"to": {"kind": "everyone"}, "license": {"kind": "automatic"}},
        {"to": {"kind": "group", "group": "field"}, "license": {"kind": "device"}},
        {"to": {"kind": "user", "user": "ada"}, "license": {"kind": "user"}},
        {"to": {"kind": "device", "device": "d1"}, "license": {"kind": "automatic"}}
    ]);
    for (target, stored) in targets.iter().zip(stored.as_array().unwrap()) {
        shape(target, stored);
        setting(&target.to, &stored["to"]);
    }
    shape(&Distribution { targets }, &json!({ "targets": stored }));
    setting_kinds(&[
        (LicenseType::Automatic, "automatic"),
        (LicenseType::Device, "device"),
        (LicenseType::User, "user"),
    ]);
    assert_eq!(LicenseType::default(), LicenseType::Automatic);
    let meant_for_one_group = json!({"kind": "everyone", "group": "sales"});
    assert!(serde_json::from_value::<TargetOf>(meant_for_one_group).is_err(), "a company instead of a group");
}

#[test]
fn a_recipient() {
    let ada = Recipient {
        device: Some(RecipientDevice {
            id: DeviceId::new("d1").unwrap(),
            serial_number: SerialNumber::new("C02A").unwrap(),
            enrollment: Enrollment::SharedDevice,
            platform: Some(Platform::Ios),
        }),
        user: Some(RecipientUser {
            id: UserId::new("ada").unwrap(),
            client_user_id: ClientUserId::new("7e0a").unwrap(),
        }),
        groups: [GroupId::new("field").unwrap()].into(),
    };
    let device = json!({
        "id": "d1",
        "serial_number": "C02A",
        "enrollment": {"kind": "shared_device"},
        "platform": {"kind": "ios"}
    });
    let user = json!({"id": "ada", "client_user_id": "7e0a"});
    shape(ada.device.as_ref().unwrap(), &device);
    shape(ada.user.as_ref().unwrap(), &user);
    shape(&ada, &json!({"device": device, "user": user, "groups": ["field"]}));
    setting_kinds(&[
        (Enrollment::Device, "device"),
        (Enrollment::User, "user"),
        (Enrollment::SharedDevice, "shared_device"),
    ]);
}

#[test]
fn each_choice() {
    let (candidate, candidate_json) = candidate();
    shape(&candidate, &candidate_json);
    kinds(&[
        (Choice::NotGiven, "not_given"),
        (Choice::AwaitingApproval, "awaiting_approval"),
        (Choice::Refused, "refused"),
        (Choice::Unlicensed, "unlicensed"),
    ]);
    shape(
        &Choice::NotRelevant { why: NotRelevant::NotOwned },
        &json!({"kind": "not_relevant", "why": {"kind": "not_owned"}}),
    );
    shape(
        &Choice::Licensed { candidates: vec![candidate] },
        &json!({"kind": "licensed", "candidates": [candidate_json]}),
    );
    setting_kinds(&[
        (ChoiceAppKind::Public, "public"),
        (ChoiceAppKind::GoneFromStore, "gone_from_store"),
        (ChoiceAppKind::Custom, "custom"),
        (ChoiceAppKind::MacOs, "mac_os"),
        (ChoiceAppKind::Book, "book"),
    ]);
}

#[test]
fn each_obstacle() {
    let names = [
        "not_owned",
        "no_device",
        "unknown_platform",
        "other_platform",
        "not_device_assignable",
        "book_on_device",
        "device_license_on_user_enrolled_device",
        "user_license_without_user",
        "user_license_on_shared_device",
        "unlicensed_custom_app",
        "unlicensed_mac_os_app",
        "unlicensed_book",
        "unlicensed_gone_from_store",
        "unlicensed_on_user_enrolled_device",
        "unlicensed_on_shared_device",
    ];
    kinds(&NotRelevant::ALL.into_iter().zip(names).collect::<Vec<_>>());
}

#[test]
fn a_trace_with_each_step() {
    let owner = |says| TraceStep::Owner {
        token: TokenName::new("Berlin").unwrap(),
        location: location_id("1"),
        pricing_param: PricingParam::Standard,
        says,
    };
    let owner_json = |says: Value| {
        let standard = json!({"kind": "standard"});
        json!({"kind": "owner", "token": "Berlin", "location": "1", "pricing_param": standard, "says": says})
    };
    let why = NotRelevant::BookOnDevice;
    let why_json = json!({"kind": "book_on_device"});
    let (steps, stored): (Vec<_>, Vec<_>) = [
        (
            TraceStep::Approval { approval: Approval::NotNeeded },
            json!({"kind": "approval", "approval": {"kind": "not_needed"}}),
        ),
        (TraceStep::Targets { given: true }, json!({"kind": "targets", "given": true})),
        (owner(OwnerSays::OutOfScope), owner_json(json!({"kind": "out_of_scope"}))),
        (owner(OwnerSays::Impossible { why }), owner_json(json!({"kind": "impossible", "why": why_json}))),
        (
            owner(OwnerSays::Gives { license: LicenseKind::User }),
            owner_json(json!({"kind": "gives", "license": {"kind": "user"}})),
        ),
        (TraceStep::HeldAlready { position: 1 }, json!({"kind": "held_already", "position": 1})),
        (
            TraceStep::WithoutLicense { impossible: Some(why) },
            json!({"kind": "without_license", "impossible": why_json}),
        ),
        (
            TraceStep::WithoutLicense { impossible: None },
            json!({"kind": "without_license", "impossible": null}),
        ),
    ]
    .into_iter()
    .unzip();
    for (step, stored) in steps.iter().zip(&stored) {
        shape(step, stored);
    }
    shape(&Trace { steps }, &json!({ "steps": stored }));
}

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
