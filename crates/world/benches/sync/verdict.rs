//! Prints figures beside their promises.

use std::{fmt, time::Duration};

/// Compares figures with promises. Promises are judged only in the full size, for which they were made.
pub(crate) struct Judge {
    pub(crate) full_size: bool,
}

impl Judge {
    /// Prints a figure, the most that was promised, and the verdict.
    pub(crate) fn at_most<T: PartialOrd + fmt::Debug + Copy>(&self, what: &str, found: T, most: T) {
        let verdict = match found <= most {
            _ if !self.full_size => "not judged in this size",
            true => "met",
            false => "MISSED",
        };
        line(what, format_args!("{found:.2?} (promised: at most {most:?}): {verdict}"));
    }
}

/// Prints a figure.
pub(crate) fn line(what: &str, figure: impl fmt::Display) {
    println!("  {what}: {figure}");
}

/// The ratio of two times, as text.
pub(crate) fn times(of: Duration, than: Duration) -> String {
    format!("{:.1} times", of.as_secs_f64() / than.as_secs_f64().max(1e-9))
}
