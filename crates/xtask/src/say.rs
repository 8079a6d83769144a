//! Talking: results on stdout, violations and troubles on stderr.

use std::io::{self, Write as _};

use crate::{report::Report, trouble::Trouble};

/// Says a line on stdout.
pub(crate) fn line(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Trouble::Talk)
}

/// Says a line on stderr.
pub(crate) fn to_stderr(text: &str) -> Result<(), Trouble> {
    writeln!(io::stderr().lock(), "{text}").map_err(Trouble::Talk)
}

/// Says what a command found.
pub(crate) fn report(report: &Report) -> Result<(), Trouble> {
    for note in &report.notes {
        line(note)?;
    }
    for violation in &report.violations {
        to_stderr(&format!("error: {violation}"))?;
    }
    Ok(())
}
