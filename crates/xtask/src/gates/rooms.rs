//! The rules for source files: at most 400 lines, a caption, a name that says what the file holds, nothing unfinished.

use crate::{
    error::TaskError,
    report::{Report, Violation},
    source::{SourceFile, gather, with_slashes},
    workspace::Workspace,
};

/// The longest file, in lines. Our choice: a reader keeps one idea in view, and a longer file holds two.
const MOST_LINES: usize = 400;

/// Names that say nothing about what is in a file or folder.
const EMPTY_NAMES: &[&str] = &["utils", "common", "helpers", "manager"];

/// Marks of unfinished work. Each is cut in two, so that this file does not hold them.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("to", "do!"), "finish it, or leave it out"),
    (concat!("#[ig", "nore"), "repair the test, or remove it"),
];

/// Checks every source file of the workspace.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let crates = workspace.crates()?;
    let manifests = crates.iter().filter_map(|package| {
        package.manifest_path.as_std_path().parent()?.strip_prefix(workspace.root()).ok().map(with_slashes)
    });
    // The root package has its source among the crates.
    let folders: Vec<_> = manifests.filter(|folder| !folder.is_empty()).map(|folder| folder + "/").collect();
    let files = gather(workspace.root(), |path| path.ends_with(".rs"))?;
    Ok(Report::new(
        format!("{} source files in {} crates", files.len(), folders.len()),
        check(&files, &folders),
    ))
}

/// Checks the files. Each of `folders` must hold some, so that a wrong path does not pass.
fn check(files: &[SourceFile], folders: &[String]) -> Vec<Violation> {
    let is_empty = |folder: &&String| !files.iter().any(|file| file.path.starts_with(folder.as_str()));
    let empty = folders.iter().filter(is_empty).map(|folder| {
        Violation::new(folder, "no source file was found there", "repair the walk through the files")
    });
    let mut violations: Vec<_> = empty.collect();
    if files.is_empty() {
        violations.push(Violation::new(
            "rooms",
            "no source file was found",
            "repair the walk through the files",
        ));
    }
    for file in files {
        violations.extend(length(file));
        violations.extend(caption(file));
        violations.extend(empty_name(file));
        violations.extend(unfinished(file));
    }
    violations
}

fn length(file: &SourceFile) -> Option<Violation> {
    let lines = file.text.lines().count();
    (lines > MOST_LINES).then(|| {
        Violation::new(
            &file.path,
            format!("has {lines} lines, the limit is {MOST_LINES}"),
            "cut it where it holds two ideas",
        )
    })
}

/// A file begins with its caption. Attributes of the whole crate may stand before it, where a crate begins.
fn caption(file: &SourceFile) -> Option<Violation> {
    if !file.path.starts_with("crates/") {
        return None;
    }
    let begins_a_crate = file.path.ends_with("/lib.rs") || file.text.starts_with("#![cfg(test)]");
    let first = file.text.lines().find(|line| !(begins_a_crate && is_attribute_or_empty(line)));
    let has_caption = first.is_some_and(|line| line.starts_with("//! ") || line.starts_with("#![doc"));
    (!has_caption).then(|| {
        Violation::new(
            &file.path,
            "does not begin with a caption",
            "say on a first line `//! ...` what it holds",
        )
    })
}

fn is_attribute_or_empty(line: &str) -> bool {
    // `#![doc = include_str!(...)]` is a caption in itself.
    line.trim().is_empty() || (line.starts_with("#![") && !line.starts_with("#![doc"))
}

fn empty_name(file: &SourceFile) -> Option<Violation> {
    let parts = file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let found = parts.rev().find(|part| EMPTY_NAMES.contains(part))?;
    Some(Violation::new(
        &file.path,
        format!("is called `{found}`, which says nothing"),
        "name it after what it holds",
    ))
}

fn unfinished(file: &SourceFile) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        for (mark, remedy) in UNFINISHED.iter().filter(|(mark, _)| line.contains(mark)) {
            violations.push(Violation::new(
                format!("{}:{number}", file.path),
                format!("has `{mark}`"),
                *remedy,
            ));
        }
    }
    violations
}

#[cfg(test)]
#[path = "rooms_tests.rs"]
mod tests;
