//! Each folder imports from folders before it only, and the table lists exactly the folders that exist.

use std::collections::BTreeSet;

use super::{
    imports::{imports, modules},
    table::{CRATES, Floor, Layered},
};
use crate::{
    error::TaskError,
    report::{Report, Violation},
    source::{SourceFile, gather},
    workspace::Workspace,
};

const TABLE: &str = "correct the order in crates/xtask/src/gates/layers/table.rs";

/// Checks the crates of the table.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let all = gather(workspace.root(), |path| path.contains("/src/") && path.ends_with(".rs"))?;
    let mut report = Report::default();
    for layered in CRATES {
        let source = format!("{}/src/", layered.folder);
        let files: Vec<_> = all.iter().filter(|file| file.path.starts_with(&source)).cloned().collect();
        let count = layered.floors.iter().map(|floor| floor.entries().len()).sum::<usize>();
        report.notes.push(format!("{}: {count} folders in order, {} files", layered.folder, files.len()));
        report.violations.extend(check(layered, &files));
    }
    Ok(report)
}

/// Where a file or an import belongs. The order of places is the order of the floors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    /// An entry of the table, by its position.
    Entry { at: usize, name: &'a str, floor: usize },
    /// A folder whose folders are listed on their own; its `mod.rs` stands above them.
    Outer { last: usize, name: &'a str },
    /// The root of the crate, which may name all others.
    Root,
}

impl Place<'_> {
    const fn rank(self) -> (usize, bool) {
        match self {
            Self::Entry { at, .. } => (at, false),
            Self::Outer { last, .. } => (last, true),
            Self::Root => (usize::MAX, true),
        }
    }

    fn in_words(self) -> String {
        match self {
            Self::Entry { name, .. } | Self::Outer { name, .. } => format!("`{name}`"),
            Self::Root => "the root of the crate".into(),
        }
    }
}

/// Checks one crate.
fn check(layered: &Layered, files: &[SourceFile]) -> Vec<Violation> {
    let source = format!("{}/src/", layered.folder);
    let mut violations = missing(layered, files, &source);
    let modules = modules(files, &source);
    for file in files {
        let Some(inner) = file.path.strip_prefix(&source) else { continue };
        let Some(own) = place_of_file(layered, inner) else {
            violations.push(Violation::new(&file.path, "has no place in the order of its crate", TABLE));
            continue;
        };
        let module = modules.get(file.path.as_str()).cloned().unwrap_or_default();
        let mut told = BTreeSet::new();
        for import in imports(&file.text, &module, layered.library) {
            let target = place_of_path(layered.floors, &import.path);
            if !may_import(layered.floors, own, target) && told.insert((import.line, target)) {
                violations.push(upward(&format!("{}:{}", file.path, import.line), own, target, &import.path));
            }
        }
    }
    violations
}

fn upward(place: &str, own: Place<'_>, target: Place<'_>, path: &[String]) -> Violation {
    let (own, path) = (own.in_words(), path.join("::"));
    if target == Place::Root {
        let what = format!("{own} names `crate::{path}`, which is in no folder of the order");
        return Violation::new(place, what, "name the folder below that holds it");
    }
    let what = format!("{own} imports from {} (`crate::{path}`), which is not below it", target.in_words());
    Violation::new(place, what, "move the type down or the code up")
}

/// The entries of the table that no file belongs to: a wrong path would otherwise check nothing.
fn missing(layered: &Layered, files: &[SourceFile], source: &str) -> Vec<Violation> {
    let entries = layered.floors.iter().flat_map(|floor| floor.entries());
    let is_missing = |entry: &&&str| {
        let (folder, file) = (format!("{source}{entry}/"), format!("{source}{entry}.rs"));
        !files.iter().any(|one| one.path == file || one.path.starts_with(&folder))
    };
    entries
        .filter(is_missing)
        .map(|entry| Violation::new(format!("{source}{entry}"), "is in the order and does not exist", TABLE))
        .collect()
}

fn may_import(floors: &[Floor], own: Place<'_>, target: Place<'_>) -> bool {
    if own == target || own == Place::Root {
        return true;
    }
    if let Place::Entry { floor, .. } = own
        && floors.get(floor).is_some_and(|floor| floor.is_top())
    {
        return true;
    }
    if let (Place::Entry { floor: one, .. }, Place::Entry { floor: other, .. }) = (own, target)
        && one == other
        && floors.get(one).is_some_and(|floor| floor.is_apart())
    {
        return false;
    }
    target.rank() < own.rank()
}

/// The place of a file, from its path under `src`. `None` when the table does not know it.
fn place_of_file<'a>(layered: &'a Layered, inner: &str) -> Option<Place<'a>> {
    if inner == "lib.rs" || inner == "main.rs" || inner.starts_with("bin/") {
        return Some(Place::Root);
    }
    let parts: Vec<_> = inner.strip_suffix(".rs").unwrap_or(inner).split('/').collect();
    match (place_of_path(layered.floors, &parts), parts.as_slice()) {
        (entry @ Place::Entry { .. }, _) => Some(entry),
        (outer @ Place::Outer { .. }, [_, "mod"]) => Some(outer),
        _ => None,
    }
}

/// The place that a path from the root of the crate leads to.
fn place_of_path<'a>(floors: &'a [Floor], path: &[impl AsRef<str>]) -> Place<'a> {
    let entries = floors
        .iter()
        .enumerate()
        .flat_map(|(floor, held)| held.entries().iter().map(move |name| (floor, *name)))
        .enumerate();
    let mut outer = Place::Root;
    for (at, (floor, name)) in entries {
        let mut parts = name.split('/');
        if parts.clone().enumerate().all(|(depth, part)| is_part(path, depth, part)) {
            return Place::Entry { at, name, floor };
        }
        if let (Some(first), Some(_)) = (parts.next(), parts.next())
            && is_part(path, 0, first)
        {
            outer = Place::Outer { last: at, name: first };
        }
    }
    outer
}

fn is_part(path: &[impl AsRef<str>], depth: usize, part: &str) -> bool {
    path.get(depth).is_some_and(|own| own.as_ref() == part)
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
