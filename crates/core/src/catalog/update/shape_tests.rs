//! How rule sets, facts and decisions look when they are stored: what is stored today must be read tomorrow.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{testing::*, *};
use crate::{
    catalog::AppKind,
    testing::{setting, setting_kinds, shape},
};

const NOW: &str = "2027-01-15T08:00:00Z";

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
    let modes = ["administrator", "end_user", "disabled"];
    setting_kinds(&UpdateMode::ALL.into_iter().zip(modes).collect::<Vec<_>>());
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    setting_kinds(&Day::ALL.into_iter().zip(days).collect::<Vec<_>>());
    shape(
        &rules.windows[0],
        &json!({"days": [{"kind": "friday"}, {"kind": "saturday"}], "from": "22:00", "to": "04:00"}),
    );
    setting(&Cadence::AtOnce, &json!({"kind": "at_once"}));
    let no_day = json!({"days": [], "from": "22:00", "to": "04:00"});
    assert!(serde_json::from_value::<UpdateWindow>(no_day).is_err());
    assert!(serde_json::from_value::<Cadence>(json!({"kind": "batch", "every_hours": 0})).is_err());
}

#[test]
fn facts_about_an_update() {
    let mut known = facts(AppKind::Custom, at(NOW));
    known.newest.as_mut().unwrap().minimum_os = Some("17.0".into());
    shape(
        &known,
        &json!({
            "app_kind": {"kind": "custom"},
            "update_automatically": true,
            "user_switch": {"kind": "on"},
            "installed": {"kind": "installed", "version": "1"},
            "newest": {"version": "2", "published_at": NOW, "minimum_os": "17.0"},
            "device_os": "26.0"
        }),
    );
    setting_kinds(
        &UserSwitch::ALL.into_iter().zip(["on", "off", "not_chosen", "no_user"]).collect::<Vec<_>>(),
    );
    setting_kinds(&[
        (InstalledVersion::NotInstalled, "not_installed"),
        (InstalledVersion::Unknown, "unknown"),
    ]);
    let installed = InstalledVersion::Installed { version: VersionId::new(2) };
    setting(&installed, &json!({"kind": "installed", "version": "2"}));
    shape(&known.newest.unwrap(), &json!({"version": "2", "published_at": NOW, "minimum_os": "17.0"}));
    shape(&VersionId::new(2), &json!("2"));
    for wrong in [json!(2), json!("two"), json!("-1"), json!("+1"), json!("")] {
        assert!(serde_json::from_value::<VersionId>(wrong.clone()).is_err(), "{wrong} was taken");
    }
}

#[test]
fn decisions() {
    let time = at(NOW);
    shape(
        &UpdateDecision::Push { version: VersionId::new(2), batch_at: time },
        &json!({"kind": "push", "version": "2", "batch_at": NOW}),
    );
    shape(
        &UpdateDecision::Hold { reason: UpdateHold::AwaitsBatch, until: Some(time) },
        &json!({"kind": "hold", "reason": {"kind": "awaits_batch"}, "until": NOW}),
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
            UpdateHold::AwaitsBatch,
            UpdateHold::OutsideWindow,
            UpdateHold::UnknownTimeZone,
            UpdateHold::NewestVersionUnknown,
            UpdateHold::InstalledVersionUnknown,
            UpdateHold::InstalledIsNewer { installed: version, newest: version },
            UpdateHold::PublishedInTheFuture,
            UpdateHold::OsUnknown,
            UpdateHold::OsNotComparable { device: "x".into() },
            UpdateHold::MinimumOsNotComparable { minimum: "x".into() },
            UpdateHold::TimeOutOfRange,
        ],
        UpdateHold::name,
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
