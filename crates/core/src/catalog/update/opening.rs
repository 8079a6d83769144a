//! When update windows are open in a time zone, and when one opens next, also across changes of the clocks.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};

use super::{Day, UpdateWindow};

/// Days ahead in which an opening is looked for. Ours: a weekly window may be skipped once when clocks are put forward,
/// so its next opening is at most two weeks away, plus a day on either side.
const DAYS_AHEAD: usize = 16;

/// The local time in a zone; `None` when it cannot be represented.
fn local<Tz: TimeZone>(zone: &Tz, at: DateTime<Utc>) -> Option<NaiveDateTime> {
    at.naive_utc().checked_add_offset(zone.offset_from_utc_datetime(&at.naive_utc()).fix())
}

/// Whether any of the windows is open; `None` when the local time cannot be represented.
pub(super) fn is_open<Tz: TimeZone>(windows: &[UpdateWindow], zone: &Tz, at: DateTime<Utc>) -> Option<bool> {
    let local = local(zone, at)?;
    Some(windows.iter().any(|window| window.is_open_at(local)))
}

/// When any of the windows opens next after `now` (UTC), while none is open; `None` if none does within two weeks.
///
/// The short way works nearly always. The search is needed only where clocks are changed before the opening.
pub(super) fn next_opening<Tz: TimeZone>(
    windows: &[UpdateWindow],
    zone: &Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    steady_opening(windows, zone, now).or_else(|| searched_opening(windows, zone, now))
}

/// The next opening found by a search through the moments at which a window may open, for clocks of any kind.
pub(super) fn searched_opening<Tz: TimeZone>(
    windows: &[UpdateWindow],
    zone: &Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let day_ago = local(zone, now)?.checked_sub_days(Days::new(1))?;
    let on = |date: NaiveDate| {
        let begins = windows.iter().filter(move |window| window.days().contains(&Day::of(date)));
        // Clocks are never put back by more than a day, so a window that ended a day ago does not open again.
        let ahead = begins.filter(move |window| end(window, date).is_some_and(|end| end > day_ago));
        let moments = ahead.flat_map(move |window| moments(window, zone, date));
        moments.flatten().filter(|at| *at > now && is_open(windows, zone, *at) == Some(true)).min()
    };
    let mut days = day_ago.date().iter_days().take(DAYS_AHEAD);
    while let Some(date) = days.next() {
        if let Some(first) = on(date) {
            // A window of this date that crosses midnight may open at its end, when clocks are put back into it. A
            // window of the next date may open before that.
            let other = windows.iter().any(UpdateWindow::crosses_midnight).then(|| days.next().and_then(on));
            return Some(other.flatten().map_or(first, |other| other.min(first)));
        }
    }
    None
}

/// The end of a window that begins on a date, in local time.
fn end(window: &UpdateWindow, date: NaiveDate) -> Option<NaiveDateTime> {
    let last_date = if window.crosses_midnight() { date.succ_opt() } else { Some(date) };
    last_date.map(|date| date.and_time(window.to().time()))
}

/// The moments at which a window that begins on a date may open: its beginning, which occurs twice when clocks are put
/// back over it; the change itself when clocks are put forward over the beginning; the change when clocks are put back
/// from after the window into it.
fn moments<Tz: TimeZone>(window: &UpdateWindow, zone: &Tz, date: NaiveDate) -> [Option<DateTime<Utc>>; 3] {
    let begin = date.and_time(window.from().time());
    let (first, second) = match zone.from_local_datetime(&begin) {
        MappedLocalTime::Single(at) => (Some(at.to_utc()), None),
        MappedLocalTime::Ambiguous(first, second) => (Some(first.to_utc()), Some(second.to_utc())),
        MappedLocalTime::None => (put_forward(zone, begin), None),
    };
    // The last nanosecond inside the window: if that occurs twice, clocks were put back into the window.
    let last = end(window, date).and_then(|end| end.checked_sub_signed(TimeDelta::nanoseconds(1)));
    let put_back = match last.map(|last| zone.from_local_datetime(&last)) {
        Some(MappedLocalTime::Ambiguous(first, second)) => {
            Some(change_between(zone, first.to_utc(), second.to_utc()))
        }
        _ => None,
    };
    [first, second, put_back]
}

/// When clocks are put forward over a local time, so that it does not exist.
fn put_forward<Tz: TimeZone>(zone: &Tz, missing: NaiveDateTime) -> Option<DateTime<Utc>> {
    let day_before = missing.checked_sub_days(Days::new(1))?;
    let offset = zone.offset_from_utc_datetime(&day_before).fix();
    let after = missing.checked_sub_offset(offset)?.and_utc();
    Some(change_between(zone, after.checked_sub_days(Days::new(1))?, after))
}

/// The second at which the offset changes between two moments, by bisection.
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

/// The next opening if clocks are not changed before it, found by arithmetic alone; `None` if they are.
pub(super) fn steady_opening<Tz: TimeZone>(
    windows: &[UpdateWindow],
    zone: &Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let offset_at = |at: &DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let offset = offset_at(&now);
    let local = now.naive_utc().checked_add_offset(offset)?;
    let begin = windows.iter().filter_map(|window| next_begin(window, local)).min()?;
    let opening = begin.checked_sub_offset(offset)?.and_utc();
    // One look a day is enough, because clocks are never changed and changed back within a day.
    let days_on = std::iter::successors(Some(now), |at| at.checked_add_days(Days::new(1)));
    let between = days_on.skip(1).take_while(|at| *at < opening);
    between.chain([opening]).all(|at| offset_at(&at) == offset).then_some(opening)
}

/// The next beginning of a window after a local time.
fn next_begin(window: &UpdateWindow, local: NaiveDateTime) -> Option<NaiveDateTime> {
    let from = window.from().time();
    let begun_today = usize::from(from <= local.time());
    let mut week = local.date().iter_days().skip(begun_today).take(Day::ALL.len());
    week.find(|date| window.days().contains(&Day::of(*date))).map(|date| date.and_time(from))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use crate::catalog::update::testing::*;

    use super::*;

    fn any_window() -> impl Strategy<Value = UpdateWindow> {
        let days = prop::collection::btree_set(prop::sample::select(Day::ALL.to_vec()), 1..4);
        let time = || (0u32..24, 0u32..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
        // Half of the windows begin around the hours in which clocks are changed.
        let from = prop_oneof![
            (1u32..4, 0u32..60).prop_map(|(hour, minute)| format!("0{hour}:{minute:02}")),
            time()
        ];
        (days, from, time()).prop_map(|(days, from, to)| {
            UpdateWindow::new(days, from.parse().unwrap(), to.parse().unwrap()).unwrap()
        })
    }

    #[test]
    fn a_change_of_clocks_before_the_opening_gives_no_answer() {
        let noon = window(&Day::ALL, "12:00", "13:00");
        let opening = |now| steady_opening(std::slice::from_ref(&noon), &BERLIN, at(now));
        assert_eq!(opening("2027-03-26T13:00:00Z"), Some(at("2027-03-27T11:00:00Z")));
        assert_eq!(opening("2027-03-27T13:00:00Z"), None);
        assert_eq!(opening("2027-03-28T01:00:00Z"), Some(at("2027-03-28T10:00:00Z")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_short_way_finds_what_the_search_finds(
            windows in prop::collection::vec(any_window(), 1..4),
            shift_minutes in prop::sample::select(vec![30, 60, 120]),
            // 1,806,195,600 and 1,824,944,400 are the seconds at which clocks are changed.
            change in prop::sample::select(vec![1_806_195_600i64, 1_824_944_400]),
            minutes in -12 * 1440i64..3 * 1440,
        ) {
            let zone = Zone { shift_minutes };
            let now = DateTime::from_timestamp(change, 0).unwrap() + TimeDelta::minutes(minutes);
            prop_assume!(is_open(&windows, &zone, now) == Some(false));
            if let Some(short) = steady_opening(&windows, &zone, now) {
                prop_assert_eq!(Some(short), searched_opening(&windows, &zone, now));
            }
        }
    }
}
