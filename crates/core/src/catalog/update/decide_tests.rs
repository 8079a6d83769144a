//! The update rules, cell by cell.

use std::num::NonZeroU16;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{testing::*, *};
use crate::catalog::AppKind;

const KINDS: [AppKind; 2] = [AppKind::Public, AppKind::Custom];

fn pushed(decision: &UpdateDecision) -> bool {
    matches!(decision, UpdateDecision::Push { version, .. } if *version == VersionId::new(2))
}

/// Mode, flag, switch, and why nothing is pushed; written by hand. Both kinds of app have the same rows.
#[rustfmt::skip]
const TABLE: [(UpdateMode, bool, UserSwitch, Option<NothingReason>); 24] = {
    use NothingReason::{AppFlagOff, NoUser, UpdatesDisabled, UserDidNotChoose, UserSwitchedOff};
    use UpdateMode::{Administrator, Disabled, EndUser};
    use UserSwitch as S;
    [
        (Administrator, true,  S::On,        None),
        (Administrator, true,  S::Off,       None),
        (Administrator, true,  S::NotChosen, None),
        (Administrator, true,  S::NoUser,    None),
        (Administrator, false, S::On,        Some(AppFlagOff)),
        (Administrator, false, S::Off,       Some(AppFlagOff)),
        (Administrator, false, S::NotChosen, Some(AppFlagOff)),
        (Administrator, false, S::NoUser,    Some(AppFlagOff)),
        (EndUser,       true,  S::On,        None),
        (EndUser,       true,  S::Off,       Some(UserSwitchedOff)),
        (EndUser,       true,  S::NotChosen, Some(UserDidNotChoose)),
        (EndUser,       true,  S::NoUser,    Some(NoUser)),
        (EndUser,       false, S::On,        None),
        (EndUser,       false, S::Off,       Some(UserSwitchedOff)),
        (EndUser,       false, S::NotChosen, Some(UserDidNotChoose)),
        (EndUser,       false, S::NoUser,    Some(NoUser)),
        (Disabled,      true,  S::On,        Some(UpdatesDisabled)),
        (Disabled,      true,  S::Off,       Some(UpdatesDisabled)),
        (Disabled,      true,  S::NotChosen, Some(UpdatesDisabled)),
        (Disabled,      true,  S::NoUser,    Some(UpdatesDisabled)),
        (Disabled,      false, S::On,        Some(UpdatesDisabled)),
        (Disabled,      false, S::Off,       Some(UpdatesDisabled)),
        (Disabled,      false, S::NotChosen, Some(UpdatesDisabled)),
        (Disabled,      false, S::NoUser,    Some(UpdatesDisabled)),
    ]
};

#[test]
fn s10_rule_each_mode_flag_switch_and_kind_decides_as_the_table_says() {
    let mut rows = update_table().into_iter();
    for (mode, update_automatically, user_switch, stopped_by) in TABLE {
        for app_kind in KINDS {
            let expected = UpdateRow { mode, update_automatically, user_switch, app_kind, stopped_by };
            assert_eq!(rows.next(), Some(expected));
        }
    }
    assert_eq!(rows.next(), None);
}

#[test]
fn s10_rule_custom_and_public_apps_with_the_same_cadence_are_decided_alike_in_every_cell() {
    let every = Cadence::Batch { every_hours: NonZeroU16::new(24).unwrap() };
    let published = at("2027-01-05T10:00:00Z");
    for (mode, update_automatically, user_switch, _) in TABLE {
        let rules =
            UpdateRules { mode, public_cadence: every, custom_cadence: every, ..UpdateRules::default() };
        for hours in [0, 13, 14, 200] {
            let now = published + TimeDelta::hours(hours);
            let [public, custom] = KINDS.map(|kind| {
                let facts = UpdateFacts { update_automatically, user_switch, ..facts(kind, published) };
                decide_update(&rules, &facts, None::<&Utc>, now)
            });
            assert_eq!(public, custom, "{mode:?} {update_automatically} {user_switch:?} {hours}");
        }
    }
}

proptest! {
    #[test]
    fn s8_rule_a_custom_app_is_pushed_no_later_than_24_hours_after_it_was_published(
        minutes in 0i64..60 * 24 * 400, asked_after in 0i64..60 * 24 * 3
    ) {
        let published = at("2026-11-22T00:00:00Z") + TimeDelta::minutes(minutes);
        let facts = facts(AppKind::Custom, published);
        let (pushed_at, decision) = followed(&UpdateRules::default(), &facts, None, published);
        prop_assert!(pushed(&decision));
        prop_assert!(pushed_at - published <= TimeDelta::hours(24));
        let asked_at = published + TimeDelta::minutes(asked_after);
        let decision = decide_update(&UpdateRules::default(), &facts, None::<&Utc>, asked_at);
        prop_assert_eq!(pushed(&decision), asked_at >= pushed_at);
    }

    #[test]
    fn s9_rule_a_public_app_is_pushed_with_its_batch_and_no_later_than_7_days(
        minutes in 0i64..60 * 24 * 400, asked_after in 0i64..60 * 24 * 9
    ) {
        let published = at("2026-11-22T00:00:00Z") + TimeDelta::minutes(minutes);
        let facts = facts(AppKind::Public, published);
        let rules = UpdateRules::default();
        let batch = rules.batch_of(AppKind::Public, published).unwrap();
        prop_assert!(batch - published <= TimeDelta::days(7));
        let asked_at = published + TimeDelta::minutes(asked_after);
        let decision = decide_update(&rules, &facts, None::<&Utc>, asked_at);
        if asked_at < batch {
            let held = UpdateDecision::Hold { reason: UpdateHold::AwaitsBatch, until: Some(batch) };
            prop_assert_eq!(decision, held);
        } else {
            prop_assert_eq!(decision, UpdateDecision::Push { version: VersionId::new(2), batch_at: batch });
        }
    }

    #[test]
    fn s8_rule_nothing_is_ever_pushed_while_updates_are_off(hours in 0i64..24 * 400) {
        let published = at("2026-11-22T00:00:00Z");
        let now = published + TimeDelta::hours(hours);
        for kind in KINDS {
            let off = UpdateRules { mode: UpdateMode::Disabled, ..UpdateRules::default() };
            let flag_off = UpdateFacts { update_automatically: false, ..facts(kind, published) };
            let decisions = [
                decide_update(&off, &facts(kind, published), None::<&Utc>, now),
                decide_update(&UpdateRules::default(), &flag_off, None::<&Utc>, now),
            ];
            let nothing = |decision: &UpdateDecision| matches!(decision, UpdateDecision::Nothing { .. });
            prop_assert!(decisions.iter().all(nothing));
        }
    }
}

#[test]
fn s9_rule_the_batch_is_configurable() {
    let published = at("2027-01-05T10:00:00Z");
    let every_three_hours = Cadence::Batch { every_hours: NonZeroU16::new(3).unwrap() };
    for (cadence, expected) in [(every_three_hours, at("2027-01-05T12:00:00Z")), (Cadence::AtOnce, published)]
    {
        let rules = UpdateRules { public_cadence: cadence, ..UpdateRules::default() };
        let (pushed_at, decision) = followed(&rules, &facts(AppKind::Public, published), None, published);
        assert!(pushed(&decision));
        assert_eq!(pushed_at, expected);
    }
}

#[test]
fn an_app_that_is_not_installed_or_has_the_newest_version_is_not_updated() {
    let published = at("2027-01-05T10:00:00Z");
    let now = published + TimeDelta::days(8);
    for (installed, reason) in [
        (InstalledVersion::NotInstalled, NothingReason::NotInstalled),
        (InstalledVersion::Installed { version: VersionId::new(2) }, NothingReason::AlreadyNewest),
    ] {
        for kind in KINDS {
            let facts = UpdateFacts { installed, ..facts(kind, published) };
            let decision = decide_update(&UpdateRules::default(), &facts, None::<&Utc>, now);
            assert_eq!(decision, UpdateDecision::Nothing { reason });
        }
    }
}

#[test]
fn p14_rule_an_operating_system_that_is_too_old_refuses_the_version_with_the_reason() {
    let published = at("2027-01-05T10:00:00Z");
    for (device, minimum, fits) in [
        ("17.4", "17.4.0", true),
        ("17.10", "17.9", true),
        ("9.3.5", "10.0", false),
        ("17.3.9", "17.4", false),
    ] {
        let mut facts = facts(AppKind::Public, published);
        facts.device_os = Some(device.into());
        facts.newest.as_mut().unwrap().minimum_os = Some(minimum.into());
        let now = published + TimeDelta::days(8);
        let decision = decide_update(&UpdateRules::default(), &facts, None::<&Utc>, now);
        if fits {
            assert!(pushed(&decision), "{device} {minimum}");
        } else {
            let reason = RefuseReason::OsTooOld { device: device.into(), minimum: minimum.into() };
            assert_eq!(decision, UpdateDecision::Refuse { reason });
        }
    }
}

#[test]
fn p14_rule_with_windows_an_unknown_time_zone_holds_and_without_it_is_not_asked() {
    let published = at("2027-01-05T10:00:00Z");
    let now = published + TimeDelta::days(8);
    let facts = facts(AppKind::Public, published);
    let mut rules = UpdateRules::default();
    assert!(pushed(&decide_update(&rules, &facts, None::<&Utc>, now)));
    rules.windows = vec![window(&Day::ALL, "00:00", "00:00")];
    let held = UpdateDecision::Hold { reason: UpdateHold::UnknownTimeZone, until: None };
    assert_eq!(decide_update(&rules, &facts, None::<&Utc>, now), held);
    assert!(pushed(&decide_update(&rules, &facts, Some(&BERLIN), now)));
}

#[test]
fn p14_rule_outside_its_window_a_version_waits_for_the_next_opening_in_the_devices_local_time() {
    let published = at("2027-01-06T12:00:00Z");
    let rules = UpdateRules { windows: vec![window(&Day::ALL, "22:00", "04:00")], ..UpdateRules::default() };
    // The batch goes out on Thursday at 00:00 UTC, which is 01:00 in Berlin: the window is open.
    let facts = facts(AppKind::Public, published);
    let (pushed_at, decision) = followed(&rules, &facts, Some(&BERLIN), published);
    assert_eq!((pushed_at, pushed(&decision)), (at("2027-01-07T00:00:00Z"), true));
    let noon = at("2027-01-07T11:00:00Z");
    let until = Some(at("2027-01-07T21:00:00Z"));
    let held = UpdateDecision::Hold { reason: UpdateHold::OutsideWindow, until };
    assert_eq!(decide_update(&rules, &facts, Some(&BERLIN), noon), held);
}

fn held(rules: &UpdateRules, facts: &UpdateFacts, now: DateTime<Utc>) -> (UpdateHold, Option<DateTime<Utc>>) {
    match decide_update(rules, facts, Some(&BERLIN), now) {
        UpdateDecision::Hold { reason, until } => (reason, until),
        other => panic!("not held: {other:?}"),
    }
}

const PUBLISHED: &str = "2027-01-05T10:00:00Z";

fn with(change: impl FnOnce(&mut UpdateFacts)) -> (UpdateHold, Option<DateTime<Utc>>) {
    let mut facts = facts(AppKind::Custom, at(PUBLISHED));
    change(&mut facts);
    held(&UpdateRules::default(), &facts, at(PUBLISHED) + TimeDelta::days(2))
}

fn minimum(facts: &mut UpdateFacts, minimum: &str) {
    facts.newest.as_mut().unwrap().minimum_os = Some(minimum.into());
}

#[test]
fn versions_that_are_not_known_or_contradict_each_other_hold() {
    assert_eq!(with(|facts| facts.newest = None), (UpdateHold::NewestVersionUnknown, None));
    let unknown = with(|facts| facts.installed = InstalledVersion::Unknown);
    assert_eq!(unknown, (UpdateHold::InstalledVersionUnknown, None));
    let (installed, newest) = (VersionId::new(3), VersionId::new(2));
    let newer = with(|facts| facts.installed = InstalledVersion::Installed { version: installed });
    assert_eq!(newer, (UpdateHold::InstalledIsNewer { installed, newest }, None));
}

#[test]
fn a_version_from_the_future_holds_until_then() {
    let future = at("2030-01-01T00:00:00Z");
    let reason = with(|facts| facts.newest.as_mut().unwrap().published_at = future);
    assert_eq!(reason, (UpdateHold::PublishedInTheFuture, Some(future)));
}

#[test]
fn p14_rule_an_operating_system_that_cannot_be_compared_holds() {
    let unknown = with(|facts| {
        minimum(facts, "17.0");
        facts.device_os = None;
    });
    assert_eq!(unknown, (UpdateHold::OsUnknown, None));
    let device = with(|facts| {
        minimum(facts, "16.0");
        facts.device_os = Some("16.5.1 (c)".into());
    });
    assert_eq!(device, (UpdateHold::OsNotComparable { device: "16.5.1 (c)".into() }, None));
    let store = with(|facts| minimum(facts, "next"));
    assert_eq!(store, (UpdateHold::MinimumOsNotComparable { minimum: "next".into() }, None));
}

#[test]
fn at_the_ends_of_the_calendar_nothing_breaks() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let mut rules =
        UpdateRules { windows: vec![window(&Day::ALL, "01:00", "00:30")], ..UpdateRules::default() };
    let facts = facts(AppKind::Public, last);
    assert_eq!(held(&rules, &facts, last), (UpdateHold::TimeOutOfRange, None));
    rules.public_cadence = Cadence::AtOnce;
    assert_eq!(held(&rules, &facts, last), (UpdateHold::TimeOutOfRange, None));
    assert_eq!(held(&rules, &facts, first), (UpdateHold::PublishedInTheFuture, Some(last)));
    let facts = UpdateFacts {
        newest: Some(NewestVersion { version: VersionId::new(2), published_at: first, minimum_os: None }),
        ..facts
    };
    let _ = decide_update(&rules, &facts, Some(&BERLIN), first);
    let _ = decide_update(&UpdateRules { batches_from: last, ..rules }, &facts, Some(&Utc), first);
}

fn any_time() -> impl Strategy<Value = DateTime<Utc>> {
    let most = DateTime::<Utc>::MAX_UTC.timestamp();
    prop_oneof![3 => 1_790_000_000i64..1_830_000_000, 1 => -most..=most]
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC))
}

fn any_os() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof!["[0-9]{1,2}(\\.[0-9]{1,2}){0,2}", ".{0,6}"])
}

proptest! {
    #[test]
    fn whatever_the_facts_say_there_is_a_decision_and_a_hold_ends_in_the_future(
        (custom, flag) in any::<(bool, bool)>(),
        installed in 0u64..4, newest in prop::option::of(1u64..4),
        published_at in any_time(), batches_from in any_time(), now in any_time(),
        device_os in any_os(), minimum_os in any_os(),
        (from, to) in (0u32..1440, 0u32..1440), days in prop::sample::subsequence(Day::ALL.to_vec(), 1..=7)
    ) {
        let text = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let rules = UpdateRules {
            batches_from, windows: vec![window(&days, &text(from), &text(to))], ..UpdateRules::default()
        };
        let facts = UpdateFacts {
            app_kind: if custom { AppKind::Custom } else { AppKind::Public },
            update_automatically: flag,
            user_switch: UserSwitch::NoUser,
            installed: match installed {
                0 => InstalledVersion::Unknown,
                version => InstalledVersion::Installed { version: VersionId::new(version) },
            },
            newest: newest
                .map(|version| NewestVersion { version: VersionId::new(version), published_at, minimum_os }),
            device_os,
        };
        let decision = decide_update(&rules, &facts, Some(&BERLIN), now);
        if let UpdateDecision::Hold { until: Some(until), .. } = &decision {
            prop_assert!(*until > now);
        }
        if let UpdateDecision::Push { batch_at, .. } = &decision {
            prop_assert!(flag && published_at <= *batch_at && *batch_at <= now);
        }
    }
}
