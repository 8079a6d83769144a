//! The next opening while clocks are not changed: nearly always, and found without a walk through moments.

use chrono::{DateTime, Days, NaiveDateTime, Offset, TimeZone, Utc};

use super::{Day, UpdateWindow};

/// When any of the windows opens next after `now`, while none is open; `None` if clocks are changed before that.
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
    // Clocks are never changed and changed back within a day.
    let days_on = std::iter::successors(Some(now), |at| at.checked_add_days(Days::new(1)));
    let between = days_on.skip(1).take_while(|at| *at < opening);
    between.chain([opening]).all(|at| offset_at(&at) == offset).then_some(opening)
}

/// When a window begins next after a local time.
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

    use super::*;
    use crate::catalog::update::{
        opening::{is_open, walked_opening},
        testing::*,
    };

    fn any_window() -> impl Strategy<Value = UpdateWindow> {
        let days = prop::collection::btree_set(prop::sample::select(Day::ALL.to_vec()), 1..4);
        let time = || (0u32..24, 0u32..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
        // Around the hours in which clocks are changed, and anywhere.
        let from = prop_oneof![
            (1u32..4, 0u32..60).prop_map(|(hour, minute)| format!("0{hour}:{minute:02}")),
            time()
        ];
        (days, from, time()).prop_map(|(days, from, to)| {
            UpdateWindow::new(days, from.parse().unwrap(), to.parse().unwrap()).unwrap()
        })
    }

    #[test]
    fn where_clocks_are_changed_before_the_opening_nothing_is_said() {
        let noon = window(&Day::ALL, "12:00", "13:00");
        let opening = |now| steady_opening(std::slice::from_ref(&noon), &BERLIN, at(now));
        assert_eq!(opening("2027-03-26T13:00:00Z"), Some(at("2027-03-27T11:00:00Z")));
        assert_eq!(opening("2027-03-27T13:00:00Z"), None);
        assert_eq!(opening("2027-03-28T01:00:00Z"), Some(at("2027-03-28T10:00:00Z")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_short_way_ends_where_the_long_one_does(
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
                prop_assert_eq!(Some(short), walked_opening(&windows, &zone, now));
            }
        }
    }
}
