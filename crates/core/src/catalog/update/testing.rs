//! Builders for the tests of updates, and a time zone whose clocks are changed twice.

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};

use super::*;
use crate::catalog::AppKind;

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Clocks are put forward from 02:00 to 03:00 on Sunday, 28 March 2027 and back from 03:00 to 02:00 on Sunday, 31
/// October 2027, as in Berlin; or by another amount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zone {
    pub(super) shift_minutes: i32,
}

pub(super) const BERLIN: Zone = Zone { shift_minutes: 60 };

impl Zone {
    fn offset(self, at: DateTime<Utc>) -> FixedOffset {
        // 2027-03-28T01:00:00Z and 2027-10-31T01:00:00Z.
        let summer = (1_806_195_600..1_824_944_400).contains(&at.timestamp());
        let shift = if summer { self.shift_minutes * 60 } else { 0 };
        FixedOffset::east_opt(3600 + shift).unwrap()
    }
}

impl TimeZone for Zone {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        BERLIN
    }

    fn offset_from_local_date(&self, _: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        MappedLocalTime::None
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        let winter = FixedOffset::east_opt(3600).unwrap();
        let summer = FixedOffset::east_opt(3600 + self.shift_minutes * 60).unwrap();
        let fits = |offset: FixedOffset| self.offset((*local - offset).and_utc()) == offset;
        match (fits(summer), fits(winter)) {
            (true, true) => MappedLocalTime::Ambiguous(summer, winter),
            (true, false) => MappedLocalTime::Single(summer),
            (false, true) => MappedLocalTime::Single(winter),
            (false, false) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, _: &NaiveDate) -> FixedOffset {
        FixedOffset::east_opt(3600).unwrap()
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        self.offset(utc.and_utc())
    }
}

pub(super) fn window(days: &[Day], from: &str, to: &str) -> UpdateWindow {
    UpdateWindow::new(days.iter().copied().collect(), from.parse().unwrap(), to.parse().unwrap()).unwrap()
}

/// Version 2 of an app, published at a time, for a device that has version 1 and whose user wants updates.
pub(super) fn facts(app_kind: AppKind, published_at: DateTime<Utc>) -> UpdateFacts {
    UpdateFacts {
        app_kind,
        update_automatically: true,
        user_switch: UserSwitch::On,
        installed: InstalledVersion::Installed { version: VersionId::new(1) },
        newest: Some(NewestVersion { version: VersionId::new(2), published_at, minimum_os: None }),
        device_os: Some("26.0".into()),
    }
}

/// Decides again at each time that a hold names, up to the first decision that is not such a hold.
pub(super) fn followed(
    rules: &UpdateRules,
    facts: &UpdateFacts,
    zone: Option<&Zone>,
    mut now: DateTime<Utc>,
) -> (DateTime<Utc>, UpdateDecision) {
    for _ in 0..10 {
        match decide_update(rules, facts, zone, now) {
            UpdateDecision::Hold { until: Some(until), .. } => {
                assert!(until > now, "a hold until {until} at {now}");
                now = until;
            }
            decision => return (now, decision),
        }
    }
    panic!("held again and again up to {now}");
}
