//! Every combination of what an update depends on: each part says on its own what it stops, and the first part counts.

use chrono::Utc;

use super::{testing::*, *};
use crate::catalog::AppKind;

const PUBLISHED: &str = "2027-01-05T10:00:00Z";
const AFTER_BOTH_BATCHES: &str = "2027-01-12T12:00:00Z";

type Stop = Option<UpdateDecision>;

fn nothing(reason: NothingReason) -> Stop {
    Some(UpdateDecision::Nothing { reason })
}

fn hold(reason: UpdateHold, until: Option<&str>) -> Stop {
    Some(UpdateDecision::Hold { reason, until: until.map(at) })
}

/// Mode, the app's flag, the user's switch.
fn deciders() -> Vec<(UpdateMode, bool, UserSwitch, Stop)> {
    let mut rows = Vec::new();
    for switch in UserSwitch::ALL {
        for flag in [true, false] {
            rows.push((UpdateMode::Disabled, flag, switch, nothing(NothingReason::UpdatesDisabled)));
        }
        rows.push((UpdateMode::Administrator, true, switch, None));
        rows.push((UpdateMode::Administrator, false, switch, nothing(NothingReason::AppFlagOff)));
    }
    for flag in [true, false] {
        rows.push((UpdateMode::EndUser, flag, UserSwitch::On, None));
        for (switch, reason) in [
            (UserSwitch::Off, NothingReason::UserSwitchedOff),
            (UserSwitch::NotChosen, NothingReason::UserDidNotChoose),
            (UserSwitch::NoUser, NothingReason::NoUser),
        ] {
            rows.push((UpdateMode::EndUser, flag, switch, nothing(reason)));
        }
    }
    rows
}

/// What is installed, and whether the store's version 2 is known.
fn versions() -> [(InstalledVersion, bool, Stop); 10] {
    let has = |version| InstalledVersion::Installed { version: VersionId::new(version) };
    let (installed, newest) = (VersionId::new(3), VersionId::new(2));
    let not_installed = || nothing(NothingReason::NotInstalled);
    let not_known = || hold(UpdateHold::NewestVersionUnknown, None);
    [
        (InstalledVersion::NotInstalled, true, not_installed()),
        (InstalledVersion::NotInstalled, false, not_installed()),
        (InstalledVersion::Unknown, true, hold(UpdateHold::InstalledVersionUnknown, None)),
        (InstalledVersion::Unknown, false, not_known()),
        (has(1), true, None),
        (has(1), false, not_known()),
        (has(2), true, nothing(NothingReason::AlreadyNewest)),
        (has(2), false, not_known()),
        (has(3), true, hold(UpdateHold::InstalledIsNewer { installed, newest }, None)),
        (has(3), false, not_known()),
    ]
}

/// The operating system of the device, and the one that the version needs.
fn systems() -> Vec<(Option<&'static str>, Option<&'static str>, Stop)> {
    let mut rows = Vec::new();
    for device in [None, Some("beta"), Some("16.7"), Some("17.0"), Some("17.10")] {
        rows.push((device, None, None));
        let minimum = UpdateHold::MinimumOsNotComparable { minimum: "next".into() };
        rows.push((device, Some("next"), hold(minimum, None)));
        let too_old = |device: &str| {
            let reason = RefuseReason::OsTooOld { device: device.into(), minimum: "17.0".into() };
            Some(UpdateDecision::Refuse { reason })
        };
        let stop = match device {
            None => hold(UpdateHold::OsUnknown, None),
            Some("beta") => hold(UpdateHold::OsNotComparable { device: "beta".into() }, None),
            Some("16.7") => too_old("16.7"),
            _ => None,
        };
        rows.push((device, Some("17.0"), stop));
    }
    rows
}

/// The kind of app, the time, and the batch.
fn batches() -> [(AppKind, &'static str, &'static str, Stop); 6] {
    let (day, week) = ("2027-01-06T00:00:00Z", "2027-01-07T00:00:00Z");
    let future = || hold(UpdateHold::PublishedInTheFuture, Some(PUBLISHED));
    let awaits = |batch| hold(UpdateHold::AwaitsBatch, Some(batch));
    [
        (AppKind::Custom, "2027-01-05T09:59:59Z", day, future()),
        (AppKind::Custom, "2027-01-05T23:59:59Z", day, awaits(day)),
        (AppKind::Custom, AFTER_BOTH_BATCHES, day, None),
        (AppKind::Public, "2027-01-05T09:59:59Z", week, future()),
        (AppKind::Public, "2027-01-06T23:59:59Z", week, awaits(week)),
        (AppKind::Public, AFTER_BOTH_BATCHES, week, None),
    ]
}

/// The windows, and whether the device's time zone is known; at noon, after both batches.
fn windows() -> [(Vec<UpdateWindow>, bool, Stop); 6] {
    let noon = window(&Day::ALL, "11:00", "13:00");
    let night = window(&Day::ALL, "22:00", "04:00");
    let outside = || hold(UpdateHold::OutsideWindow, Some("2027-01-12T22:00:00Z"));
    let unknown = || hold(UpdateHold::UnknownTimeZone, None);
    [
        (vec![], true, None),
        (vec![], false, None),
        (vec![night.clone()], true, outside()),
        (vec![night.clone()], false, unknown()),
        (vec![night.clone(), noon.clone()], true, None),
        (vec![night, noon], false, unknown()),
    ]
}

#[test]
fn in_every_combination_the_first_part_that_stops_the_version_decides() {
    let (deciders, systems, versions) = (deciders(), systems(), versions());
    assert_eq!((deciders.len(), systems.len()), (24, 15));
    for (app_kind, now, batch, by_batch) in batches() {
        for (windows, zone_known, by_windows) in windows() {
            let zone = zone_known.then_some(Utc);
            for (mode, flag, switch, by_decider) in &deciders {
                let rules = UpdateRules { mode: *mode, windows: windows.clone(), ..UpdateRules::default() };
                for (installed, newest_known, by_versions) in &versions {
                    for (device_os, minimum_os, by_system) in &systems {
                        let newest = NewestVersion {
                            version: VersionId::new(2),
                            published_at: at(PUBLISHED),
                            minimum_os: minimum_os.map(str::to_owned),
                        };
                        let facts = UpdateFacts {
                            app_kind,
                            update_automatically: *flag,
                            user_switch: *switch,
                            installed: *installed,
                            newest: newest_known.then_some(newest),
                            device_os: device_os.map(str::to_owned),
                        };
                        let stops = [by_decider, by_versions, by_system, &by_batch, &by_windows];
                        let push = UpdateDecision::Push { version: VersionId::new(2), batch_at: at(batch) };
                        let expected = stops.into_iter().flatten().next().unwrap_or(&push);
                        let decided = decide_update(&rules, &facts, zone.as_ref(), at(now));
                        assert_eq!(&decided, expected, "{rules:?} {facts:?} {zone_known} {now}");
                    }
                }
            }
        }
    }
}
