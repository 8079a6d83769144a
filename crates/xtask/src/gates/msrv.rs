//! The oldest Rust that we promise, compared with what our dependencies ask for.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, PackageId, semver::Version};

use crate::{
    error::TaskError,
    report::{Report, Violation},
    workspace::{Workspace, is_published},
};

/// A package and the Rust that it asks for.
#[derive(Debug, Clone)]
struct Asks {
    name: String,
    rust: Option<Version>,
    ours: bool,
}

/// Checks every package that an embedder builds with our crates, on any platform, build scripts included.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let metadata = workspace.graph()?;
    let promise = metadata.root_package().and_then(|package| package.rust_version.clone());
    let packages = gather(&metadata)?;
    let mut notes = Vec::new();
    if let Some((newest, name)) =
        packages.iter().filter_map(|one| Some((one.rust.as_ref()?, &one.name))).max()
    {
        let silent = packages.iter().filter(|one| one.rust.is_none()).count();
        let total = packages.len();
        notes.push(format!(
            "the newest of {total} packages is {name}, for Rust {newest}; {silent} do not say"
        ));
    }
    if let Some(promise) = &promise {
        notes.push(built_with(&workspace.cargo().read(&["--version"])?, promise));
    }
    Ok(Report { notes, violations: check(promise.as_ref(), &packages) })
}

/// Whether this run proves the promise: only a build with the oldest Rust does.
fn built_with(cargo: &str, promise: &Version) -> String {
    let found = cargo.split_whitespace().nth(1).unwrap_or("of an unknown version");
    if found == promise.to_string() {
        format!("this build uses Rust {found}, the oldest one that we promise")
    } else {
        format!("this build uses Rust {found} and does not prove that {promise} is enough")
    }
}

/// The packages that our published crates are built from.
fn gather(metadata: &Metadata) -> Result<Vec<Asks>, TaskError> {
    let resolve = metadata.resolve.as_ref().ok_or(TaskError::NoGraph)?;
    let graph: BTreeMap<&PackageId, Vec<&PackageId>> = resolve
        .nodes
        .iter()
        .map(|node| {
            let built = node.deps.iter().filter(|dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            });
            (&node.id, built.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    let members = metadata.workspace_packages();
    let published = members.iter().filter(|package| is_published(package));
    let reached = reach(published.map(|package| &package.id).collect(), &graph);
    let packages = metadata.packages.iter().filter(|package| reached.contains(&package.id));
    Ok(packages
        .map(|package| Asks {
            name: format!("{} {}", package.name, package.version),
            rust: package.rust_version.clone(),
            ours: package.source.is_none(),
        })
        .collect())
}

/// Returns every node that can be reached from the starts.
fn reach<T: Copy + Ord>(starts: Vec<T>, graph: &BTreeMap<T, Vec<T>>) -> BTreeSet<T> {
    let mut reached = BTreeSet::new();
    let mut ahead = starts;
    while let Some(next) = ahead.pop() {
        if reached.insert(next) {
            ahead.extend(graph.get(&next).into_iter().flatten());
        }
    }
    reached
}

fn check(promise: Option<&Version>, packages: &[Asks]) -> Vec<Violation> {
    let Some(promise) = promise else {
        return vec![Violation::new(
            "Cargo.toml",
            "promises no `rust-version`",
            "name the oldest Rust we build with",
        )];
    };
    if !packages.iter().any(|one| one.ours) {
        return vec![Violation::new("msrv", "no package of ours was found", "repair this check")];
    }
    let violation = |one: &Asks| match &one.rust {
        Some(rust) if rust > promise => Some(Violation::new(
            &one.name,
            format!("asks for Rust {rust}, we promise {promise}"),
            "take an older version of it, or raise `rust-version` with a decision record in docs/adr",
        )),
        rust if one.ours && rust.as_ref() != Some(promise) => Some(Violation::new(
            &one.name,
            format!("does not promise Rust {promise} like the others of ours"),
            "write `rust-version.workspace = true` into its manifest",
        )),
        _ => None,
    };
    packages.iter().filter_map(violation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(name: &str, rust: Option<&str>, ours: bool) -> Asks {
        Asks { name: name.into(), rust: rust.map(|rust| Version::parse(rust).unwrap()), ours }
    }

    fn sound() -> Vec<Asks> {
        vec![
            asks("mdm-vpp-core 0.1.0", Some("1.95.0"), true),
            asks("serde 1.0.0", Some("1.61.0"), false),
            asks("old 1.0.0", None, false),
        ]
    }

    fn judged(packages: &[Asks]) -> Vec<Violation> {
        check(Some(&Version::new(1, 95, 0)), packages)
    }

    #[test]
    fn packages_that_ask_for_no_more_than_we_promise_pass() {
        assert_eq!(judged(&sound()), []);
    }

    #[test]
    fn a_package_that_asks_for_more_is_red_and_named() {
        let mut packages = sound();
        packages.push(asks("modern 2.0.0", Some("1.95.1"), false));
        let violations = judged(&packages);
        assert_eq!(violations.len(), 1);
        assert!(violations[0].place.contains("modern") && violations[0].what.contains("1.95.1"));
    }

    #[test]
    fn one_of_ours_without_the_common_promise_is_red() {
        for rust in [None, Some("1.80.0")] {
            let mut packages = sound();
            packages.push(asks("mdm-vpp-ports 0.1.0", rust, true));
            assert_eq!(judged(&packages).len(), 1, "{rust:?}");
        }
        assert_eq!(check(None, &sound()).len(), 1, "no promise at all");
    }

    #[test]
    fn a_build_with_another_rust_is_noted() {
        let said = |cargo| built_with(cargo, &Version::new(1, 95, 0));
        assert!(said("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n").ends_with("the oldest one that we promise"));
        assert!(said("cargo 1.97.0-nightly (4d1f98451)").contains("1.97.0-nightly and does not prove"));
    }

    #[test]
    fn a_graph_of_nothing_is_red() {
        assert_eq!(judged(&[]).len(), 1);
    }

    #[test]
    fn a_node_counts_if_a_path_of_any_length_leads_to_it() {
        let graph = BTreeMap::from([(1, vec![2]), (2, vec![3, 1]), (4, vec![5])]);
        assert_eq!(reach(vec![1], &graph), BTreeSet::from([1, 2, 3]));
    }
}
