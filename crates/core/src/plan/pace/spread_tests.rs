//! Mass renewals, spread.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::testing::now;

#[test]
fn s23_rule_the_renewal_of_5000_apps_stays_under_the_rate_in_every_second() {
    let limits = PaceLimits::default();
    for over in [TimeDelta::zero(), TimeDelta::minutes(1), TimeDelta::hours(8)] {
        let times: Vec<_> = spread(5_000, now(), over, &limits).collect();
        assert_eq!(times.len(), 5_000);
        let most = (0..times.len())
            .map(|n| times[n..].iter().take_while(|at| **at < times[n] + TimeDelta::seconds(1)).count())
            .max();
        assert!(most <= Some(15), "{most:?} in one second");
    }
}

#[test]
fn s23_rule_a_renewal_that_is_asked_for_at_once_leaves_the_bucket_at_no_more_than_the_rate() {
    let mut pace = Pace::new(PaceLimits::default(), now());
    let (mut at, mut sent) = (now(), Vec::new());
    while sent.len() < 5_000 {
        match pace.take(Call::Write, at) {
            Permit::Granted => sent.push(at),
            Permit::WaitUntil { at: then } => at = then,
            other => panic!("{other:?}"),
        }
    }
    for (n, from) in sent.iter().enumerate() {
        let end = *from + TimeDelta::seconds(1);
        assert!(sent[n..].iter().take_while(|at| **at < end).count() <= 15);
    }
}

#[test]
fn requests_are_spread_evenly_from_the_first_moment_to_before_the_last() {
    let hour = TimeDelta::hours(1);
    let times: Vec<_> = spread(60, now(), hour, &PaceLimits::default()).collect();
    assert_eq!(times[0], now());
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == TimeDelta::minutes(1)));
    assert!(times[59] < now() + hour);
}

#[test]
fn nothing_to_spread_has_no_times_and_the_end_of_the_calendar_ends_them() {
    let limits = PaceLimits::default();
    assert_eq!(spread(0, now(), TimeDelta::hours(1), &limits).count(), 0);
    assert_eq!(spread(10, DateTime::<Utc>::MAX_UTC, TimeDelta::hours(1), &limits).count(), 1);
    assert_eq!(spread(2, now(), TimeDelta::MIN, &limits).step(), limits.interval());
    assert!(spread(u32::MAX, now(), TimeDelta::MAX, &limits).step() > limits.interval());
}
