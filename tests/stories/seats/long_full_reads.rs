//! Long full reads: 50,000 assignments change and the process dies while they are read; in the end the store has what
//! Apple has.

use std::{collections::BTreeSet, num::NonZeroUsize};

use mdm_vpp::{
    chrono::TimeDelta,
    seats::{Holder, Observed},
    simulator::{self, Assignment, Endpoint, Fault, FaultRule, LocationUid, Simulator},
};

use super::location_fixture::run_for;
use crate::{
    crashes::vpp_on,
    dying_store::Death,
    fixture::{Fixture, simulated},
};

const APPS: u64 = 10;
const DEVICES: usize = 5_000;
const PAGE: usize = 1_000;
const PAGES: usize = 50;

fn app(number: u64) -> u64 {
    1_200_000_000 + number
}

fn devices(from: usize, count: usize) -> impl Iterator<Item = simulator::Holder> {
    (from..from + count).map(|number| simulator::Holder::device(&format!("C02{number:07}")))
}

/// A location with 50,000 assignments of another product. Its token is uploaded, and the assignments are not read yet.
async fn large_location() -> (Fixture, LocationUid) {
    let fixture = Fixture::build().await;
    fixture.simulator.change_settings(|settings| settings.page_capacity = NonZeroUsize::new(PAGE).unwrap());
    let (uid, token) = fixture.location("Berlin");
    for number in 0..APPS {
        fixture.buy(&uid, app(number), 6_000);
        fixture.simulator.assign(&uid, simulated(app(number)), devices(0, DEVICES)).unwrap();
    }
    fixture.upload("Berlin", &token).await;
    // The lease of the process that uploaded the token ends meanwhile, so another one can take it.
    fixture.advance(TimeDelta::minutes(5));
    fixture.simulator.clear_requests();
    (fixture, uid)
}

/// Acts at Apple when a page is requested for the first time.
fn when_page_is_read(fixture: &Fixture, page: i64, act: impl Fn(&Simulator) + Send + Sync + 'static) {
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, Fault::first(act)).on_page(page));
}

/// The assignments that the store knows.
async fn stored_assignments(fixture: &Fixture, uid: &LocationUid) -> BTreeSet<Assignment> {
    let seats = fixture.seats(uid).await;
    let assigned = seats.iter().filter(|seat| seat.observed == Observed::Assigned);
    let assignment = |seat: &mdm_vpp::seats::Seat| {
        let Holder::Device { serial_number } = &seat.key.holder else {
            panic!("the holder is a user: {seat:?}")
        };
        let holder = simulator::Holder::device(serial_number.as_str());
        Assignment::new(simulated(seat.key.asset.adam_id.number()), holder)
    };
    assigned.map(assignment).collect()
}

/// The assignments that Apple has.
fn assignments_at_apple(fixture: &Fixture, uid: &LocationUid) -> BTreeSet<Assignment> {
    fixture.simulator.assignments(uid).unwrap().into_iter().collect()
}

/// How often full reads requested each page.
fn reads_of_pages(fixture: &Fixture) -> Vec<usize> {
    let requests = fixture.simulator.requests();
    let full_reads = requests.iter().filter(|request| {
        request.endpoint == Some(Endpoint::Assignments) && !request.query.contains("sinceVersionId")
    });
    let mut reads = vec![0; PAGES + 5];
    for request in full_reads {
        let index = request.query.split('&').find_map(|part| part.strip_prefix("pageIndex="));
        reads[index.map_or(0, |index| index.parse::<usize>().unwrap())] += 1;
    }
    reads
}

/// An administrator buys, assigns and unassigns licenses at Apple while the pages are read.
fn change_during_full_read(fixture: &Fixture, uid: &LocationUid) {
    let in_app = |number: u64| simulated(app(number));
    let location = uid.clone();
    when_page_is_read(fixture, 7, move |apple| {
        apple.buy(&location, in_app(0), 100).unwrap();
        apple.assign(&location, in_app(0), devices(DEVICES, 300)).unwrap();
    });
    let location = uid.clone();
    when_page_is_read(fixture, 23, move |apple| {
        // Later assignments move up: the first of a page becomes the last of the page before it.
        apple.unassign(&location, in_app(1), devices(100, 40)).unwrap();
    });
    let location = uid.clone();
    when_page_is_read(fixture, 31, move |apple| {
        apple.assign(&location, in_app(9), devices(DEVICES, 700)).unwrap();
        apple.unassign(&location, in_app(9), devices(0, 5)).unwrap();
    });
}

/// Asserts that after half an hour the store has what Apple has, with at most a number of requests.
async fn assert_the_store_has_what_apple_has(fixture: &Fixture, uid: &LocationUid, most_requests: usize) {
    run_for(fixture, || fixture.vpp.clone(), TimeDelta::minutes(30), async || {}).await;
    assert_eq!(fixture.simulator.waiting_faults(), 0, "all changes fell into the full read");
    let (stored, at_apple) = (stored_assignments(fixture, uid).await, assignments_at_apple(fixture, uid));
    let (missing, extra) = (at_apple.difference(&stored).count(), stored.difference(&at_apple).count());
    assert_eq!((missing, extra), (0, 0), "missing and extra of {} assignments", at_apple.len());
    let requests = fixture.simulator.count(Endpoint::Assignments);
    assert!(requests <= most_requests as u64, "{requests} requests");
}

#[tokio::test]
async fn n7_a_full_read_of_50_000_assignments_that_change_meanwhile_ends_with_what_apple_has() {
    let (fixture, uid) = large_location().await;
    change_during_full_read(&fixture, &uid);
    assert_the_store_has_what_apple_has(&fixture, &uid, 2 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_full_read_whose_version_apple_forgets_meanwhile_begins_again_at_once() {
    let (fixture, uid) = large_location().await;
    let location = uid.clone();
    when_page_is_read(&fixture, 44, move |apple| apple.forget_versions(&location).unwrap());
    change_during_full_read(&fixture, &uid);
    assert_the_store_has_what_apple_has(&fixture, &uid, 3 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_full_read_goes_on_where_the_process_died_and_reads_no_kept_page_again() {
    let (fixture, uid) = large_location().await;
    let store = Death::after(usize::MAX, fixture.store.clone());
    let dying = store.clone();
    when_page_is_read(&fixture, 30, move |_| dying.gate.die());
    let (first, second) = (vpp_on(&fixture, store.clone()), fixture.restarted());
    let process = || if store.gate.is_dead() { second.clone() } else { first.clone() };
    run_for(&fixture, process, TimeDelta::seconds(1), async || {}).await;
    let before: usize = reads_of_pages(&fixture).iter().sum();
    assert!(
        store.gate.is_dead() && (10..PAGES).contains(&before),
        "the process died after {before} pages, not in the middle of the full read"
    );

    run_for(&fixture, process, TimeDelta::minutes(30), async || {}).await;
    assert!(
        stored_assignments(&fixture, &uid).await == assignments_at_apple(&fixture, &uid),
        "the store has what Apple has"
    );
    let reads = reads_of_pages(&fixture);
    // Pages that were in flight at the death are read again: at most five on their way from Apple, and five on their
    // way into the store.
    let again = reads.iter().filter(|reads| **reads == 2).count();
    assert!(reads.iter().all(|reads| *reads <= 2) && again <= 10, "{reads:?}");
}
