//! Updates: apps and devices of all sorts, with and without windows.

use std::num::NonZeroU16;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use mdm_vpp::catalog::{
    AppKind, Cadence, Day, InstalledVersion, LocalTime, NewestVersion, UpdateDecision, UpdateFacts,
    UpdateMode, UpdateRules, UpdateWindow, UserSwitch, VersionId, decide_update,
};

/// What one decision is about.
pub(crate) struct Input {
    rules: UpdateRules,
    facts: UpdateFacts,
    zone: Option<FixedOffset>,
    now: DateTime<Utc>,
}

/// The inputs by name: decided by everything but windows; inside a window; outside one, so that the next opening is
/// looked for.
pub(crate) fn all() -> [(&'static str, Vec<Input>); 3] {
    [
        ("update, at any time", inputs(&[], 0)),
        ("update, inside a window", inputs(&window("00:00", "00:00"), 0)),
        ("update, outside every window", inputs(&window("12:00", "13:00"), 14)),
    ]
}

fn window(from: &str, to: &str) -> Vec<UpdateWindow> {
    let time = |text: &str| text.parse::<LocalTime>().ok();
    let window = time(from).zip(time(to)).map(|(from, to)| UpdateWindow::new(Day::ALL.into(), from, to));
    window.and_then(Result::ok).into_iter().collect()
}

fn inputs(windows: &[UpdateWindow], hour: i64) -> Vec<Input> {
    let published_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let mut inputs = Vec::new();
    for n in 0u16..4_096 {
        let on = |bit: u16| n >> bit & 1 == 1;
        let rules = UpdateRules {
            mode: if on(0) { UpdateMode::Administrator } else { UpdateMode::EndUser },
            custom_cadence: Cadence::Batch { every_hours: NonZeroU16::MIN.saturating_add(n % 48) },
            windows: windows.to_vec(),
            ..UpdateRules::default()
        };
        let facts = UpdateFacts {
            app_kind: if on(1) { AppKind::Public } else { AppKind::Custom },
            update_automatically: n % 8 != 1,
            user_switch: if n % 8 == 2 { UserSwitch::Off } else { UserSwitch::On },
            installed: InstalledVersion::Installed { version: VersionId::new(1 + u64::from(n % 16 == 5)) },
            newest: Some(NewestVersion {
                version: VersionId::new(2),
                published_at,
                minimum_os: Some(format!("17.{}", n % 7)),
            }),
            device_os: Some(if n % 32 == 9 { "16.4".into() } else { format!("26.{}.1", n % 5) }),
        };
        let now = published_at + TimeDelta::days(10) + TimeDelta::hours(hour);
        inputs.push(Input { rules, facts, zone: FixedOffset::east_opt(3600), now });
    }
    inputs
}

pub(crate) fn decide(input: &Input) -> UpdateDecision {
    decide_update(&input.rules, &input.facts, input.zone.as_ref(), input.now)
}

pub(crate) fn read(input: &Input) -> (UpdateMode, AppKind, DateTime<Utc>) {
    (input.rules.mode, input.facts.app_kind, input.now)
}
