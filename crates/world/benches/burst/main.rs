//! A burst: 10,000 devices whose seats become wanted within 10 minutes, 5 apps each, in virtual time.
//!
//! `cargo bench -p mdm-vpp-world --bench burst`. The simulated service judges the limit of 15 requests a second, and its
//! events take 2 seconds. Counts and medians are asserted where they are promised. Without `--bench`, as in `cargo test --benches`,
//! there are fifty times fewer devices in a time that is as much shorter.
#![expect(clippy::print_stdout, reason = "a bench talks to the person who runs it")]
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

/// Requests of every kind, and the median from wish to confirmed seat, in seconds.
const PROMISED: Promise = Promise { requests: 7_000, median_seconds: 45.0 };
/// The same when the host listens to notifications.
const PROMISED_TO_LISTENERS: Promise = Promise { requests: 4_000, median_seconds: 10.0 };
/// A notification wakes the host at the latest after so long.
const WAKES_AFTER_MILLISECONDS: i64 = 50;
/// After so long something is wrong, in hours.
const PATIENCE_HOURS: i64 = 3;

/// What is promised of a burst.
struct Promise {
    requests: u64,
    median_seconds: f64,
}

fn main() -> Result<(), BoxError> {
    let full_size = std::env::args().any(|argument| argument == "--bench");
    let parts = if full_size { 1 } else { 50 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for (milliseconds_of_an_answer, listens) in [(100, true), (300, true), (100, false), (300, false)] {
        let size = Size {
            devices: 10_000 / parts,
            seconds: 600 / parts,
            profiles: 10,
            apps_of_a_profile: 5,
            milliseconds_of_an_answer,
            listens,
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
        listens: false,
    };
    println!("baseline, one request for each assignment and one question for each: {size:?}");
    runtime.block_on(baseline(size))
}

async fn burst(size: Size, full_size: bool) -> Result<(), BoxError> {
    let fixture = BurstFixture::build(size).await?;
    let begun = Instant::now();
    let from = fixture.time.now() + TimeDelta::minutes(1);
    let arrivals = fixture.arrivals(from)?;
    let wished: BTreeMap<SeatKey, DateTime<Utc>> = arrivals
        .iter()
        .flat_map(|arrival| arrival.seats.iter().map(|seat| (seat.clone(), arrival.at)))
        .collect();
    fixture.time.expect(arrivals);
    let rows = live(&fixture, from + TimeDelta::hours(PATIENCE_HOURS)).await?;
    let latency = TimeDelta::milliseconds(size.milliseconds_of_an_answer.into());
    let mut took: Vec<TimeDelta> = Vec::new();
    for (key, at) in &wished {
        let seat = rows.seats.get(key).ok_or("a seat is missing")?;
        assert_eq!(seat.observed, Observed::Assigned, "{key:?} was not confirmed");
        // It was touched when the reading began that lists it, and is known when that has come.
        took.push(seat.touched_at + latency - *at);
    }
    let (requests, refused) = fixture.requests();
    let all: u64 = requests.iter().map(|(_, count)| count).sum();
    assert_eq!(refused, 0, "more requests in a second than Apple takes");
    let median = report(&requests, &mut took, begun);
    let verdict = |met: bool| match (full_size, met) {
        (false, _) => "not judged in this size",
        (true, true) => "met",
        (true, false) => "MISSED",
    };
    let promised = if size.listens { PROMISED_TO_LISTENERS } else { PROMISED };
    let Promise { requests, median_seconds } = promised;
    println!("  {all} requests (promised: at most {requests}): {}", verdict(all <= requests));
    assert!(all <= requests, "requests");
    println!(
        "  median {median:.1} s (promised: at most {median_seconds} s): {}",
        verdict(median <= median_seconds)
    );
    // Time is virtual, so the median is asserted as counts are.
    assert!(!full_size || median <= median_seconds, "median");
    Ok(())
}

/// Works whenever something is due, until all devices are there and nothing is to be done about their seats.
async fn live(fixture: &BurstFixture, end: DateTime<Utc>) -> Result<LocationRows, BoxError> {
    let mut has_worked = true;
    loop {
        let now = fixture.time.now();
        let due = fixture.store.next_due().await?;
        if due.is_some_and(|due| due <= now) {
            let worked = fixture.vpp.work(WorkLimit::default()).await?;
            assert_eq!(worked.failures, [], "hitches");
            has_worked = true;
            // Work takes a little time, in which what is due too early by a fraction of a microsecond becomes due.
            fixture.time.pass_until(fixture.time.now() + TimeDelta::microseconds(100)).await;
            continue;
        }
        if fixture.time.next_arrival().is_none() && std::mem::take(&mut has_worked) {
            let rows = rows(fixture).await?;
            if now > end || rows.seats.values().all(|seat| seat.observed == Observed::Assigned) {
                return Ok(rows);
            }
        }
        let next =
            due.into_iter().chain(fixture.time.next_arrival()).min().ok_or("nothing is due any more")?;
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
    assert_eq!(refused, 0, "more requests in a second than Apple takes");
    let median = report(&requests, &mut took, begun);
    let all: u64 = requests.iter().map(|(_, count)| count).sum();
    println!("  {all} requests, median {median:.1} s");
    Ok(())
}

/// Prints what happened, and tells the median in seconds.
fn report(requests: &[(Endpoint, u64)], took: &mut [TimeDelta], begun: Instant) -> f64 {
    took.sort_unstable();
    let part = |percent: usize| {
        let place = (took.len() * percent / 100).min(took.len().saturating_sub(1));
        took.get(place).map_or(0.0, |took| took.as_seconds_f64())
    };
    println!("  {requests:?}");
    let (median, ninety, last) = (part(50), part(90), part(100));
    println!(
        "  from wish to confirmed seat: half in {median:.1} s, 90 % in {ninety:.1} s, all in {last:.1} s"
    );
    println!("  told in {:.1?} of real time", begun.elapsed());
    median
}
