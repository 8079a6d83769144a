//! Windows in local time, on ordinary days and when clocks are changed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    opening::{is_open, next_opening},
    testing::*,
    *,
};

const ALL: [Day; 7] = Day::ALL;

fn open(window: &UpdateWindow, zone: Zone, time: &str) -> bool {
    is_open(std::slice::from_ref(window), &zone, at(time)).unwrap()
}

fn next(window: &UpdateWindow, zone: Zone, time: &str) -> Option<DateTime<Utc>> {
    next_opening(std::slice::from_ref(window), &zone, at(time))
}

#[test]
fn p14_rule_a_window_is_open_from_its_first_minute_to_before_its_last_in_local_time() {
    let office = window(&[Day::Monday, Day::Friday], "09:00", "17:30");
    // Monday, 4 January 2027; Berlin is an hour ahead of UTC.
    for (time, expected) in [
        ("2027-01-04T07:59:59Z", false),
        ("2027-01-04T08:00:00Z", true),
        ("2027-01-04T16:29:59Z", true),
        ("2027-01-04T16:30:00Z", false),
        ("2027-01-05T10:00:00Z", false),
        ("2027-01-08T10:00:00Z", true),
    ] {
        assert_eq!(open(&office, BERLIN, time), expected, "{time}");
    }
    assert_eq!(next(&office, BERLIN, "2027-01-04T16:30:00Z"), Some(at("2027-01-08T08:00:00Z")));
    assert_eq!(next(&office, BERLIN, "2027-01-04T07:59:59Z"), Some(at("2027-01-04T08:00:00Z")));
}

#[test]
fn p14_rule_a_window_that_crosses_midnight_belongs_to_the_day_on_which_it_begins() {
    let night = window(&[Day::Friday], "22:00", "04:00");
    for (time, expected) in [
        ("2027-01-08T02:00:00Z", false), // Friday, 03:00
        ("2027-01-08T21:00:00Z", true),  // Friday, 22:00
        ("2027-01-09T02:59:59Z", true),  // Saturday, 03:59:59
        ("2027-01-09T03:00:00Z", false), // Saturday, 04:00
        ("2027-01-09T21:30:00Z", false), // Saturday, 22:30
    ] {
        assert_eq!(open(&night, BERLIN, time), expected, "{time}");
    }
    assert_eq!(next(&night, BERLIN, "2027-01-09T03:00:00Z"), Some(at("2027-01-15T21:00:00Z")));
}

#[test]
fn equal_times_are_a_window_of_24_hours() {
    let day = window(&[Day::Sunday], "12:00", "12:00");
    assert!(!open(&day, BERLIN, "2027-01-10T10:59:59Z"));
    assert!(open(&day, BERLIN, "2027-01-10T11:00:00Z"));
    assert!(open(&day, BERLIN, "2027-01-11T10:59:59Z"));
    assert!(!open(&day, BERLIN, "2027-01-11T11:00:00Z"));
}

#[test]
fn p14_rule_a_window_whose_beginning_is_left_out_opens_when_clocks_have_been_put_forward() {
    // 02:30 does not exist on 28 March 2027: clocks go from 02:00 to 03:00 at 01:00 UTC.
    let early = window(&ALL, "02:30", "04:00");
    assert_eq!(next(&early, BERLIN, "2027-03-28T00:59:00Z"), Some(at("2027-03-28T01:00:00Z")));
    assert!(!open(&early, BERLIN, "2027-03-28T00:59:59Z"));
    assert!(open(&early, BERLIN, "2027-03-28T01:00:00Z"));
    assert!(!open(&early, BERLIN, "2027-03-28T02:00:00Z"));
    assert_eq!(next(&early, BERLIN, "2027-03-27T12:00:00Z"), Some(at("2027-03-28T01:00:00Z")));
}

#[test]
fn p14_rule_a_window_that_is_left_out_as_a_whole_does_not_open_that_day() {
    let gone = window(&ALL, "02:00", "03:00");
    assert_eq!(next(&gone, BERLIN, "2027-03-27T12:00:00Z"), Some(at("2027-03-29T00:00:00Z")));
    let weekly = window(&[Day::Sunday], "02:00", "03:00");
    assert_eq!(next(&weekly, BERLIN, "2027-03-21T12:00:00Z"), Some(at("2027-04-04T00:00:00Z")));
}

#[test]
fn p14_rule_an_hour_that_comes_twice_is_in_the_window_twice() {
    // Clocks go from 03:00 back to 02:00 on 31 October 2027 at 01:00 UTC.
    let twice = window(&ALL, "02:15", "02:45");
    for (time, expected) in [
        ("2027-10-31T00:14:59Z", false),
        ("2027-10-31T00:15:00Z", true),
        ("2027-10-31T00:45:00Z", false),
        ("2027-10-31T01:14:59Z", false),
        ("2027-10-31T01:15:00Z", true),
        ("2027-10-31T01:45:00Z", false),
    ] {
        assert_eq!(open(&twice, BERLIN, time), expected, "{time}");
    }
    assert_eq!(next(&twice, BERLIN, "2027-10-31T00:00:00Z"), Some(at("2027-10-31T00:15:00Z")));
    assert_eq!(next(&twice, BERLIN, "2027-10-31T00:45:00Z"), Some(at("2027-10-31T01:15:00Z")));
    assert_eq!(next(&twice, BERLIN, "2027-10-31T01:45:00Z"), Some(at("2027-11-01T01:15:00Z")));
}

#[test]
fn p14_rule_a_window_opens_anew_when_clocks_are_put_back_into_it() {
    let until_half_past = window(&ALL, "01:00", "02:30");
    assert!(!open(&until_half_past, BERLIN, "2027-10-31T00:30:00Z"));
    assert_eq!(next(&until_half_past, BERLIN, "2027-10-31T00:30:00Z"), Some(at("2027-10-31T01:00:00Z")));
    assert!(open(&until_half_past, BERLIN, "2027-10-31T01:29:59Z"));
    assert!(!open(&until_half_past, BERLIN, "2027-10-31T01:30:00Z"));
}

#[test]
fn the_next_opening_is_the_first_moment_at_which_a_window_is_open_whatever_clocks_do() {
    let windows = [
        window(&ALL, "02:30", "04:00"),
        window(&ALL, "01:00", "02:20"),
        window(&[Day::Sunday], "02:40", "02:50"),
        window(&[Day::Saturday], "23:30", "02:10"),
        window(&[Day::Saturday, Day::Monday], "03:00", "02:30"),
        window(&ALL, "00:00", "23:59"),
    ];
    for shift_minutes in [30, 60, 120] {
        let zone = Zone { shift_minutes };
        for noon in ["2027-03-27T12:00:00Z", "2027-10-30T12:00:00Z"] {
            for window in &windows {
                let windows = std::slice::from_ref(window);
                // Asked at each minute that is closed, the answer is the next minute that is open.
                let mut first_open = None;
                for minute in (0..2 * 1440i64).rev() {
                    let now = at(noon) + TimeDelta::minutes(minute);
                    if is_open(windows, &zone, now) == Some(true) {
                        first_open = Some(now);
                    } else if let Some(expected) = first_open {
                        assert_eq!(
                            next_opening(windows, &zone, now),
                            Some(expected),
                            "{window:?} at {now}, clocks changed by {shift_minutes} minutes"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_first_of_several_windows_opens_first() {
    let windows = [window(&[Day::Friday], "22:00", "23:00"), window(&[Day::Wednesday], "06:00", "07:00")];
    let monday = at("2027-01-04T12:00:00Z");
    assert_eq!(next_opening(&windows, &BERLIN, monday), Some(at("2027-01-06T05:00:00Z")));
}

#[test]
fn a_window_of_the_next_day_may_open_before_one_that_began_the_day_before_opens_anew() {
    // At 03:00 clocks are put back to 02:00 and so into the first window, which closed at 02:30.
    let windows = [window(&[Day::Saturday], "23:30", "02:30"), window(&[Day::Sunday], "02:45", "02:50")];
    assert_eq!(next_opening(&windows, &BERLIN, at("2027-10-31T00:35:00Z")), Some(at("2027-10-31T00:45:00Z")));
    assert_eq!(next_opening(&windows, &BERLIN, at("2027-10-31T00:50:00Z")), Some(at("2027-10-31T01:00:00Z")));
}

#[test]
fn a_window_without_a_day_is_refused() {
    let times = || ("01:00".parse().unwrap(), "02:00".parse().unwrap());
    let (from, to) = times();
    assert_eq!(UpdateWindow::new([].into(), from, to), Err(UpdateWindowError::NoDay));
}
