//! How rule sets, facts and decisions look when they are stored: what is stored today must be read tomorrow.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{testing::*, *};
use crate::catalog::AppKind;

fn shape<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: &Value) {
    assert_eq!(&serde_json::to_value(value).unwrap(), expected);
    assert_eq!(&serde_json::from_value::<T>(expected.clone()).unwrap(), value);
    let mut more = expected.clone();
    more.as_object_mut().unwrap().insert("unknown".into(), json!(1));
    assert!(serde_json::from_value::<T>(more).is_err(), "an unknown member was taken: {expected}");
}

#[test]
fn a_rule_set() {
    let rules = UpdateRules {
        mode: UpdateMode::EndUser,
        custom_cadence: Cadence::AtOnce,
        windows: vec![window(&[Day::Saturday, Day::Friday], "22:00", "04:00")],
        ..UpdateRules::default()
    };
    shape(
        &rules,
        &json!({
            "mode": {"kind": "end_user"},
            "public_cadence": {"kind": "batch", "every_hours": 168},
            "custom_cadence": {"kind": "at_once"},
            "batches_from": "1970-01-01T00:00:00Z",
            "windows": [{
                "days": [{"kind": "friday"}, {"kind": "saturday"}],
                "from": "22:00",
                "to": "04:00"
            }]
        }),
    );
    assert_eq!(serde_json::from_value::<UpdateRules>(json!({})).unwrap(), UpdateRules::default());
    let no_day = json!({"days": [], "from": "22:00", "to": "04:00"});
    assert!(serde_json::from_value::<UpdateWindow>(no_day).is_err());
    assert!(serde_json::from_value::<Cadence>(json!({"kind": "batch", "every_hours": 0})).is_err());
}

#[test]
fn facts_about_an_update() {
    let mut known = facts(AppKind::Custom, at("2027-01-15T08:00:00Z"));
    known.newest.as_mut().unwrap().minimum_os = Some("17.0".into());
    shape(
        &known,
        &json!({
            "app_kind": {"kind": "custom"},
            "update_automatically": true,
            "user_switch": {"kind": "on"},
            "installed": {"kind": "installed", "version": "1"},
            "newest": {"version": "2", "published_at": "2027-01-15T08:00:00Z", "minimum_os": "17.0"},
            "device_os": "26.0"
        }),
    );
    assert_eq!(json!(UserSwitch::NotChosen), json!({"kind": "not_chosen"}));
    assert_eq!(json!(UserSwitch::NoUser), json!({"kind": "no_user"}));
    assert_eq!(json!(InstalledVersion::NotInstalled), json!({"kind": "not_installed"}));
}

#[test]
fn decisions() {
    let time = at("2027-01-15T08:00:00Z");
    shape(
        &UpdateDecision::Push { version: VersionId::new(2), batch_at: time },
        &json!({"kind": "push", "version": "2", "batch_at": "2027-01-15T08:00:00Z"}),
    );
    shape(
        &UpdateDecision::Hold { reason: HoldReason::AwaitsBatch, until: Some(time) },
        &json!({"kind": "hold", "reason": {"kind": "awaits_batch"}, "until": "2027-01-15T08:00:00Z"}),
    );
    let reason = RefuseReason::OsTooOld { device: "16.1".into(), minimum: "17.0".into() };
    shape(
        &UpdateDecision::Refuse { reason },
        &json!({"kind": "refuse", "reason": {"kind": "os_too_old", "device": "16.1", "minimum": "17.0"}}),
    );
    shape(
        &UpdateDecision::Nothing { reason: NothingReason::AlreadyNewest },
        &json!({"kind": "nothing", "reason": {"kind": "already_newest"}}),
    );
}

#[test]
fn the_stable_name_of_every_reason_is_its_kind() {
    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        reasons: &[T],
        name: fn(&T) -> &'static str,
    ) {
        for reason in reasons {
            let value = json!(reason);
            assert_eq!(value["kind"], name(reason));
            assert_eq!(&serde_json::from_value::<T>(value).unwrap(), reason);
        }
    }
    let version = VersionId::new(1);
    check(
        &[
            HoldReason::AwaitsBatch,
            HoldReason::OutsideWindow,
            HoldReason::UnknownTimeZone,
            HoldReason::NewestVersionUnknown,
            HoldReason::InstalledVersionUnknown,
            HoldReason::InstalledIsNewer { installed: version, newest: version },
            HoldReason::PublishedInTheFuture,
            HoldReason::OsUnknown,
            HoldReason::OsNotComparable { device: "x".into() },
            HoldReason::MinimumOsNotComparable { minimum: "x".into() },
            HoldReason::TimeOutOfRange,
        ],
        HoldReason::name,
    );
    check(
        &[
            NothingReason::UpdatesDisabled,
            NothingReason::AppFlagOff,
            NothingReason::UserSwitchedOff,
            NothingReason::UserDidNotChoose,
            NothingReason::NoUser,
            NothingReason::NotInstalled,
            NothingReason::AlreadyNewest,
        ],
        |reason| reason.name(),
    );
    check(&[RefuseReason::OsTooOld { device: "1".into(), minimum: "2".into() }], RefuseReason::name);
}
