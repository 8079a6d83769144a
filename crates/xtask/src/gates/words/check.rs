//! Every file of the workspace against the table of replaced words.

use std::collections::BTreeSet;

use super::{
    matcher::{Hit, Matcher},
    pieces::{Piece, pieces},
    table::{ALLOWED, EXEMPT, Kind, ROWS, Row},
};
use crate::{
    error::TaskError,
    report::{Report, Violation},
    source::{SourceFile, gather},
    workspace::Workspace,
};

/// The ends of the files that are read, and what must have one of them: a walk that misses a kind of file would pass.
const READ: &[(&str, &[&str])] = &[
    (".rs", &["crates/core/", "crates/xtask/", "tests/", "examples/", "benches/"]),
    (".sql", &["crates/store/"]),
    (".toml", &["crates/core/", "clippy.toml"]),
    (".json", &["tests/vectors/"]),
    (".md", &["docs/", "README.md", "CHANGELOG.md"]),
    (".sh", &[]),
    (".ci/run", &[".ci/"]),
];

const REPAIR: &str = "repair the list in crates/xtask/src/gates/words";

/// Checks the workspace.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let files = gather(workspace.root(), |path| READ.iter().any(|(end, _)| path.ends_with(end)))?;
    let note = format!("{} files, {} rows of replaced words", files.len(), ROWS.len());
    Ok(Report::new(note, [not_found(&files), check(ROWS, ALLOWED, &files)].concat()))
}

/// What should have been read and was not.
fn not_found(files: &[SourceFile]) -> Vec<Violation> {
    let wanted = READ.iter().flat_map(|(end, folders)| folders.iter().map(move |folder| (*end, *folder)));
    let missing = wanted.filter(|(end, folder)| {
        !files.iter().any(|file| file.path.starts_with(folder) && file.path.ends_with(end))
    });
    let missing = missing
        .map(|(end, folder)| Violation::new(folder, format!("no file `*{end}` was found there"), REPAIR));
    let exempt = EXEMPT.iter().filter(|path| !files.iter().any(|file| file.path == **path));
    let exempt = exempt.map(|path| Violation::new(*path, "is exempt and does not exist", REPAIR));
    missing.chain(exempt).collect()
}

fn check(rows: &[Row], allowed: &[(&str, &str)], files: &[SourceFile]) -> Vec<Violation> {
    let mut matcher = Matcher::new(rows);
    let mut used = BTreeSet::new();
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| !EXEMPT.contains(&file.path.as_str())) {
        let lines: Vec<_> = file.text.lines().collect();
        let mut told = BTreeSet::new();
        for (piece, hit) in matcher.find(&pieces(file)) {
            if !hit.row.scope.holds(&file.path) {
                continue;
            }
            let line = lines.get(piece.line.saturating_sub(1)).copied().unwrap_or_default();
            if let Some(at) =
                allowed.iter().position(|(path, text)| *path == file.path && line.contains(text))
            {
                used.insert(at);
            } else if told.insert((piece.line, piece.text.to_lowercase(), hit.word.to_lowercase())) {
                violations.push(refuse(file, &piece, hit));
            }
        }
    }
    for (_, (path, text)) in allowed.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        violations.push(Violation::new(*path, format!("no line with `{text}` needs to be allowed"), REPAIR));
    }
    violations
}

fn refuse(file: &SourceFile, piece: &Piece<'_>, hit: Hit<'_>) -> Violation {
    let where_in = if piece.text == hit.word || hit.row.kind == Kind::Prose {
        String::new()
    } else {
        format!(" in `{}`", piece.text)
    };
    Violation::new(
        format!("{}:{}", file.path, piece.line),
        format!("has the replaced word `{}`{where_in}", hit.word),
        format!("write: {}", hit.row.instead),
    )
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
