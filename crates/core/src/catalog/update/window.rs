//! When devices may be updated, in their local time.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Day, LocalTime};

/// A time on some days of the week in which devices may be updated, in their local time.
///
/// It begins at `from` on each of its days and ends before `to`; if `to` is not later than `from`, it ends on the next
/// day. So 22:00 to 04:00 crosses midnight, and equal times are 24 hours. What the clock on the device's wall shows
/// counts, also when clocks are changed: an hour that is left out is left out of the window, one that comes twice is
/// in it twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct UpdateWindow {
    days: BTreeSet<Day>,
    from: LocalTime,
    to: LocalTime,
}

/// Why a window cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpdateWindowError {
    /// It has no day, so it would never open.
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
    /// Checks a window.
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

    /// When it begins.
    #[must_use]
    pub const fn from(&self) -> LocalTime {
        self.from
    }

    /// When it has ended.
    #[must_use]
    pub const fn to(&self) -> LocalTime {
        self.to
    }

    /// Whether it ends on the day after it began.
    #[must_use]
    pub fn crosses_midnight(&self) -> bool {
        self.to <= self.from
    }

    /// Whether it is open when a clock on the wall shows this.
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

/// The stored form.
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
