//! When a window is open in a time zone, and when one opens next, clocks being changed included.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};

use super::{Day, UpdateWindow, steady::steady_opening};

/// How many days ahead an opening is looked for: two weeks, for a weekly window that is left out once because clocks
/// are changed.
const DAYS_AHEAD: usize = 16;

/// What a clock on the wall shows; `None` beyond the calendar.
fn local<Tz: TimeZone>(zone: &Tz, at: DateTime<Utc>) -> Option<NaiveDateTime> {
    at.naive_utc().checked_add_offset(zone.offset_from_utc_datetime(&at.naive_utc()).fix())
}

/// Whether any of the windows is open; `None` beyond the calendar.
pub(super) fn is_open<Tz: TimeZone>(windows: &[UpdateWindow], zone: &Tz, at: DateTime<Utc>) -> Option<bool> {
    let local = local(zone, at)?;
    Some(windows.iter().any(|window| window.is_open_at(local)))
}

/// When any of the windows opens next after `now`, while none is open; `None` if none does within two weeks.
pub(super) fn next_opening<Tz: TimeZone>(
    windows: &[UpdateWindow],
    zone: &Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    steady_opening(windows, zone, now).or_else(|| walked_opening(windows, zone, now))
}

/// The same for any clocks, by looking at each moment at which a window may open.
pub(super) fn walked_opening<Tz: TimeZone>(
    windows: &[UpdateWindow],
    zone: &Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let day_ago = local(zone, now)?.checked_sub_days(Days::new(1))?;
    let on = |date: NaiveDate| {
        let begins = windows.iter().filter(move |window| window.days().contains(&Day::of(date)));
        // Clocks are never put back by more than a day, so what ended a day ago does not come again.
        let ahead = begins.filter(move |window| end(window, date).is_some_and(|end| end > day_ago));
        let moments = ahead.flat_map(move |window| moments(window, zone, date));
        moments.flatten().filter(|at| *at > now && is_open(windows, zone, *at) == Some(true)).min()
    };
    let mut days = day_ago.date().iter_days().take(DAYS_AHEAD);
    while let Some(date) = days.next() {
        if let Some(first) = on(date) {
            // After a window that crosses midnight, one of the next day may still be earlier.
            let other = windows.iter().any(UpdateWindow::crosses_midnight).then(|| days.next().and_then(on));
            return Some(other.flatten().map_or(first, |other| other.min(first)));
        }
    }
    None
}

/// When a window that begins on a date has ended, in local time.
fn end(window: &UpdateWindow, date: NaiveDate) -> Option<NaiveDateTime> {
    let last_date = if window.crosses_midnight() { date.succ_opt() } else { Some(date) };
    last_date.map(|date| date.and_time(window.to().time()))
}

/// The moments at which a window that begins on a date may open: where it begins, once or twice; where clocks are put
/// forward over its beginning; where they are put back into it.
fn moments<Tz: TimeZone>(window: &UpdateWindow, zone: &Tz, date: NaiveDate) -> [Option<DateTime<Utc>>; 3] {
    let begin = date.and_time(window.from().time());
    let (first, second) = match zone.from_local_datetime(&begin) {
        MappedLocalTime::Single(at) => (Some(at.to_utc()), None),
        MappedLocalTime::Ambiguous(first, second) => (Some(first.to_utc()), Some(second.to_utc())),
        MappedLocalTime::None => (put_forward(zone, begin), None),
    };
    let last = end(window, date).and_then(|end| end.checked_sub_signed(TimeDelta::nanoseconds(1)));
    let put_back = match last.map(|last| zone.from_local_datetime(&last)) {
        Some(MappedLocalTime::Ambiguous(first, second)) => {
            Some(change_between(zone, first.to_utc(), second.to_utc()))
        }
        _ => None,
    };
    [first, second, put_back]
}

/// When clocks are put forward over a local time that does not exist.
fn put_forward<Tz: TimeZone>(zone: &Tz, missing: NaiveDateTime) -> Option<DateTime<Utc>> {
    let day_before = missing.checked_sub_days(Days::new(1))?;
    let offset = zone.offset_from_utc_datetime(&day_before).fix();
    let after = missing.checked_sub_offset(offset)?.and_utc();
    Some(change_between(zone, after.checked_sub_days(Days::new(1))?, after))
}

/// The second at which the offset changes between two moments.
fn change_between<Tz: TimeZone>(zone: &Tz, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
    let offset = |at: i64| {
        let at = DateTime::from_timestamp(at, 0).unwrap_or(after);
        zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    };
    let (mut old, mut new) = (before.timestamp(), after.timestamp());
    let first = offset(old);
    while new.saturating_sub(old) > 1 {
        let middle = old.midpoint(new);
        if offset(middle) == first {
            old = middle;
        } else {
            new = middle;
        }
    }
    DateTime::from_timestamp(new, 0).unwrap_or(after)
}
