//! What a command found, and how it is printed: results on stdout, violations and errors on stderr.

use std::{
    fmt,
    io::{self, Write as _},
};

use crate::error::TaskError;

/// Something that breaks a rule of this workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Where: a file, a crate or a command.
    pub(crate) place: String,
    /// What is wrong there.
    pub(crate) what: String,
    /// What to do.
    pub(crate) remedy: String,
}

impl Violation {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}; {}", self.place, self.what, self.remedy);
        f.write_str(&line.replace(['\n', '\r'], " "))
    }
}

/// The result of a command: facts worth knowing, and violations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Report {
    /// Facts, one line each.
    pub(crate) notes: Vec<String>,
    /// Empty when the command passed.
    pub(crate) violations: Vec<Violation>,
}

impl Report {
    /// A report with one fact.
    pub(crate) fn new(note: impl Into<String>, violations: Vec<Violation>) -> Self {
        Self { notes: vec![note.into()], violations }
    }

    pub(crate) fn passed(&self) -> bool {
        self.violations.is_empty()
    }

    /// Prints the facts on stdout and the violations on stderr.
    pub(crate) fn print(&self) -> Result<(), TaskError> {
        for note in &self.notes {
            print(note)?;
        }
        for violation in &self.violations {
            print_error(&format!("error: {violation}"))?;
        }
        Ok(())
    }
}

/// Prints a line on stdout.
pub(crate) fn print(text: &str) -> Result<(), TaskError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(TaskError::Output)
}

/// Prints a line on stderr.
pub(crate) fn print_error(text: &str) -> Result<(), TaskError> {
    writeln!(io::stderr().lock(), "{text}").map_err(TaskError::Output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_one_line_of_where_what_and_what_to_do() {
        let violation = Violation::new("crates/core", "too\nlarge", "make it smaller");
        assert_eq!(violation.to_string(), "crates/core: too large; make it smaller");
    }
}
