//! A burst: 10,000 devices arrive within 10 minutes and get 5 apps each assigned, in virtual time.
//!
//! `cargo bench -p mdm-vpp-world --bench burst`. The simulated service judges the limit of 15 requests a second,
//! and its events take 2 seconds. The bench asserts the promised counts and medians. Without `--bench`, as in
//! `cargo test --benches`, a fiftieth of the devices arrives in a fiftieth of the time.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::expect_used, reason = "a bench that cannot go on stops")]

mod fixture;
mod one_by_one;
mod virtual_time;

use std::{collections::BTreeMap, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    location::LocationRows,
    seats::{Observed, SeatKey},
};
use mdm_vpp_engine::WorkLimit;
use mdm_vpp_ports::{Clock, LoadScope, LocationScope, Pools, Requests, Seats, VppUsers};
use mdm_vpp_simulator::Endpoint;
use mdm_vpp_world::BoxError;

use crate::fixture::{BurstFixture, Size};

/// The promise when the embedder takes no notifications.
const PROMISED: Promise = Promise { requests: 7_000, median_seconds: 45.0 };
/// The promise when the embedder takes notifications.
const PROMISED_WITH_NOTIFICATIONS: Promise = Promise { requests: 4_000, median_seconds: 10.0 };
/// Longest time until a notification makes the embedder call `work`, in milliseconds. Ours: an embedder would wake at
/// once.
const WAKES_AFTER_MILLISECONDS: i64 = 50;
/// Virtual time after which the bench gives up, in hours.
const PATIENCE_HOURS: i64 = 3;

/// What is promised of a burst.
struct Promise {
    /// Most requests, of every kind.
    requests: u64,
    /// Longest median from assignment to confirmed seat, in seconds.
    median_seconds: f64,
}

fn main() -> Result<(), BoxError> {
    let full_size = std::env::args().any(|argument| argument == "--bench");
    let parts = if full_size { 1 } else { 50 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for (milliseconds_of_an_answer, takes_notifications) in
        [(100, true), (300, true), (100, false), (300, false)]
    {
        let size = Size {
            devices: 10_000 / parts,
            seconds: 600 / parts,
            profiles: 10,
            apps_of_a_profile: 5,
            milliseconds_of_an_answer,
            takes_notifications,
        };
        println!("{size:?}");
        runtime.block_on(burst(size, full_size))?;
    }
    let size = Size {
        devices: 10_000 / parts,
        seconds: 600 / parts,
        profiles: 10,
        apps_of_a_profile: 5,
        milliseconds_of_an_answer: 0,
        takes_notifications: false,
    };
    println!("baseline, one request and one poll for each assignment: {size:?}");
    runtime.block_on(baseline(size))
}

async fn burst(size: Size, full_size: bool) -> Result<(), BoxError> {
    let fixture = BurstFixture::build(size).await?;
    let begun = Instant::now();
    let from = fixture.time.now() + TimeDelta::minutes(1);
    let arrivals = fixture.arrivals(from)?;
    let desired: BTreeMap<SeatKey, DateTime<Utc>> = arrivals
        .iter()
        .flat_map(|arrival| arrival.seats.iter().map(|seat| (seat.clone(), arrival.at)))
        .collect();
    fixture.time.expect(arrivals);
    let rows = work_until_confirmed(&fixture, from + TimeDelta::hours(PATIENCE_HOURS)).await?;
    let latency = TimeDelta::milliseconds(size.milliseconds_of_an_answer.into());
    let mut took: Vec<TimeDelta> = Vec::new();
    for (key, at) in &desired {
        let seat = rows.seats.get(key).ok_or("a seat is missing")?;
        assert_eq!(seat.observed, Observed::Assigned, "{key:?} was not confirmed");
        // `touched_at` is when the read began that lists the seat; the seat is confirmed when its answer arrives.
        took.push(seat.touched_at + latency - *at);
    }
    let (requests, refused) = fixture.requests();
    let all: u64 = requests.iter().map(|(_, count)| count).sum();
    assert_eq!(refused, 0, "Apple refused requests: more in a second than it takes");
    let median = report(&requests, &mut took, begun);
    let verdict = |met: bool| match (full_size, met) {
        (false, _) => "not judged in this size",
        (true, true) => "met",
        (true, false) => "MISSED",
    };
    let promised = if size.takes_notifications { PROMISED_WITH_NOTIFICATIONS } else { PROMISED };
    let Promise { requests, median_seconds } = promised;
    println!("  {all} requests (promised: at most {requests}): {}", verdict(all <= requests));
    assert!(all <= requests, "requests");
    println!(
        "  median {median:.1} s (promised: at most {median_seconds} s): {}",
        verdict(median <= median_seconds)
    );
    // Time is virtual, so the median is asserted like the counts.
    assert!(!full_size || median <= median_seconds, "median");
    Ok(())
}

/// Works whenever a job is due, until all devices have arrived and all their seats are confirmed.
async fn work_until_confirmed(fixture: &BurstFixture, end: DateTime<Utc>) -> Result<LocationRows, BoxError> {
    let mut has_worked = true;
    loop {
        let now = fixture.time.now();
        let due = fixture.store.next_due().await?;
        if due.is_some_and(|due| due <= now) {
            let worked = fixture.vpp.work(WorkLimit::default()).await?;
            assert_eq!(worked.failures, [], "work failed");
            has_worked = true;
            // The time of a job is cut to the microsecond, so `next_due` may be a fraction too early. A little time
            // passes, or this loop would not end.
            fixture.time.pass_until(fixture.time.now() + TimeDelta::microseconds(100)).await;
            continue;
        }
        if fixture.time.next_arrival().is_none() && std::mem::take(&mut has_worked) {
            let rows = rows(fixture).await?;
            if now > end || rows.seats.values().all(|seat| seat.observed == Observed::Assigned) {
                return Ok(rows);
            }
        }
        let next = due
            .into_iter()
            .chain(fixture.time.next_arrival())
            .min()
            .ok_or("no job is due and no device is left")?;
        let woken = now + TimeDelta::milliseconds(WAKES_AFTER_MILLISECONDS);
        fixture.time.pass_until(next.min(woken)).await;
    }
}

async fn rows(fixture: &BurstFixture) -> Result<LocationRows, BoxError> {
    let location = LocationScope {
        location: fixture.location.clone(),
        lease: None,
        pools: Pools::None,
        seats: Seats::After(None, usize::MAX),
        requests: Requests::None,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    };
    let scope = LoadScope { location: Some(location), ..LoadScope::default() };
    fixture.store.load(&fixture.tenant, &scope).await?.location.ok_or_else(|| "the token is gone".into())
}

async fn baseline(size: Size) -> Result<(), BoxError> {
    let fixture = BurstFixture::build(size).await?;
    let begun = Instant::now();
    let arrivals = fixture.arrivals(fixture.time.now() + TimeDelta::minutes(1))?;
    let mut took = one_by_one::assign(&fixture, arrivals).await?;
    let (requests, refused) = fixture.requests();
    assert_eq!(refused, 0, "Apple refused requests: more in a second than it takes");
    let median = report(&requests, &mut took, begun);
    let all: u64 = requests.iter().map(|(_, count)| count).sum();
    println!("  {all} requests, median {median:.1} s");
    Ok(())
}

/// Prints the figures; the answer is the median in seconds.
fn report(requests: &[(Endpoint, u64)], took: &mut [TimeDelta], begun: Instant) -> f64 {
    took.sort_unstable();
    let percentile = |percent: usize| {
        let place = (took.len() * percent / 100).min(took.len().saturating_sub(1));
        took.get(place).map_or(0.0, |took| took.as_seconds_f64())
    };
    println!("  {requests:?}");
    let (median, ninety, last) = (percentile(50), percentile(90), percentile(100));
    println!(
        "  from assignment to confirmed seat: half in {median:.1} s, 90 % in {ninety:.1} s, all in {last:.1} s"
    );
    println!("  in {:.1?} of real time", begun.elapsed());
    median
}
