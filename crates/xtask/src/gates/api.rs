//! The public API of each published crate, as a committed list under `docs/api`.

use std::collections::BTreeSet;

use super::tools::{PUBLIC_API, no_nightly};
use crate::{
    committed::{self, Generated},
    error::TaskError,
    report::{Report, Violation},
    source::gather,
    workspace::Workspace,
};

const FOLDER: &str = "docs/api/";
const WRITE: &str = "cargo xtask api --write";

/// Writes the lists.
pub(crate) fn write(workspace: &Workspace) -> Result<Report, TaskError> {
    if let Some(missing) = missing(workspace)? {
        return Ok(missing);
    }
    let lists = lists(workspace)?;
    let folder = workspace.root().join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|source| TaskError::File {
        path: folder,
        done: "created",
        source,
    })?;
    let mut report = committed::write(workspace.root(), lists.clone())?;
    report.violations.extend(left_over(workspace, &lists)?);
    Ok(report)
}

/// Compares the lists with those that are committed.
pub(crate) fn check(workspace: &Workspace) -> Result<Report, TaskError> {
    if let Some(missing) = missing(workspace)? {
        return Ok(missing);
    }
    let lists = lists(workspace)?;
    let mut report = committed::check(workspace.root(), &lists, WRITE)?;
    report.violations.extend(lists.iter().filter_map(empty));
    report.violations.extend(left_over(workspace, &lists)?);
    Ok(report)
}

/// The tool needs rustdoc's JSON, which only a nightly writes.
fn missing(workspace: &Workspace) -> Result<Option<Report>, TaskError> {
    let mut violations: Vec<_> = PUBLIC_API.missing(workspace)?.into_iter().collect();
    if !workspace.nightly().succeeds_silently(&["--version"]).unwrap_or(false) {
        violations.push(no_nightly());
    }
    Ok((!violations.is_empty()).then_some(Report { notes: Vec::new(), violations }))
}

/// The lists as the code says them, with all features. Implementations that follow from others are left out: blanket
/// and auto traits, and what is derived.
fn lists(workspace: &Workspace) -> Result<Vec<Generated>, TaskError> {
    let mut lists = Vec::new();
    for name in workspace.published()? {
        let question = [PUBLIC_API.command, "--package", &name, "--all-features", "-sss", "--color", "never"];
        let text = workspace.nightly().read(&question)?;
        lists.push(Generated { path: format!("{FOLDER}{name}.txt"), text });
    }
    Ok(lists)
}

/// A crate whose list holds nothing was not read.
fn empty(list: &Generated) -> Option<Violation> {
    (!list.text.starts_with("pub mod ")).then(|| {
        Violation::new(&list.path, "lists no public item", "repair the question to cargo-public-api")
    })
}

/// Lists of crates that are not published any more.
fn left_over(workspace: &Workspace, lists: &[Generated]) -> Result<Vec<Violation>, TaskError> {
    let known: BTreeSet<_> = lists.iter().map(|list| list.path.as_str()).collect();
    let committed = gather(workspace.root(), |path| path.starts_with(FOLDER))?;
    let unknown = committed.iter().filter(|file| !known.contains(file.path.as_str()));
    Ok(unknown
        .map(|file| Violation::new(&file.path, "is the list of no published crate", "delete it"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_items_is_red() {
        let list = |text: &str| Generated { path: "docs/api/a.txt".into(), text: text.into() };
        assert_eq!(empty(&list("pub mod a\npub struct a::B\n")), None);
        assert!(empty(&list("")).is_some());
    }

    #[test]
    fn the_published_crates_are_those_without_a_ban_on_publishing() {
        let published = Workspace::find().unwrap().published().unwrap();
        assert!(published.contains(&"mdm-vpp".to_owned()) && published.contains(&"mdm-vpp-core".to_owned()));
        assert!(!published.contains(&"xtask".to_owned()));
    }
}
