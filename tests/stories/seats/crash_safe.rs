//! Requests survive the process, the network and Apple's slowness: no license is doubled, none is lost.

use std::{collections::BTreeSet, time::Duration};

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    seats::{Progress, SeatKey},
    simulator::{self, Assignment, Endpoint, EventPlan, Fault, FaultRule, LocationUid},
};

use super::location_fixture::{block_on, change_assignments, licensed, of, run_cases, run_for};
use crate::{
    crashes::vpp_on,
    dying_store::Death,
    fixture::{Fixture, PUBLIC_ONE, PUBLIC_TWO, simulated},
};

const APPS: [u64; 2] = [PUBLIC_ONE, PUBLIC_TWO];
const SERIALS: [&str; 3] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03"];
const LICENSES: u32 = 10;

fn all(uid: &LocationUid) -> Vec<SeatKey> {
    of(uid, &APPS, &SERIALS)
}

fn taken_back(uid: &LocationUid) -> Vec<SeatKey> {
    of(uid, &[PUBLIC_TWO], &SERIALS[2..])
}

/// A location with free licenses, at an Apple that takes some seconds.
async fn location_with_slow_apple() -> (Fixture, LocationUid) {
    let (fixture, uid) = licensed(&APPS.map(|app| (app, LICENSES))).await;
    let slow = EventPlan::usual().after(Duration::from_secs(3));
    fixture.simulator.change_settings(|settings| settings.events = slow);
    // The lease of the process that uploaded is over.
    fixture.advance(TimeDelta::minutes(5));
    fixture.simulator.clear_requests();
    (fixture, uid)
}

/// Two apps for three devices; a minute later one is taken back. Whoever wishes and gets an error wishes again, once
/// the process was started anew: `process` says with which library.
async fn run(fixture: &Fixture, uid: &LocationUid, process: impl Fn() -> Vpp) {
    for (assign, unassign) in [(all(uid), vec![]), (vec![], taken_back(uid))] {
        if change_assignments(fixture, &process(), uid, &assign, &unassign).await.is_err() {
            change_assignments(fixture, &process(), uid, &assign, &unassign).await.unwrap();
        }
        run_for(fixture, &process, TimeDelta::minutes(1), async || {}).await;
    }
    run_for(fixture, &process, TimeDelta::hours(3), async || {}).await;
}

/// Exactly what is desired is held at Apple, and known to be.
async fn assert_as_desired(fixture: &Fixture, uid: &LocationUid, case: &str) {
    let gone = taken_back(uid);
    let desired: BTreeSet<SeatKey> = all(uid).into_iter().filter(|seat| !gone.contains(seat)).collect();
    let held: BTreeSet<Assignment> = fixture.simulator.assignments(uid).unwrap().into_iter().collect();
    assert_eq!(held, desired.iter().map(assignment).collect(), "{case}");
    for (app, holders) in [(PUBLIC_ONE, 3), (PUBLIC_TWO, 2)] {
        let free = fixture.simulator.free_licenses(uid, simulated(app)).unwrap();
        assert_eq!(free, i64::from(LICENSES) - holders, "{case}");
    }
    let seats = fixture.seats(uid).await;
    let usable: BTreeSet<SeatKey> =
        seats.iter().filter(|seat| seat.is_usable()).map(|seat| seat.key.clone()).collect();
    assert_eq!(usable, desired, "{case}: {seats:#?}");
    assert!(seats.iter().all(|seat| seat.progress == Progress::Idle && seat.fence.is_none()), "{case}");
}

fn assignment(seat: &SeatKey) -> Assignment {
    let holder = match &seat.holder {
        mdm_vpp::seats::Holder::Device { serial_number } => simulator::Holder::device(serial_number.as_str()),
        mdm_vpp::seats::Holder::User { client_user_id } => simulator::Holder::user(client_user_id.as_str()),
    };
    Assignment::new(simulated(seat.asset.adam_id.number()), holder)
}

/// The story with a process that dies after so many calls of the store, and how many it made.
async fn run_with_death_after(calls: usize) -> usize {
    let (fixture, uid) = location_with_slow_apple().await;
    let store = Death::after(calls, fixture.store.clone());
    let (first, second) = (vpp_on(&fixture, store.clone()), fixture.restarted());
    run(&fixture, &uid, || if store.gate.is_dead() { second.clone() } else { first.clone() }).await;
    assert_as_desired(&fixture, &uid, &format!("death after {calls} calls")).await;
    store.gate.calls()
}

#[test]
fn n6_a_process_that_dies_at_any_call_of_the_store_doubles_no_license_and_loses_none() {
    let calls = block_on(run_with_death_after(usize::MAX));
    assert!(calls > 50, "the story makes only {calls} calls");
    let deaths: Vec<usize> = (0..calls).collect();
    run_cases(&deaths, async |death| {
        run_with_death_after(death).await;
    });
}

#[test]
fn n6_whichever_request_or_answer_is_lost_no_license_is_doubled_and_none_is_lost() {
    let requests = block_on(async {
        let (fixture, uid) = location_with_slow_apple().await;
        run(&fixture, &uid, || fixture.vpp.clone()).await;
        assert_as_desired(&fixture, &uid, "nothing is lost").await;
        u64::try_from(fixture.requests()).unwrap()
    });
    assert!(requests > 4, "the story has only {requests} requests");
    let faults = [Fault::RequestLost, Fault::AnswerLost, Fault::TruncatedJson];
    let cases: Vec<(&Fault, u64)> =
        faults.iter().flat_map(|fault| (0..requests).map(move |request| (fault, request))).collect();
    run_cases(&cases, async |(fault, request)| {
        let (fixture, uid) = location_with_slow_apple().await;
        fixture.simulator.inject(FaultRule::new(fault.clone()).after(request));
        run(&fixture, &uid, || fixture.vpp.clone()).await;
        assert_eq!(fixture.simulator.waiting_faults(), 0, "{fault:?} {request} never happened");
        assert_as_desired(&fixture, &uid, &format!("{fault:?} of request {request}")).await;
    });
}

#[tokio::test]
async fn n6_a_lost_request_that_apple_runs_late_is_not_crossed_by_one_the_other_way() {
    for minutes in [1, 5, 9, 14] {
        let (fixture, uid) = location_with_slow_apple().await;
        let seats = of(&uid, &[PUBLIC_ONE], &SERIALS);
        let late = EventPlan::usual().after(Duration::from_secs(60 * minutes));
        fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::Event(late)));
        fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::AnswerLost));
        change_assignments(&fixture, &fixture.vpp, &uid, &seats, &[]).await.unwrap();
        run_for(&fixture, || fixture.vpp.clone(), TimeDelta::seconds(30), async || {}).await;
        assert_eq!(fixture.simulator.count(Endpoint::AssociateAssets), 1, "it was sent");

        // Nobody knows whether it will be done when it is taken back.
        change_assignments(&fixture, &fixture.vpp, &uid, &[], &seats).await.unwrap();
        run_for(&fixture, || fixture.vpp.clone(), TimeDelta::days(2), async || {}).await;
        let held = fixture.simulator.assignments(&uid).unwrap();
        assert!(held.is_empty(), "run {minutes} minutes late, and left there: {held:?}");
        assert!(fixture.seats(&uid).await.is_empty(), "nothing is left to be done");
    }
}
