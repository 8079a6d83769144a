//! Updates: whether and when a new version is pushed to a device.

use mdm_vpp::{
    catalog::{
        AppKind, Cadence, Day, NothingReason, RefuseReason, UpdateDecision, UpdateFacts, UpdateHold,
        UpdateMode, UpdateRules, UpdateWindow, UserSwitch, VersionId, decide_update, update_table,
    },
    chrono::{DateTime, FixedOffset, TimeDelta, Utc},
};

use crate::fixture::{at, version_two};

/// The first full hour after a version was published at which it is pushed, up to 30 days later.
fn pushed_after(rules: &UpdateRules, facts: &UpdateFacts, published_at: DateTime<Utc>) -> Option<i64> {
    (0..=30 * 24).find(|hours| {
        let now = published_at + TimeDelta::hours(*hours);
        matches!(decide_update(rules, facts, None::<&Utc>, now), UpdateDecision::Push { .. })
    })
}

/// Every hour of two weeks.
fn hours() -> impl Iterator<Item = DateTime<Utc>> {
    (0..14 * 24).map(|hours| at("2027-01-04T00:30:00Z") + TimeDelta::hours(hours))
}

/// Every way to switch updates off: for all, for the app, by the user.
fn switched_off(kind: AppKind, published_at: DateTime<Utc>) -> [(UpdateRules, UpdateFacts); 3] {
    let facts = version_two(kind, published_at);
    let by_user = UpdateRules { mode: UpdateMode::EndUser, ..UpdateRules::default() };
    let disabled = UpdateRules { mode: UpdateMode::Disabled, ..UpdateRules::default() };
    [
        (disabled, facts.clone()),
        (UpdateRules::default(), UpdateFacts { update_automatically: false, ..facts.clone() }),
        (by_user, UpdateFacts { user_switch: UserSwitch::Off, ..facts }),
    ]
}

#[test]
fn s8_rule_version_2_of_a_custom_app_is_pushed_within_24_hours_and_never_while_updates_are_off() {
    for published_at in hours() {
        let facts = version_two(AppKind::Custom, published_at);
        let after = pushed_after(&UpdateRules::default(), &facts, published_at).unwrap();
        assert!(after <= 24, "published at {published_at}, pushed {after} hours later");
    }
    let published_at = at("2027-01-05T10:00:00Z");
    for (rules, facts) in switched_off(AppKind::Custom, published_at) {
        assert_eq!(pushed_after(&rules, &facts, published_at), None, "{rules:?}");
    }
}

#[test]
fn s9_rule_version_2_of_a_public_app_is_pushed_with_its_weekly_batch_and_within_7_days() {
    let batches = ["2027-01-07", "2027-01-14", "2027-01-21"].map(|day| at(&format!("{day}T00:00:00Z")));
    for published_at in hours() {
        let facts = version_two(AppKind::Public, published_at);
        let batch = *batches.iter().find(|batch| **batch >= published_at).unwrap();
        let before =
            decide_update(&UpdateRules::default(), &facts, None::<&Utc>, batch - TimeDelta::seconds(1));
        assert_eq!(before, UpdateDecision::Hold { reason: UpdateHold::AwaitsBatch, until: Some(batch) });
        let with_it = decide_update(&UpdateRules::default(), &facts, None::<&Utc>, batch);
        assert_eq!(with_it, UpdateDecision::Push { version: VersionId::new(2), batch_at: batch });
        assert!(batch - published_at <= TimeDelta::days(7));
    }
    let published_at = at("2027-01-05T10:00:00Z");
    for (rules, facts) in switched_off(AppKind::Public, published_at) {
        assert_eq!(pushed_after(&rules, &facts, published_at), None, "{rules:?}");
    }
}

#[test]
fn s9_rule_the_batch_is_configurable() {
    let published_at = at("2027-01-05T10:00:00Z");
    let facts = version_two(AppKind::Public, published_at);
    let every = |hours: u16| Cadence::Batch { every_hours: hours.try_into().unwrap() };
    for (public_cadence, after) in [(every(72), 62), (every(6), 2), (Cadence::AtOnce, 0)] {
        let batches_from = at("2027-01-05T00:00:00Z");
        let rules = UpdateRules { public_cadence, batches_from, ..UpdateRules::default() };
        assert_eq!(pushed_after(&rules, &facts, published_at), Some(after), "{public_cadence:?}");
    }
}

/// The reason on the published page for a mode, a flag and a switch; `None` when the version is pushed with its batch.
fn published(mode: UpdateMode, flag: bool, switch: UserSwitch) -> Option<NothingReason> {
    let page = include_str!("../../docs/UPDATES.md");
    let mode = match mode {
        UpdateMode::Administrator => "administrator",
        UpdateMode::EndUser => "end user",
        UpdateMode::Disabled => "disabled",
    };
    let switch = match switch {
        UserSwitch::On => "on",
        UserSwitch::Off => "off",
        UserSwitch::NotChosen => "never chosen",
        UserSwitch::NoUser => "no user",
    };
    let is = |cell: &str, value: &str| cell == "–" || cell == value;
    let rows = page.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let mut found = rows.filter(|row| match row.as_slice() {
        [of, flagged, switched, _, _] => {
            is(of, mode) && is(flagged, if flag { "on" } else { "off" }) && is(switched, switch)
        }
        _ => false,
    });
    let row = found.next().unwrap();
    assert_eq!(found.next(), None, "{row:?} is not alone");
    let name = row[4].strip_prefix("is not pushed: `")?.trim_end_matches('`').to_owned();
    Some(serde_json::from_value(serde_json::json!({ "kind": name })).unwrap())
}

#[test]
fn s10_rule_each_mode_flag_and_switch_decides_as_the_published_table_says_for_both_kinds_of_app() {
    let published_at = at("2027-01-05T10:00:00Z");
    let now = published_at + TimeDelta::days(8);
    let mut cells = 0;
    for row in update_table() {
        let rules = UpdateRules { mode: row.mode, ..UpdateRules::default() };
        let facts = UpdateFacts {
            update_automatically: row.update_automatically,
            user_switch: row.user_switch,
            ..version_two(row.app_kind, published_at)
        };
        let stopped_by = match decide_update(&rules, &facts, None::<&Utc>, now) {
            UpdateDecision::Nothing { reason } => Some(reason),
            UpdateDecision::Push { .. } => None,
            other => unreachable!("{other:?}"),
        };
        assert_eq!(stopped_by, published(row.mode, row.update_automatically, row.user_switch), "{row:?}");
        cells += 1;
    }
    assert_eq!(cells, 3 * 2 * 4 * 2);
}

#[test]
fn p14_rule_updates_wait_for_a_window_in_the_devices_local_time_and_hold_in_an_unknown_time_zone() {
    let nights =
        UpdateWindow::new(Day::ALL.into(), "22:00".parse().unwrap(), "04:00".parse().unwrap()).unwrap();
    let rules = UpdateRules { windows: vec![nights], ..UpdateRules::default() };
    let facts = version_two(AppKind::Custom, at("2027-01-05T10:00:00Z"));
    let noon_utc = at("2027-01-12T12:00:00Z");
    let decide = |zone: Option<&FixedOffset>, now| decide_update(&rules, &facts, zone, now);
    for (hours_east, opens_at) in [(1, "2027-01-12T21:00:00Z"), (-8, "2027-01-13T06:00:00Z")] {
        let zone = FixedOffset::east_opt(hours_east * 3600).unwrap();
        let until = Some(at(opens_at));
        let held = UpdateDecision::Hold { reason: UpdateHold::OutsideWindow, until };
        assert_eq!(decide(Some(&zone), noon_utc), held);
        assert!(matches!(decide(Some(&zone), at(opens_at)), UpdateDecision::Push { .. }));
    }
    let tokyo = FixedOffset::east_opt(9 * 3600).unwrap();
    let late = at("2027-01-12T14:00:00Z");
    assert!(matches!(decide(Some(&tokyo), late), UpdateDecision::Push { .. }), "23:00 in Tokyo");
    let unknown = UpdateDecision::Hold { reason: UpdateHold::UnknownTimeZone, until: None };
    assert_eq!(decide(None, late), unknown);
}

#[test]
fn p14_rule_an_operating_system_that_is_too_old_is_refused_with_the_reason() {
    let published_at = at("2027-01-05T10:00:00Z");
    let decide = |device: &str| {
        let mut facts = version_two(AppKind::Public, published_at);
        facts.device_os = Some(device.into());
        facts.newest.as_mut().unwrap().minimum_os = Some("17.4".into());
        decide_update(&UpdateRules::default(), &facts, None::<&Utc>, published_at + TimeDelta::days(8))
    };
    let reason = RefuseReason::OsTooOld { device: "17.3.1".into(), minimum: "17.4".into() };
    assert_eq!(decide("17.3.1"), UpdateDecision::Refuse { reason });
    assert!(matches!(decide("17.10"), UpdateDecision::Push { .. }), "ten is more than four");
}
