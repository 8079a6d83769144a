//! Facts that are missing, wrong or contradict each other: each is a named hold, and nothing breaks.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{testing::*, *};
use crate::catalog::AppKind;

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
