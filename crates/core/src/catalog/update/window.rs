//! Update windows: times of the week at which devices may be updated, in their local time.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A period on some days of the week in which devices may be updated, in their local time.
///
/// It begins at `from` on each of its days and ends before `to`. If `to` is not later than `from`, it ends on the next
/// day: 22:00 to 04:00 crosses midnight, and equal times are 24 hours. Only the local time counts, also when clocks are
/// changed: an hour that does not exist is missing from the window, an hour that occurs twice is in it twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct UpdateWindow {
    days: BTreeSet<Day>,
    from: LocalTime,
    to: LocalTime,
}

/// The refusal of an update window.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpdateWindowError {
    /// The window has no day, so it would never open.
    #[error("the update window has no day: name at least one day of the week")]
    NoDay,
}

impl UpdateWindowError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoDay => "window_without_day",
        }
    }
}

impl UpdateWindow {
    /// Checks a window and keeps it.
    ///
    /// ```
    /// use mdm_vpp_core::catalog::{Day, UpdateWindow};
    ///
    /// let nights = UpdateWindow::new(Day::ALL.into(), "22:00".parse()?, "04:00".parse()?)?;
    /// assert!(nights.crosses_midnight());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UpdateWindowError`] when it has no day.
    pub fn new(days: BTreeSet<Day>, from: LocalTime, to: LocalTime) -> Result<Self, UpdateWindowError> {
        if days.is_empty() { Err(UpdateWindowError::NoDay) } else { Ok(Self { days, from, to }) }
    }

    /// The days on which it begins.
    #[must_use]
    pub const fn days(&self) -> &BTreeSet<Day> {
        &self.days
    }

    /// The time at which it begins.
    #[must_use]
    pub const fn from(&self) -> LocalTime {
        self.from
    }

    /// The time before which it ends.
    #[must_use]
    pub const fn to(&self) -> LocalTime {
        self.to
    }

    /// Whether it ends on the day after it began.
    #[must_use]
    pub fn crosses_midnight(&self) -> bool {
        self.to <= self.from
    }

    /// Whether it is open at a local time.
    #[must_use]
    pub fn is_open_at(&self, local: NaiveDateTime) -> bool {
        let (today, time) = (Day::of(local.date()), local.time());
        let has_begun = time >= self.from.time();
        let has_not_ended = time < self.to.time();
        if self.crosses_midnight() {
            (has_begun && self.days.contains(&today))
                || (has_not_ended && self.days.contains(&today.before()))
        } else {
            has_begun && has_not_ended && self.days.contains(&today)
        }
    }
}

/// The stored form, whose days are not checked yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    days: BTreeSet<Day>,
    from: LocalTime,
    to: LocalTime,
}

impl TryFrom<Unchecked> for UpdateWindow {
    type Error = UpdateWindowError;

    fn try_from(window: Unchecked) -> Result<Self, Self::Error> {
        Self::new(window.days, window.from, window.to)
    }
}

impl From<UpdateWindow> for Unchecked {
    fn from(window: UpdateWindow) -> Self {
        Self { days: window.days, from: window.from, to: window.to }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

strict!(Day { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday });

impl Day {
    /// All days, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day of the week of a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }

    /// The day before.
    #[must_use]
    pub const fn before(self) -> Self {
        match self {
            Self::Monday => Self::Sunday,
            Self::Tuesday => Self::Monday,
            Self::Wednesday => Self::Tuesday,
            Self::Thursday => Self::Wednesday,
            Self::Friday => Self::Thursday,
            Self::Saturday => Self::Friday,
            Self::Sunday => Self::Saturday,
        }
    }
}

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

/// The refusal of a text that is not a time of the day.
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
    /// The time as a type of the crate `chrono`.
    #[must_use]
    pub const fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Chrono's own parser accepts one digit and signs, so the digits are checked here.
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
    fn each_date_has_its_day_and_the_day_before_it() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (day, date) in Day::ALL.into_iter().zip(monday.iter_days()) {
            assert_eq!(Day::of(date), day);
            assert_eq!(Day::of(date.pred_opt().unwrap()), day.before());
        }
    }

    #[test]
    fn only_hours_and_minutes_of_a_day_are_accepted() {
        for wrong in ["", "7:30", "07:3", "24:00", "12:60", "12:30:00", " 12:30", "+1:30", "１２:30"] {
            assert!(wrong.parse::<LocalTime>().is_err(), "{wrong:?} was taken");
        }
        for right in ["00:00", "23:59", "07:05"] {
            assert_eq!(right.parse::<LocalTime>().unwrap().to_string(), right);
        }
    }
}
