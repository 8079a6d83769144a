//! Long walks: 50,000 assignments are read while they change and the process dies, and what is known is the truth.

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

/// A location with 50,000 assignments that another product made, uploaded and not read yet.
async fn large_location() -> (Fixture, LocationUid) {
    let fixture = Fixture::build().await;
    fixture.simulator.change_settings(|settings| settings.page_capacity = NonZeroUsize::new(PAGE).unwrap());
    let (uid, token) = fixture.location("Berlin");
    for number in 0..APPS {
        fixture.buy(&uid, app(number), 6_000);
        fixture.simulator.assign(&uid, simulated(app(number)), devices(0, DEVICES)).unwrap();
    }
    fixture.upload("Berlin", &token).await;
    // The lease of the process that uploaded is over when another one works.
    fixture.advance(TimeDelta::minutes(5));
    fixture.simulator.clear_requests();
    (fixture, uid)
}

/// Something happens when a page is asked for the first time.
fn when_page_is_read(fixture: &Fixture, page: i64, act: impl Fn(&Simulator) + Send + Sync + 'static) {
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, Fault::first(act)).on_page(page));
}

async fn known(fixture: &Fixture, uid: &LocationUid) -> BTreeSet<Assignment> {
    let seats = fixture.seats(uid).await;
    let present = seats.iter().filter(|seat| seat.observed == Observed::Assigned);
    let assignment = |seat: &mdm_vpp::seats::Seat| {
        let Holder::Device { serial_number } = &seat.key.holder else { panic!("a user: {seat:?}") };
        let holder = simulator::Holder::device(serial_number.as_str());
        Assignment::new(simulated(seat.key.asset.adam_id.number()), holder)
    };
    present.map(assignment).collect()
}

fn truth(fixture: &Fixture, uid: &LocationUid) -> BTreeSet<Assignment> {
    fixture.simulator.assignments(uid).unwrap().into_iter().collect()
}

/// How often each page of the list was asked for, without deltas.
fn reads_of_pages(fixture: &Fixture) -> Vec<usize> {
    let requests = fixture.simulator.requests();
    let walked = requests.iter().filter(|request| {
        request.endpoint == Some(Endpoint::Assignments) && !request.query.contains("sinceVersionId")
    });
    let mut reads = vec![0; PAGES + 5];
    for request in walked {
        let index = request.query.split('&').find_map(|part| part.strip_prefix("pageIndex="));
        reads[index.map_or(0, |index| index.parse::<usize>().unwrap())] += 1;
    }
    reads
}

/// Somebody buys, gives and takes back licenses while the pages are read.
fn change_in_mid_walk(fixture: &Fixture, uid: &LocationUid) {
    let in_app = |number: u64| simulated(app(number));
    let of = uid.clone();
    when_page_is_read(fixture, 7, move |apple| {
        apple.buy(&of, in_app(0), 100).unwrap();
        apple.assign(&of, in_app(0), devices(DEVICES, 300)).unwrap();
    });
    let of = uid.clone();
    when_page_is_read(fixture, 23, move |apple| {
        // The pages behind move up: what was first on one is last on the page before.
        apple.unassign(&of, in_app(1), devices(100, 40)).unwrap();
    });
    let of = uid.clone();
    when_page_is_read(fixture, 31, move |apple| {
        apple.assign(&of, in_app(9), devices(DEVICES, 700)).unwrap();
        apple.unassign(&of, in_app(9), devices(0, 5)).unwrap();
    });
}

/// What is known after half an hour is the truth, and took at most so many calls.
async fn assert_the_truth_is_known(fixture: &Fixture, uid: &LocationUid, most_calls: usize) {
    run_for(fixture, || fixture.vpp.clone(), TimeDelta::minutes(30), async || {}).await;
    assert_eq!(fixture.simulator.waiting_faults(), 0, "all changes came in mid-walk");
    let (known, truth) = (known(fixture, uid).await, truth(fixture, uid));
    let (missing, gone) = (truth.difference(&known).count(), known.difference(&truth).count());
    assert_eq!((missing, gone), (0, 0), "missing and gone of {} assignments", truth.len());
    let calls = fixture.simulator.count(Endpoint::Assignments);
    assert!(calls <= most_calls as u64, "{calls} calls");
}

#[tokio::test]
async fn n7_a_walk_through_50_000_assignments_that_change_meanwhile_ends_with_the_truth() {
    let (fixture, uid) = large_location().await;
    change_in_mid_walk(&fixture, &uid);
    assert_the_truth_is_known(&fixture, &uid, 2 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_walk_whose_version_apple_forgets_meanwhile_is_begun_again_at_once() {
    let (fixture, uid) = large_location().await;
    let of = uid.clone();
    when_page_is_read(&fixture, 44, move |apple| apple.forget_versions(&of).unwrap());
    change_in_mid_walk(&fixture, &uid);
    assert_the_truth_is_known(&fixture, &uid, 3 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_walk_goes_on_where_the_process_died_and_reads_no_page_again_that_was_kept() {
    let (fixture, uid) = large_location().await;
    let store = Death::after(usize::MAX, fixture.store.clone());
    let dying = store.clone();
    when_page_is_read(&fixture, 30, move |_| dying.gate.die());
    let (first, second) = (vpp_on(&fixture, store.clone()), fixture.restarted());
    let process = || if store.gate.is_dead() { second.clone() } else { first.clone() };
    run_for(&fixture, process, TimeDelta::seconds(1), async || {}).await;
    let before: usize = reads_of_pages(&fixture).iter().sum();
    assert!(store.gate.is_dead() && (10..PAGES).contains(&before), "it died in mid-walk: {before} pages");

    run_for(&fixture, process, TimeDelta::minutes(30), async || {}).await;
    assert!(known(&fixture, &uid).await == truth(&fixture, &uid), "the truth is known");
    let reads = reads_of_pages(&fixture);
    // Those that were read or kept when it died are read again: five at a time are on their way to us, and five into the
    // store.
    let again = reads.iter().filter(|reads| **reads == 2).count();
    assert!(reads.iter().all(|reads| *reads <= 2) && again <= 10, "{reads:?}");
}
