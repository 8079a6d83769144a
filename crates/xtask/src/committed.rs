//! Files that are generated and committed: written on demand, compared in CI.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    error::TaskError,
    report::{Report, Violation},
};

/// A file as it should be.
#[derive(Debug, Clone)]
pub(crate) struct Generated {
    /// From the root of the workspace.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Writes the files.
pub(crate) fn write(root: &Path, files: Vec<Generated>) -> Result<Report, TaskError> {
    let mut report = Report::default();
    for file in files {
        let path = root.join(&file.path);
        fs::write(&path, file.text).map_err(|source| TaskError::File { path, done: "written", source })?;
        report.notes.push(format!("{} written", file.path));
    }
    Ok(report)
}

/// Compares the files with those that are committed. `command` is what writes them.
pub(crate) fn check(root: &Path, files: &[Generated], command: &str) -> Result<Report, TaskError> {
    let mut report = Report::default();
    for file in files {
        let committed = read(root.join(&file.path))?;
        report.violations.extend(compare(file, committed.as_deref(), command));
        report.notes.push(format!("{} compared", file.path));
    }
    Ok(report)
}

/// Reads a file that may be missing.
fn read(path: PathBuf) -> Result<Option<String>, TaskError> {
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TaskError::File { path, done: "read", source }),
    }
}

fn compare(file: &Generated, committed: Option<&str>, command: &str) -> Option<Violation> {
    let remedy = format!("run `{command}` and commit it");
    let Some(committed) = committed else {
        return Some(Violation::new(&file.path, "is missing", remedy));
    };
    if committed == file.text {
        return None;
    }
    let same = lines_before(committed, &file.text);
    let what = match (committed.lines().nth(same), file.text.lines().nth(same)) {
        (None, None) => "differs in its line ends".into(),
        (has, wants) => format!("has {}, the code says {}", quoted(has), quoted(wants)),
    };
    Some(Violation::new(format!("{}:{}", file.path, same + 1), what, remedy))
}

fn lines_before(one: &str, other: &str) -> usize {
    one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count()
}

fn quoted(line: Option<&str>) -> String {
    line.map_or_else(|| "no more line".into(), |line| format!("`{line}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(committed: Option<&str>) -> Option<String> {
        let file = Generated { path: "docs/PAGE.md".into(), text: "one\ntwo\nthree\n".into() };
        compare(&file, committed, "cargo xtask docs").map(|violation| violation.to_string())
    }

    #[test]
    fn the_same_file_passes() {
        assert_eq!(judged(Some("one\ntwo\nthree\n")), None);
    }

    #[test]
    fn a_file_that_differs_is_red_with_its_first_differing_line() {
        for (committed, place, has) in [
            ("one\n2\n3\n", "docs/PAGE.md:2:", "has `2`, the code says `two`"),
            ("one\ntwo\n", "docs/PAGE.md:3:", "has no more line, the code says `three`"),
            ("one\ntwo\nthree\nfour\n", "docs/PAGE.md:4:", "has `four`, the code says no more line"),
            ("one\r\ntwo\r\nthree\r\n", "docs/PAGE.md:4:", "line ends"),
        ] {
            let violation = judged(Some(committed)).unwrap();
            assert!(violation.starts_with(place) && violation.contains(has), "{violation}");
            assert!(violation.contains("cargo xtask docs"), "{violation}");
        }
    }

    #[test]
    fn a_missing_file_is_red() {
        assert!(judged(None).unwrap().contains("missing"));
        let files = ["a.md", "b.md"].map(|path| Generated { path: path.into(), text: String::new() });
        let nowhere = check(Path::new("no/such/folder"), &files, "cargo xtask docs").unwrap();
        assert_eq!(nowhere.violations.len(), 2, "a wrong path does not pass");
    }
}
