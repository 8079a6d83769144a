//! What a source file has to keep to.

use crate::report::Violation;

/// A file of Rust source.
pub(super) struct Room {
    /// From the root of the workspace, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

const MOST_LINES: usize = 400;

/// Names that say nothing about what is in a file or folder.
const EMPTY_NAMES: &[&str] = &["utils", "common", "helpers", "manager"];

/// Marks of something unfinished. Cut in two, so that this file does not hold them.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("to", "do!"), "finish it, or leave it out"),
    (concat!("#[ig", "nore"), "repair the test, or remove it"),
];

/// Checks the files. `folders` are those that must hold some, so that a wrong path does not pass.
pub(super) fn check(rooms: &[Room], folders: &[String]) -> Vec<Violation> {
    let is_empty = |folder: &&String| !rooms.iter().any(|room| room.path.starts_with(folder.as_str()));
    let empty = folders.iter().filter(is_empty).map(|folder| {
        Violation::new(folder, "no source file was found there", "repair the walk through the files")
    });
    let mut violations: Vec<_> = empty.collect();
    if rooms.is_empty() {
        violations.push(Violation::new(
            "rooms",
            "no source file was found",
            "repair the walk through the files",
        ));
    }
    for room in rooms {
        violations.extend(length(room));
        violations.extend(caption(room));
        violations.extend(empty_name(room));
        violations.extend(unfinished(room));
    }
    violations
}

fn length(room: &Room) -> Option<Violation> {
    let lines = room.text.lines().count();
    (lines > MOST_LINES).then(|| {
        Violation::new(
            &room.path,
            format!("has {lines} lines, the limit is {MOST_LINES}"),
            "cut it where it holds two ideas",
        )
    })
}

/// A file begins with its caption. Attributes of the whole crate may stand before it, where a crate begins.
fn caption(room: &Room) -> Option<Violation> {
    if !room.path.starts_with("crates/") {
        return None;
    }
    let begins_a_crate = room.path.ends_with("/lib.rs") || room.text.starts_with("#![cfg(test)]");
    let first = room.text.lines().find(|line| !(begins_a_crate && is_attribute_or_empty(line)));
    let has_caption = first.is_some_and(|line| line.starts_with("//! ") || line.starts_with("#![doc"));
    (!has_caption).then(|| {
        Violation::new(
            &room.path,
            "does not begin with a caption",
            "say on a first line `//! ...` what it holds",
        )
    })
}

fn is_attribute_or_empty(line: &str) -> bool {
    // `#![doc = include_str!(...)]` is a caption in itself.
    line.trim().is_empty() || (line.starts_with("#![") && !line.starts_with("#![doc"))
}

fn empty_name(room: &Room) -> Option<Violation> {
    let parts = room.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let found = parts.rev().find(|part| EMPTY_NAMES.contains(part))?;
    Some(Violation::new(
        &room.path,
        format!("is called `{found}`, which says nothing"),
        "name it after what it holds",
    ))
}

fn unfinished(room: &Room) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, line) in (1..).zip(room.text.lines()) {
        for (mark, remedy) in UNFINISHED.iter().filter(|(mark, _)| line.contains(mark)) {
            violations.push(Violation::new(
                format!("{}:{number}", room.path),
                format!("has `{mark}`"),
                *remedy,
            ));
        }
    }
    violations
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
