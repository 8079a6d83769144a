//! `departure.json`: the effects of an event on an app and its license.

use std::collections::BTreeSet;

use mdm_vpp::{
    policy::{Departing, HeldLicense, ReclaimRules, depart},
    seats::DepartureTrigger,
    token::AppPolicies,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{check, missing, read};

const FILE: &str = include_str!("../../vectors/departure.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    trigger: DepartureTrigger,
    departing: Departing,
    policies: AppPolicies,
    rules: ReclaimRules,
}

fn decide(Input { trigger, departing, policies, rules }: &Input) -> Value {
    json!(depart(*trigger, *departing, policies, rules))
}

#[test]
fn every_departure_is_that_of_the_vectors() {
    check(FILE, decide).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn the_vectors_have_every_event_for_every_license_by_default_and_every_effect() {
    let everything_else = |input: &Input| {
        let Departing { revocable, given_otherwise, .. } = input.departing;
        let defaults = (AppPolicies::default(), ReclaimRules::default());
        revocable && !given_otherwise && (input.policies, input.rules) == defaults
    };
    let by_default: BTreeSet<(DepartureTrigger, HeldLicense)> = read::<Input>(FILE)
        .unwrap()
        .cases
        .into_iter()
        .filter(|case| everything_else(&case.input))
        .map(|case| (case.input.trigger, case.input.departing.license))
        .collect();
    for trigger in DepartureTrigger::ALL {
        for license in [HeldLicense::Device, HeldLicense::User, HeldLicense::Unlicensed] {
            assert!(by_default.contains(&(trigger, license)), "{trigger:?} {license:?}");
        }
    }
    let effects = [
        "keep",
        "remove",
        "removed_by_device",
        "gone",
        "none",
        "revoke",
        "become_unlicensed",
        "reenrollment",
        "rule_off",
        "never_by_this_event",
        "irrevocable",
        "given_otherwise",
    ];
    assert_eq!(missing(FILE, effects), [""; 0]);
}
