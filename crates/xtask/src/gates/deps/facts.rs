//! The facts that the dependency rules judge, read from cargo.

use std::collections::BTreeMap;

use cargo_metadata::{Dependency, Package};

use super::{
    core_closure, fake,
    rules::{self, CORE},
};
use crate::{
    error::TaskError,
    gates::tree::{FORMAT, parse},
    report::Report,
    workspace::Workspace,
};

/// A crate of the workspace.
#[derive(Debug, Clone, Default)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) dependencies: Vec<Named>,
    /// What each feature switches on, as the manifest says it.
    pub(super) features: BTreeMap<String, Vec<String>>,
}

/// A dependency of any kind.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    /// `normal`, `dev` or `build`.
    pub(super) kind: String,
    pub(super) optional: bool,
}

/// Checks the dependency rules.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let crates = gather(&workspace.crates()?);
    let question = ["tree", "--package", CORE, "--edges", "normal", "--target", "all", "--prefix", "none"];
    let output = workspace.cargo().read(&[&question[..], &["--format", FORMAT]].concat())?;
    let closure = parse(&output);
    let note =
        format!("{} crates of ours, {} packages in the closure of the core", crates.len(), closure.len());
    let violations = [rules::check(&crates), fake::check(&crates), core_closure::check(&closure)].concat();
    Ok(Report::new(note, violations))
}

fn gather(packages: &[Package]) -> Vec<Crate> {
    let named = |dependency: &Dependency| Named {
        name: dependency.name.clone(),
        kind: dependency.kind.to_string(),
        optional: dependency.optional,
    };
    packages
        .iter()
        .map(|package| Crate {
            name: package.name.to_string(),
            dependencies: package.dependencies.iter().map(named).collect(),
            features: package.features.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_those_of_this_workspace() {
        let crates = gather(&Workspace::find().unwrap().crates().unwrap());
        let xtask = crates.iter().find(|one| one.name == "xtask").unwrap();
        assert!(xtask.dependencies.iter().any(|named| named.name == CORE && named.kind == "normal"));
    }
}
