//! Requests survive a dead process, a lost message and a slow Apple: no license is doubled, and none is lost.

use std::{collections::BTreeSet, time::Duration};

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    seats::{Progress, SeatKey},
    simulator::{self, Assignment, Endpoint, EventPlan, Fault, FaultRule, LocationUid},
};

use super::location_fixture::{
    block_on, change_assignments, location_with_licenses, run_cases, run_for, seat_keys,
};
use crate::{
    crashes::vpp_on,
    dying_store::Death,
    fixture::{Fixture, PUBLIC_ONE, PUBLIC_TWO, simulated},
};

const APPS: [u64; 2] = [PUBLIC_ONE, PUBLIC_TWO];
const SERIALS: [&str; 3] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03"];
const LICENSES: u32 = 10;

fn all(uid: &LocationUid) -> Vec<SeatKey> {
    seat_keys(uid, &APPS, &SERIALS)
}

fn unassigned_later(uid: &LocationUid) -> Vec<SeatKey> {
    seat_keys(uid, &[PUBLIC_TWO], &SERIALS[2..])
}

/// A location with free licenses, at an Apple whose events take three seconds.
async fn location_with_slow_apple() -> (Fixture, LocationUid) {
    let (fixture, uid) = location_with_licenses(&APPS.map(|app| (app, LICENSES))).await;
    let slow = EventPlan::usual().after(Duration::from_secs(3));
    fixture.simulator.change_settings(|settings| settings.events = slow);
    // The lease of the process that uploaded the token ends meanwhile.
    fixture.advance(TimeDelta::minutes(5));
    fixture.simulator.clear_requests();
    (fixture, uid)
}

/// Assigns two apps to three devices, and unassigns one a minute later. A call that fails is made once more after a
/// restart of the process; `process` gives the library of the process that lives.
async fn run(fixture: &Fixture, uid: &LocationUid, process: impl Fn() -> Vpp) {
    for (assign, unassign) in [(all(uid), vec![]), (vec![], unassigned_later(uid))] {
        if change_assignments(fixture, &process(), uid, &assign, &unassign).await.is_err() {
            change_assignments(fixture, &process(), uid, &assign, &unassign).await.unwrap();
        }
        run_for(fixture, &process, TimeDelta::minutes(1), async || {}).await;
    }
    run_for(fixture, &process, TimeDelta::hours(3), async || {}).await;
}

/// Asserts that exactly the desired licenses are assigned at Apple, and that the store says so.
async fn assert_as_desired(fixture: &Fixture, uid: &LocationUid, case: &str) {
    let unassigned = unassigned_later(uid);
    let desired: BTreeSet<SeatKey> = all(uid).into_iter().filter(|seat| !unassigned.contains(seat)).collect();
    let at_apple: BTreeSet<Assignment> = fixture.simulator.assignments(uid).unwrap().into_iter().collect();
    assert_eq!(at_apple, desired.iter().map(assignment).collect(), "{case}");
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

/// Runs the scenario with a process that dies after a number of calls of its store; the answer is the number of calls.
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
    assert!(calls > 50, "the scenario makes only {calls} calls");
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
    assert!(requests > 4, "the scenario sends only {requests} requests");
    let faults = [Fault::RequestLost, Fault::AnswerLost, Fault::TruncatedJson];
    let cases: Vec<(&Fault, u64)> =
        faults.iter().flat_map(|fault| (0..requests).map(move |request| (fault, request))).collect();
    run_cases(&cases, async |(fault, request)| {
        let (fixture, uid) = location_with_slow_apple().await;
        fixture.simulator.inject(FaultRule::new(fault.clone()).after(request));
        run(&fixture, &uid, || fixture.vpp.clone()).await;
        assert_eq!(fixture.simulator.waiting_faults(), 0, "{fault:?} of request {request} never struck");
        assert_as_desired(&fixture, &uid, &format!("{fault:?} of request {request}")).await;
    });
}

#[tokio::test]
async fn n6_a_lost_request_that_apple_runs_late_is_not_crossed_by_a_request_in_the_other_direction() {
    for minutes in [1, 5, 9, 14] {
        let (fixture, uid) = location_with_slow_apple().await;
        let seats = seat_keys(&uid, &[PUBLIC_ONE], &SERIALS);
        let late = EventPlan::usual().after(Duration::from_secs(60 * minutes));
        fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::Event(late)));
        fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::AnswerLost));
        change_assignments(&fixture, &fixture.vpp, &uid, &seats, &[]).await.unwrap();
        run_for(&fixture, || fixture.vpp.clone(), TimeDelta::seconds(30), async || {}).await;
        assert_eq!(fixture.simulator.count(Endpoint::AssociateAssets), 1, "the request was sent");

        // Nothing shows whether Apple will still carry out the request when the licenses are unassigned.
        change_assignments(&fixture, &fixture.vpp, &uid, &[], &seats).await.unwrap();
        run_for(&fixture, || fixture.vpp.clone(), TimeDelta::days(2), async || {}).await;
        let held = fixture.simulator.assignments(&uid).unwrap();
        assert!(
            held.is_empty(),
            "Apple ran the request {minutes} minutes late, and the licenses stayed: {held:?}"
        );
        assert!(fixture.seats(&uid).await.is_empty(), "no seat is left");
    }
}
