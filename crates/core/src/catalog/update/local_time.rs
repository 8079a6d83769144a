//! A time of the day, as the clock on the wall shows it.

use std::{fmt, str::FromStr};

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A time of the day in a device's local time, to the minute, written `HH:MM` from `00:00` to `23:59`.
///
/// ```
/// use mdm_vpp_core::catalog::LocalTime;
///
/// let time: LocalTime = "22:30".parse()?;
/// assert_eq!(time.to_string(), "22:30");
/// assert!("24:00".parse::<LocalTime>().is_err());
/// # Ok::<(), mdm_vpp_core::catalog::LocalTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime(NaiveTime);

/// Why a text is no time of the day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is not a time of the day: write it as HH:MM, from 00:00 to 23:59")]
pub struct LocalTimeError {
    /// The text, cut after 40 characters.
    pub given: String,
}

impl LocalTimeError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "not_a_time"
    }
}

impl LocalTime {
    /// The time as chrono knows it.
    #[must_use]
    pub const fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two_digits = |digits: &str| match digits.len() {
            2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        text.split_once(':')
            .and_then(|(hours, minutes)| Some((two_digits(hours)?, two_digits(minutes)?)))
            .and_then(|(hours, minutes)| NaiveTime::from_hms_opt(hours, minutes, 0))
            .map(Self)
            .ok_or_else(|| LocalTimeError { given: text.chars().take(40).collect() })
    }
}

impl TryFrom<String> for LocalTime {
    type Error = LocalTimeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%H:%M").fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hours_and_minutes_of_a_day_are_taken() {
        for wrong in ["", "7:30", "07:3", "24:00", "12:60", "12:30:00", " 12:30", "+1:30", "１２:30"] {
            assert!(wrong.parse::<LocalTime>().is_err(), "{wrong:?} was taken");
        }
        for right in ["00:00", "23:59", "07:05"] {
            assert_eq!(right.parse::<LocalTime>().unwrap().to_string(), right);
        }
    }
}
