//! Dates as Apple's second API writes them.

use chrono::{DateTime, Utc};

/// UTC with a numeric offset without colon: `2030-11-08T22:33:22+0000`.
pub(crate) fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%z").to_string()
}
