//! Long walks: 50,000 assignments are read while they change and the process dies, and what is known is the truth.

use std::{collections::BTreeSet, num::NonZeroUsize};

use mdm_vpp::{
    chrono::TimeDelta,
    seats::{Holder, Observed},
    simulator::{self, Assignment, Endpoint, Fault, FaultRule, LocationUid, Simulator},
};

use super::ground::live;
use crate::{
    crashes::on,
    dying_store::DyingStore,
    house::{House, simulated},
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
async fn large_location() -> (House, LocationUid) {
    let house = House::build().await;
    house.simulator.change_settings(|settings| settings.page_capacity = NonZeroUsize::new(PAGE).unwrap());
    let (uid, token) = house.location("Berlin");
    for number in 0..APPS {
        house.buy(&uid, app(number), 6_000);
        house.simulator.assign(&uid, simulated(app(number)), devices(0, DEVICES)).unwrap();
    }
    house.upload("Berlin", &token).await;
    // The lease of the process that uploaded is over when another one works.
    house.advance(TimeDelta::minutes(5));
    house.simulator.clear_requests();
    (house, uid)
}

/// Something happens when a page is asked for the first time.
fn when_page_is_read(house: &House, page: i64, act: impl Fn(&Simulator) + Send + Sync + 'static) {
    house.simulator.inject(FaultRule::at(Endpoint::Assignments, Fault::first(act)).on_page(page));
}

async fn known(house: &House, uid: &LocationUid) -> BTreeSet<Assignment> {
    let seats = house.seats(uid).await;
    let present = seats.iter().filter(|seat| seat.observed == Observed::Assigned);
    let assignment = |seat: &mdm_vpp::seats::Seat| {
        let Holder::Device { serial_number } = &seat.key.holder else { panic!("a user: {seat:?}") };
        let holder = simulator::Holder::device(serial_number.as_str());
        Assignment::new(simulated(seat.key.asset.adam_id.number()), holder)
    };
    present.map(assignment).collect()
}

fn truth(house: &House, uid: &LocationUid) -> BTreeSet<Assignment> {
    house.simulator.assignments(uid).unwrap().into_iter().collect()
}

/// How often each page of the list was asked for, without deltas.
fn reads_of_pages(house: &House) -> Vec<usize> {
    let requests = house.simulator.requests();
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
fn change_in_mid_walk(house: &House, uid: &LocationUid) {
    let in_app = |number: u64| simulated(app(number));
    let of = uid.clone();
    when_page_is_read(house, 7, move |apple| {
        apple.buy(&of, in_app(0), 100).unwrap();
        apple.assign(&of, in_app(0), devices(DEVICES, 300)).unwrap();
    });
    let of = uid.clone();
    when_page_is_read(house, 23, move |apple| {
        // The pages behind move up: what was first on one is last on the page before.
        apple.unassign(&of, in_app(1), devices(100, 40)).unwrap();
    });
    let of = uid.clone();
    when_page_is_read(house, 31, move |apple| {
        apple.assign(&of, in_app(9), devices(DEVICES, 700)).unwrap();
        apple.unassign(&of, in_app(9), devices(0, 5)).unwrap();
    });
}

/// What is known after half an hour is the truth, and took at most so many calls.
async fn assert_the_truth_is_known(house: &House, uid: &LocationUid, most_calls: usize) {
    live(house, || house.vpp.clone(), TimeDelta::minutes(30), async || {}).await;
    assert_eq!(house.simulator.waiting_faults(), 0, "all changes came in mid-walk");
    let (known, truth) = (known(house, uid).await, truth(house, uid));
    let (missing, gone) = (truth.difference(&known).count(), known.difference(&truth).count());
    assert_eq!((missing, gone), (0, 0), "missing and gone of {} assignments", truth.len());
    let calls = house.simulator.count(Endpoint::Assignments);
    assert!(calls <= most_calls as u64, "{calls} calls");
}

#[tokio::test]
async fn n7_a_walk_through_50_000_assignments_that_change_meanwhile_ends_with_the_truth() {
    let (house, uid) = large_location().await;
    change_in_mid_walk(&house, &uid);
    assert_the_truth_is_known(&house, &uid, 2 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_walk_whose_version_apple_forgets_meanwhile_is_begun_again_at_once() {
    let (house, uid) = large_location().await;
    let of = uid.clone();
    when_page_is_read(&house, 44, move |apple| apple.forget_versions(&of).unwrap());
    change_in_mid_walk(&house, &uid);
    assert_the_truth_is_known(&house, &uid, 3 * (PAGES + 5)).await;
}

#[tokio::test]
async fn n7_a_walk_goes_on_where_the_process_died_and_reads_no_page_again_that_was_kept() {
    let (house, uid) = large_location().await;
    let store = DyingStore::after(house.store.clone(), usize::MAX);
    let dying = store.clone();
    when_page_is_read(&house, 30, move |_| dying.die());
    let (first, second) = (on(&house, store.clone()), house.restarted());
    let process = || if store.is_dead() { second.clone() } else { first.clone() };
    live(&house, process, TimeDelta::seconds(1), async || {}).await;
    let before: usize = reads_of_pages(&house).iter().sum();
    assert!(store.is_dead() && (10..PAGES).contains(&before), "it died in mid-walk: {before} pages");

    live(&house, process, TimeDelta::minutes(30), async || {}).await;
    assert!(known(&house, &uid).await == truth(&house, &uid), "the truth is known");
    let reads = reads_of_pages(&house);
    // Those that were read or kept when it died are read again: five at a time are on their way to us, and five into the
    // store.
    let again = reads.iter().filter(|reads| **reads == 2).count();
    assert!(reads.iter().all(|reads| *reads <= 2) && again <= 10, "{reads:?}");
}
