//! A location's pace: parallel reads, and Apple's word to stop.

use chrono::TimeDelta;

use super::*;
use crate::testing::now;

fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}

fn rested() -> Pace {
    Pace::new(PaceLimits::new(100, 50, 5).unwrap(), now() - seconds(60))
}

#[test]
fn a_sixth_read_waits_until_one_has_ended_and_a_write_does_not() {
    let mut pace = rested();
    for _ in 0..5 {
        assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
    }
    assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
    assert_eq!(pace.take(Call::Write, now()), Permit::Granted);
    pace.read_ended();
    assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
    assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
}

#[test]
fn a_read_that_ends_twice_does_not_make_room_for_more() {
    let mut pace = rested();
    pace.read_ended();
    let granted = (0..10).filter(|_| pace.take(Call::Read, now()) == Permit::Granted).count();
    assert_eq!(granted, 5);
}

#[test]
fn retry_after_stops_this_location_until_it_is_over_and_no_other() {
    let (mut stopped, mut other) = (rested(), rested());
    stopped.stop(seconds(120), now());
    let until = now() + seconds(120);
    for at in [now(), until - TimeDelta::nanoseconds(1)] {
        for call in [Call::Read, Call::Write] {
            assert_eq!(stopped.take(call, at), Permit::Stopped { until });
            assert_eq!(other.take(call, at), Permit::Granted);
        }
    }
    assert_eq!(stopped.take(Call::Write, until), Permit::Granted);
}

#[test]
fn a_shorter_wait_does_not_shorten_a_longer_one_and_no_wait_is_none() {
    let mut pace = rested();
    pace.stop(seconds(0), now());
    pace.stop(seconds(-5), now());
    assert_eq!(pace.take(Call::Write, now()), Permit::Granted);
    pace.stop(seconds(120), now());
    pace.stop(seconds(1), now());
    assert_eq!(pace.take(Call::Write, now()), Permit::Stopped { until: now() + seconds(120) });
}

#[test]
fn what_is_left_of_a_stop_stays_when_the_clock_jumps_back() {
    let mut pace = rested();
    pace.stop(seconds(120), now());
    let past = now() - TimeDelta::days(400);
    assert_eq!(pace.take(Call::Write, past), Permit::Stopped { until: past + seconds(120) });
    assert!(matches!(pace.take(Call::Write, past + seconds(121)), Permit::Granted));
}

#[test]
fn a_wait_beyond_the_calendar_is_a_stop_and_nothing_breaks() {
    let mut pace = rested();
    pace.stop(TimeDelta::MAX, now());
    assert!(matches!(pace.take(Call::Write, now() + TimeDelta::days(36_500)), Permit::Stopped { .. }));
}

#[test]
fn new_limits_keep_what_is_under_way() {
    let mut pace = rested();
    for _ in 0..3 {
        assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
    }
    pace.set_limits(PaceLimits::new(100, 50, 2).unwrap());
    assert_eq!(pace.take(Call::Read, now()), Permit::WaitForRead);
    pace.read_ended();
    pace.read_ended();
    assert_eq!(pace.take(Call::Read, now()), Permit::Granted);
}
