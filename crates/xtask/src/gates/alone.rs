//! Each crate compiles by itself. In a workspace build features unify, and a crate could live on a neighbour's.

use std::collections::BTreeSet;

use crate::{
    error::TaskError,
    report::{Report, Violation},
    say,
    workspace::Workspace,
};

/// The crates that are built, one call each, and with which features.
const CALLS: &[(&str, &[&str])] = &[
    ("mdm-vpp-core", &[]),
    ("mdm-vpp-ports", &[]),
    ("mdm-vpp", &[]),
    ("mdm-vpp-engine", &[]),
    ("mdm-vpp-adapters", &["--no-default-features"]),
    ("mdm-vpp-store", &["--no-default-features"]),
    ("mdm-vpp-store", &["--features", "sqlite"]),
    ("mdm-vpp-store", &["--features", "postgres"]),
    ("mdm-vpp-simulator", &["--no-default-features"]),
];

/// What came of a crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Compiles,
    Fails,
    Missing,
}

/// Builds each crate by itself.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let crates = workspace.crates()?;
    let present: BTreeSet<_> = crates.iter().map(|package| package.name.as_str()).collect();
    let mut outcomes = Vec::new();
    for (name, features) in CALLS {
        let arguments = [&["check", "--quiet", "--package", name], *features].concat();
        let outcome = if !present.contains(name) {
            Outcome::Missing
        } else if workspace.cargo().succeeds(&arguments)? {
            say::line(&format!("cargo {}: compiles", arguments.join(" ")))?;
            Outcome::Compiles
        } else {
            Outcome::Fails
        };
        outcomes.push((*name, outcome));
    }
    Ok(Report { notes: Vec::new(), violations: judge(&outcomes) })
}

fn judge(outcomes: &[(&str, Outcome)]) -> Vec<Violation> {
    let violation = |&(name, outcome): &(&str, Outcome)| match outcome {
        Outcome::Compiles => None,
        Outcome::Fails => Some(Violation::new(
            name,
            "does not compile by itself",
            "name in its manifest the feature that it lives on, or do without",
        )),
        Outcome::Missing => Some(Violation::new(
            name,
            "is not in the workspace",
            "correct the list in crates/xtask/src/gates/alone.rs",
        )),
    };
    outcomes.iter().filter_map(violation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_that_compile_alone_pass() {
        assert!(judge(&[("mdm-vpp-core", Outcome::Compiles), ("mdm-vpp", Outcome::Compiles)]).is_empty());
    }

    #[test]
    fn a_crate_that_needs_its_neighbours_is_red_and_so_is_one_that_is_gone() {
        let violations = judge(&[
            ("mdm-vpp-core", Outcome::Fails),
            ("mdm-vpp-ports", Outcome::Compiles),
            ("mdm-vpp-engine", Outcome::Missing),
        ]);
        let places: Vec<_> = violations.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["mdm-vpp-core", "mdm-vpp-engine"]);
    }
}
