//! A bucket through time, also through time that jumps.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::testing::now;

fn limits(per_second: u32, burst: u32) -> PaceLimits {
    PaceLimits::new(per_second, burst, 5).unwrap()
}

/// Asks as often as possible until a time, and says when calls left.
fn greedy(bucket: &mut Bucket, mut at: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut granted = Vec::new();
    while at < until {
        match bucket.take(at) {
            Take::Granted => granted.push(at),
            Take::WaitUntil(then) => {
                assert!(then > at);
                at = then;
            }
        }
    }
    granted
}

/// The largest number of grants in one second, from a grant up to, not including, a second later.
fn most_in_a_second(granted: &[DateTime<Utc>]) -> usize {
    let in_the_second_from = |n: usize| {
        let end = granted[n] + TimeDelta::seconds(1);
        granted[n..].iter().take_while(|at| **at < end).count()
    };
    (0..granted.len()).map(in_the_second_from).max().unwrap_or_default()
}

#[test]
fn a_new_bucket_is_empty_and_then_gives_the_steady_rate() {
    let limits = PaceLimits::default();
    let mut bucket = Bucket::empty(&limits, now());
    let granted = greedy(&mut bucket, now(), now() + TimeDelta::seconds(100));
    assert_eq!(granted[0], now() + limits.interval());
    assert_eq!(granted.len(), 1499);
}

#[test]
fn a_bucket_that_rested_gives_one_burst_and_no_second_holds_more_than_the_limit() {
    let mut bucket = Bucket::empty(&PaceLimits::default(), now());
    let rested = now() + TimeDelta::hours(1);
    let granted = greedy(&mut bucket, rested, rested + TimeDelta::seconds(10));
    assert_eq!(granted.iter().filter(|at| **at == rested).count(), 3);
    assert_eq!(most_in_a_second(&granted), 15);
}

#[test]
fn a_clock_that_jumps_years_ahead_gives_one_burst() {
    let mut bucket = Bucket::empty(&PaceLimits::default(), now());
    let future = now() + TimeDelta::days(36_500);
    assert_eq!(greedy(&mut bucket, future, future + TimeDelta::nanoseconds(1)).len(), 3);
}

#[test]
fn a_clock_that_jumps_back_empties_the_bucket_and_does_not_stall_it() {
    let limits = PaceLimits::default();
    let mut bucket = Bucket::empty(&limits, now());
    let _ = greedy(&mut bucket, now(), now() + TimeDelta::seconds(5));
    let past = now() - TimeDelta::days(365);
    assert_eq!(bucket.take(past), Take::WaitUntil(past + limits.interval()));
    assert_eq!(greedy(&mut bucket, past, past + TimeDelta::seconds(100)).len(), 1499);
}

#[test]
fn at_the_end_of_the_calendar_nothing_is_granted_and_nothing_breaks() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let mut bucket = Bucket::empty(&PaceLimits::default(), last);
    assert_eq!(bucket.take(last), Take::WaitUntil(last));
    assert!(matches!(bucket.take(first), Take::WaitUntil(at) if at > first));
    assert_eq!(bucket.take(last), Take::WaitUntil(last));
    let mut slow = Bucket::empty(&limits(u32::MAX, u32::MAX), first);
    assert_ne!(slow.take(first), Take::Granted);
}

#[test]
fn a_lower_limit_holds_from_the_next_call_on() {
    let mut bucket = Bucket::empty(&PaceLimits::default(), now());
    let _ = greedy(&mut bucket, now(), now() + TimeDelta::seconds(2));
    bucket.set_limits(&limits(1, 1));
    let from = now() + TimeDelta::seconds(2);
    let granted = greedy(&mut bucket, from, from + TimeDelta::seconds(10));
    assert_eq!(most_in_a_second(&granted), 1);
}

#[test]
fn a_larger_burst_does_not_count_for_the_second_that_was_spent() {
    let mut bucket = Bucket::empty(&limits(15, 1), now());
    let switch = now() + TimeDelta::seconds(2);
    let mut granted = greedy(&mut bucket, now(), switch);
    bucket.set_limits(&limits(15, 10));
    granted.extend(greedy(&mut bucket, switch, switch + TimeDelta::seconds(10)));
    assert!(most_in_a_second(&granted) <= 15);
    let rested = switch + TimeDelta::seconds(60);
    assert_eq!(greedy(&mut bucket, rested, rested + TimeDelta::nanoseconds(1)).len(), 10);
}

proptest! {
    #[test]
    fn no_second_holds_more_than_the_limit_however_calls_come(
        (limit, burst) in (1u32..20).prop_flat_map(|limit| (Just(limit), 1..=limit)),
        gaps in prop::collection::vec(prop_oneof![Just(0i64), 0i64..100_000_000, 0i64..3_000_000_000], 1..400)
    ) {
        let mut bucket = Bucket::empty(&limits(limit, burst), now());
        let (mut at, mut granted) = (now(), Vec::new());
        for gap in gaps {
            at += TimeDelta::nanoseconds(gap);
            match bucket.take(at) {
                Take::Granted => granted.push(at),
                Take::WaitUntil(then) => prop_assert!(then > at),
            }
        }
        prop_assert!(most_in_a_second(&granted) <= limit as usize);
    }

    #[test]
    fn a_clock_that_jumps_never_makes_more_than_the_rate_of_the_time_that_ran_forward(
        (limit, burst) in (1u32..20).prop_flat_map(|limit| (Just(limit), 1..=limit)),
        jumps in prop::collection::vec(
            prop_oneof![4 => 0..50_000_000i64, 1 => -2_000_000_000i64..0, 1 => any::<i64>()], 1..300
        )
    ) {
        let limits = limits(limit, burst);
        let mut bucket = Bucket::empty(&limits, now());
        let (mut at, mut granted) = (now(), 0u32);
        // What a full bucket and the forward time since are worth, in nanoseconds.
        let interval = i128::from(limits.interval().num_nanoseconds().unwrap());
        let mut worth = 0i128;
        for jump in jumps {
            let next = at.checked_add_signed(TimeDelta::nanoseconds(jump)).unwrap_or(at);
            let forward = i128::from((next - at).num_nanoseconds().unwrap_or(i64::MAX));
            worth = if forward < 0 { 0 } else { (worth + forward).min(interval * i128::from(burst)) };
            at = next;
            if bucket.take(at) == Take::Granted {
                worth -= interval;
                granted += 1;
            }
            prop_assert!(worth >= 0, "{granted} grants are too many");
        }
    }
}
