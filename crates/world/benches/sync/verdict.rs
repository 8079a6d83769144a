//! How figures are printed beside their promises.

use std::{fmt, time::Duration};

/// A line with a figure, its promise, and whether that was kept. Promises are judged in the size that they were made for.
pub(crate) struct Judge {
    pub(crate) full_size: bool,
}

impl Judge {
    /// At most so much.
    pub(crate) fn at_most<T: PartialOrd + fmt::Debug + Copy>(&self, what: &str, found: T, most: T) {
        let verdict = match found <= most {
            _ if !self.full_size => "not judged in this size",
            true => "met",
            false => "MISSED",
        };
        line(what, format_args!("{found:.2?} (promised: at most {most:?}): {verdict}"));
    }
}

/// A line with a figure.
pub(crate) fn line(what: &str, figure: impl fmt::Display) {
    println!("  {what}: {figure}");
}

/// How many times longer one takes than the other.
pub(crate) fn times(of: Duration, than: Duration) -> String {
    format!("{:.1} times", of.as_secs_f64() / than.as_secs_f64().max(1e-9))
}
