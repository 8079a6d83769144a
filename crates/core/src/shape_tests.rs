//! How the serialised types look: what is stored today must be read tomorrow.

use serde_json::json;

use crate::{
    catalog::{AddedBy, Admission, AdmissionVerdict, App, AppKind, Approval, Pool, testing::app_asset},
    decide::{assignments::PreviewedRequest, catalog::LicenseCount},
    id::{AdamId, GroupId},
    location::{Adopt, Revoke},
    seats::{
        Direction, Holders,
        testing::{device_seat, serial},
    },
    testing::{ada, location_id, now, setting_kinds, shape},
    token::{OutOfLicenseRule, ReadOnlyReason, Reservation, SyncRecord, TokenStatus, testing::token},
    transaction::{AuditAct, AuditEntry, AuditPosition},
};

const NOW: &str = "2027-01-15T08:00:00Z";

#[test]
fn errors_about_numbers_and_texts_have_stable_names() {
    use crate::{catalog, plan};
    let counts = catalog::CountsError { member: "totalCount", value: -1 };
    let window = catalog::UpdateWindowError::NoDay;
    let zero = plan::PaceLimitsError::Zero { name: "maxRequestPerSecond" };
    let names = [
        counts.code(),
        window.code(),
        "24:00".parse::<catalog::LocalTime>().unwrap_err().code(),
        "soon".parse::<catalog::OsVersion>().unwrap_err().code(),
        plan::PackLimitsError { name: "maxAssets" }.code(),
        zero.code(),
        plan::PaceLimits::new(1, 2, 1).unwrap_err().code(),
        plan::OutOfOrder { list: "desired", at: 1 }.code(),
    ];
    let expected = [
        "negative_count",
        "window_without_day",
        "not_a_time",
        "not_a_version",
        "limit_of_zero",
        "pace_of_zero",
        "burst_too_large",
        "out_of_order",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_rule_for_a_token_without_licenses_has_no_members() {
    setting_kinds(&[
        (OutOfLicenseRule::WaitInOrder, "wait_in_order"),
        (OutOfLicenseRule::Fail, "fail"),
        (OutOfLicenseRule::InstallUnlicensed, "install_unlicensed"),
    ]);
}

#[test]
fn a_token_with_all_its_tabs() {
    let mut token = token("Berlin", "2049025000431439");
    token.last_sync = Some(SyncRecord { at: now(), failure: None });
    token.settings.policies.remove_app_on.selective_wipe = true;
    token.settings.scope.groups = [GroupId::new("sales").unwrap()].into();
    token.settings.scope.when_out_of_licenses = OutOfLicenseRule::InstallUnlicensed;
    let group = GroupId::new("sales").unwrap();
    token.settings.scope.reservations = vec![Reservation { adam_id: AdamId::new(7), group, licenses: 3 }];
    shape(
        &token,
        &json!({
            "location": {"id": "2049025000431439", "name": "Berlin", "country": null, "store": {"kind": "business"}},
            "organization": "Example GmbH",
            "settings": {
                "detail": {"name": "Berlin", "region": "DE", "add_apps_automatically": true},
                "policies": {
                    "remove_app_on": {
                        "mdm_control_removal": false,
                        "selective_wipe": true,
                        "deletion_or_stop_of_distribution": false,
                        "sign_out_from_shared_device": false
                    },
                    "revoke_license_on_deletion_or_stop_of_distribution": false,
                    "restrict_data_backup": true,
                    "app_approval": false
                },
                "scope": {
                    "groups": ["sales"],
                    "priority": 0,
                    "when_out_of_licenses": {"kind": "install_unlicensed"},
                    "reservations": [{"adam_id": "7", "group": "sales", "licenses": 3}]
                }
            },
            "condition": {
                "expires_at": "2028-01-15T08:00:00Z",
                "rejection": null,
                "claim": {"kind": "us"},
                "read_only": null,
                "first_sync_done": true
            },
            "generation": 1,
            "uploaded_at": NOW,
            "last_sync": {"at": NOW, "failure": null}
        }),
    );
}

#[test]
fn an_app_an_admission_and_a_pool() {
    shape(
        &App {
            adam_id: AdamId::new(7),
            name: "Notes".into(),
            bundle_id: Some("com.example.notes".into()),
            icon_url: None,
            app_kind: AppKind::Custom,
            policies: crate::token::AppPolicies::default(),
            approval: Approval::Awaiting,
            added_at: now(),
            added_by: AddedBy::Administrator { actor: ada() },
        },
        &json!({
            "adam_id": "7",
            "name": "Notes",
            "bundle_id": "com.example.notes",
            "icon_url": null,
            "app_kind": {"kind": "custom"},
            "policies": {
                "remove_app_on": {
                    "mdm_control_removal": false,
                    "selective_wipe": false,
                    "deletion_or_stop_of_distribution": false,
                    "sign_out_from_shared_device": false
                },
                "revoke_license_on_deletion_or_stop_of_distribution": false,
                "restrict_data_backup": false,
                "app_approval": false
            },
            "approval": {"kind": "awaiting"},
            "added_at": NOW,
            "added_by": {"kind": "administrator", "actor": "ada@example.org"}
        }),
    );
    let verdict = AdmissionVerdict::AlreadyThere { since: now() };
    shape(
        &Admission { location: location_id("1"), adam_id: AdamId::new(7), verdict },
        &json!({"location": "1", "adam_id": "7", "verdict": {"kind": "already_there", "since": NOW}}),
    );
    shape(
        &Pool::of(&location_id("1"), &app_asset(7, &[crate::catalog::Platform::Ios], 10), now()),
        &json!({
            "location": "1",
            "adam_id": "7",
            "pricing_param": {"kind": "standard"},
            "product_type": {"kind": "app"},
            "device_assignable": true,
            "revocable": true,
            "supported_platforms": [{"kind": "ios"}],
            "counts": {"kind": "limited", "total": 10, "assigned": 0, "available": 10, "retired": 0},
            "counted_at": NOW,
            "listed": true,
            "occupied": 0,
            "uncounted": 0,
            "unconfirmed": 0,
            "returned": 0
        }),
    );
    assert_eq!(json!(LicenseCount::Unlimited), json!("unlimited"));
    assert_eq!(json!(LicenseCount::Limited(5)), json!(5));
}

#[test]
fn statuses_and_the_audit_log() {
    let status = TokenStatus::ReadOnly { reason: ReadOnlyReason::Role, message: "no".into() };
    shape(&status, &json!({"kind": "read_only", "reason": {"kind": "role"}, "message": "no"}));
    let location = location_id("1");
    shape(
        &AuditEntry {
            position: AuditPosition { transaction: 4, index: 1 },
            at: now(),
            actor: ada(),
            act: AuditAct::AppsAdded { location, adam_ids: vec![AdamId::new(7)] },
        },
        &json!({
            "position": {"transaction": 4, "index": 1},
            "at": NOW,
            "actor": "ada@example.org",
            "act": {"kind": "apps_added", "location": "1", "adam_ids": ["7"]}
        }),
    );
}

#[test]
fn acts_on_many_licenses() {
    let location = location_id("1");
    let (asset, holder) = (device_seat(7, "A").asset, device_seat(7, "A").holder);
    let asset_json = json!({"adam_id": "7", "pricing_param": {"kind": "standard"}});
    shape(
        &AuditAct::LicensesRevoked {
            location: location.clone(),
            revoked: Revoke::App { asset: asset.clone() },
            outcomes: [("loses".to_owned(), 2)].into(),
        },
        &json!({
            "kind": "licenses_revoked",
            "location": "1",
            "revoked": {"kind": "app", "asset": asset_json},
            "outcomes": {"loses": 2}
        }),
    );
    shape(
        &AuditAct::LicensesAdopted { location, adopted: Adopt::All, seats: 5 },
        &json!({"kind": "licenses_adopted", "location": "1", "adopted": {"kind": "all"}, "seats": 5}),
    );
    shape(&Adopt::App { asset }, &json!({"kind": "app", "asset": asset_json}));
    shape(&Revoke::Token, &json!({"kind": "token"}));
    let device = json!({"kind": "device", "serial_number": "A"});
    shape(&Revoke::Holder { holder }, &json!({"kind": "holder", "holder": device}));
    let pending = PreviewedRequest {
        direction: Direction::Associate,
        assets: [device_seat(7, "A").asset].into(),
        holders: Holders::Devices { serial_numbers: [serial("A")].into() },
    };
    shape(
        &pending,
        &json!({
            "direction": {"kind": "associate"},
            "assets": [asset_json],
            "holders": {"kind": "devices", "serial_numbers": ["A"]}
        }),
    );
}
