//! The simulator names crates of ours only behind its feature `fake`. It is a second opinion on Apple's service, and
//! code shared with the library would repeat the library's mistakes.

use std::collections::BTreeSet;

use super::{
    facts::Crate,
    rules::{SIMULATOR, is_ours},
};
use crate::report::Violation;

const FAKE: &str = "fake";

pub(super) fn check(crates: &[Crate]) -> Vec<Violation> {
    let Some(simulator) = crates.iter().find(|one| one.name == SIMULATOR) else { return Vec::new() };
    let mut violations = Vec::new();
    for named in simulator.dependencies.iter().filter(|named| is_ours(&named.name) && !named.optional) {
        // A dev-dependency on itself switches on features for its tests.
        if named.name != SIMULATOR {
            violations.push(Violation::new(
                SIMULATOR,
                format!("names `{}` ({} dependency) outside of the feature", named.name, named.kind),
                format!("make it optional, behind the feature `{FAKE}`"),
            ));
        }
    }
    for feature in simulator.features.keys().filter(|feature| *feature != FAKE) {
        if let Some(ours) = reaches(simulator, feature) {
            violations.push(Violation::new(
                SIMULATOR,
                format!("its feature `{feature}` switches on `{ours}`"),
                format!("only the feature `{FAKE}` may, with `dep:`"),
            ));
        }
    }
    violations
}

/// The first crate of ours that a feature switches on, directly or through other features.
fn reaches<'a>(simulator: &'a Crate, feature: &'a str) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    let mut ahead = vec![feature];
    while let Some(feature) = ahead.pop() {
        if !seen.insert(feature) {
            continue;
        }
        for value in simulator.features.get(feature).into_iter().flatten() {
            let package = value.strip_prefix("dep:").unwrap_or(value);
            // `package?/feature` switches on nothing that is not on already.
            let (package, weak) = match package.split_once('/') {
                Some((package, _)) => (package.trim_end_matches('?'), package.ends_with('?')),
                None => (package, false),
            };
            if is_ours(package) && package != SIMULATOR && !weak {
                return Some(package);
            }
            ahead.push(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::deps::facts::Named;

    fn simulator(optional: bool, features: &[(&str, &[&str])]) -> Vec<Crate> {
        let ports = Named { name: "mdm-vpp-ports".into(), kind: "normal".into(), optional };
        let features = features
            .iter()
            .map(|(name, values)| ((*name).into(), values.iter().map(|value| (*value).into()).collect()));
        vec![Crate { name: SIMULATOR.into(), dependencies: vec![ports], features: features.collect() }]
    }

    #[test]
    fn ours_behind_the_feature_fake_pass() {
        let sound = simulator(
            true,
            &[
                ("default", &["http"]),
                ("http", &["dep:axum", "mdm-vpp-ports?/mock"]),
                ("fake", &["dep:mdm-vpp-ports"]),
            ],
        );
        assert_eq!(check(&sound), []);
    }

    #[test]
    fn ours_without_condition_is_red() {
        let violations = check(&simulator(false, &[("fake", &[])]));
        assert_eq!(violations.len(), 1);
        assert!(violations[0].what.contains("mdm-vpp-ports"), "{}", violations[0]);
    }

    #[test]
    fn another_feature_that_switches_ours_on_is_red_also_by_a_detour() {
        for values in [&["fake"][..], &["dep:mdm-vpp-ports"], &["mdm-vpp-ports/mock"]] {
            let planted = simulator(true, &[("default", values), ("fake", &["dep:mdm-vpp-ports"])]);
            let violations = check(&planted);
            assert_eq!(violations.len(), 1, "{values:?}");
            assert!(violations[0].what.contains("`default`"), "{}", violations[0]);
        }
    }
}
