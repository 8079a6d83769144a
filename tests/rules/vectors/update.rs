//! `update.json`: whether and when a new version is pushed.

use mdm_vpp::{
    catalog::{UpdateFacts, UpdateRules, decide_update},
    chrono::{DateTime, FixedOffset, Utc},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{check, missing};

const FILE: &str = include_str!("../../vectors/update.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    rules: UpdateRules,
    facts: UpdateFacts,
    utc_offset_minutes: Option<i32>,
    now: DateTime<Utc>,
}

fn decide(Input { rules, facts, utc_offset_minutes, now }: &Input) -> Value {
    let zone = utc_offset_minutes.map(|minutes| FixedOffset::east_opt(minutes * 60).unwrap());
    json!(decide_update(rules, facts, zone.as_ref(), *now))
}

#[test]
fn every_update_decision_is_that_of_the_vectors() {
    check(FILE, decide).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// All reasons except `time_out_of_range`, which needs years of more than four digits. Other languages cannot read
/// those.
#[test]
fn the_vectors_reach_every_reason() {
    let reasons = [
        "push",
        "awaits_batch",
        "outside_window",
        "unknown_time_zone",
        "newest_version_unknown",
        "installed_version_unknown",
        "installed_is_newer",
        "published_in_the_future",
        "os_unknown",
        "os_not_comparable",
        "minimum_os_not_comparable",
        "os_too_old",
        "updates_disabled",
        "app_flag_off",
        "user_switched_off",
        "user_did_not_choose",
        "no_user",
        "not_installed",
        "already_newest",
    ];
    assert_eq!(missing(FILE, reasons), [""; 0]);
}
