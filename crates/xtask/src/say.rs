//! Talking: results on stdout, violations and troubles on stderr.

use std::io::{self, Write as _};

use crate::{error::TaskError, report::Report};

/// Says a line on stdout.
pub(crate) fn line(text: &str) -> Result<(), TaskError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(TaskError::Output)
}

/// Says a line on stderr.
pub(crate) fn to_stderr(text: &str) -> Result<(), TaskError> {
    writeln!(io::stderr().lock(), "{text}").map_err(TaskError::Output)
}

/// Says what a command found.
pub(crate) fn report(report: &Report) -> Result<(), TaskError> {
    for note in &report.notes {
        line(note)?;
    }
    for violation in &report.violations {
        to_stderr(&format!("error: {violation}"))?;
    }
    Ok(())
}
