//! Days of the week.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Serialize;

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
    /// The week, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day of a date.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_week_and_the_day_before_is_the_day_before() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (day, date) in Day::ALL.into_iter().zip(monday.iter_days()) {
            assert_eq!(Day::of(date), day);
            assert_eq!(Day::of(date.pred_opt().unwrap()), day.before());
        }
    }
}
