//! `choice.json`: which tokens can give a recipient an app, and the trace of the choice.

use std::collections::BTreeSet;

use mdm_vpp::{
    catalog::{Approval, Platform, PricingParam},
    id::LocationId,
    policy::{
        Candidate, ChoiceApp, ChoiceAppKind, Distribution, NotRelevant, Owner, Owners, Recipient, choose,
        explain,
    },
    token::{TokenName, TokenScope},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{check, missing};

const FILE: &str = include_str!("../../vectors/choice.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    app: App,
    owners: Vec<Owning>,
    recipient: Recipient,
    live: Option<Candidate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct App {
    kind: ChoiceAppKind,
    approval: Approval,
    distribution: Distribution,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owning {
    name: TokenName,
    location: LocationId,
    scope: TokenScope,
    pricing_param: PricingParam,
    device_assignable: bool,
    book: bool,
    platforms: BTreeSet<Platform>,
}

impl Owning {
    fn owner(&self) -> Owner<'_> {
        Owner {
            location: &self.location,
            name: &self.name,
            scope: &self.scope,
            pricing_param: &self.pricing_param,
            device_assignable: self.device_assignable,
            book: self.book,
            platforms: &self.platforms,
        }
    }
}

fn decide(Input { app, owners, recipient, live }: &Input) -> Value {
    let App { kind, approval, distribution } = app;
    let app = ChoiceApp { kind: *kind, approval: *approval, distribution };
    let owners = Owners::ranked(owners.iter().map(Owning::owner));
    let (choice, trace) = explain(&app, &owners, recipient, live.as_ref());
    assert_eq!(choose(&app, &owners, recipient, live.as_ref()), choice, "without the trace");
    assert_eq!(trace.choice(), choice, "from the trace alone");
    json!({"choice": choice, "trace": trace})
}

#[test]
fn every_choice_is_that_of_the_vectors() {
    check(FILE, decide).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn the_vectors_reach_every_choice_every_step_and_every_obstacle() {
    let obstacles: Vec<Value> = NotRelevant::ALL.iter().map(|why| json!(why)).collect();
    let obstacles = obstacles.iter().map(|why| why["kind"].as_str().unwrap());
    let others = [
        "not_given",
        "awaiting_approval",
        "refused",
        "not_relevant",
        "unlicensed",
        "licensed",
        "approval",
        "targets",
        "owner",
        "held_already",
        "without_license",
        "out_of_scope",
        "impossible",
        "gives",
        "device",
        "user",
    ];
    assert_eq!(missing(FILE, obstacles.chain(others)), [""; 0]);
}
