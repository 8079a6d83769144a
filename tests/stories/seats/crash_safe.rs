//! Requests survive the process, the network and Apple's slowness: no license is doubled, none is lost.

use std::{collections::BTreeSet, time::Duration};

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    seats::{Progress, SeatKey},
    simulator::{self, Assignment, Endpoint, EventPlan, Fault, FaultRule, LocationUid},
};

use super::ground::{licensed, live, of, tell_all, tell_one, wish};
use crate::{
    crashes::on,
    dying_store::DyingStore,
    house::{House, PUBLIC_ONE, PUBLIC_TWO, simulated},
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
async fn scene() -> (House, LocationUid) {
    let (house, uid) = licensed(&APPS.map(|app| (app, LICENSES))).await;
    let slow = EventPlan::usual().after(Duration::from_secs(3));
    house.simulator.change_settings(|settings| settings.events = slow);
    // The lease of the process that uploaded is over.
    house.advance(TimeDelta::minutes(5));
    house.simulator.clear_requests();
    (house, uid)
}

/// Two apps for three devices; a minute later one is taken back. Whoever wishes and gets an error wishes again, once
/// the process was started anew: `process` says with which library.
async fn tell(house: &House, uid: &LocationUid, process: impl Fn() -> Vpp) {
    for (give, take) in [(all(uid), vec![]), (vec![], taken_back(uid))] {
        if wish(house, &process(), uid, &give, &take).await.is_err() {
            wish(house, &process(), uid, &give, &take).await.unwrap();
        }
        live(house, &process, TimeDelta::minutes(1), async || {}).await;
    }
    live(house, &process, TimeDelta::hours(3), async || {}).await;
}

/// Exactly what is wished is held at Apple, and known to be.
async fn assert_as_wished(house: &House, uid: &LocationUid, case: &str) {
    let gone = taken_back(uid);
    let wished: BTreeSet<SeatKey> = all(uid).into_iter().filter(|seat| !gone.contains(seat)).collect();
    let held: BTreeSet<Assignment> = house.simulator.assignments(uid).unwrap().into_iter().collect();
    assert_eq!(held, wished.iter().map(assignment).collect(), "{case}");
    for (app, holders) in [(PUBLIC_ONE, 3), (PUBLIC_TWO, 2)] {
        let free = house.simulator.free_licenses(uid, simulated(app)).unwrap();
        assert_eq!(free, i64::from(LICENSES) - holders, "{case}");
    }
    let seats = house.seats(uid).await;
    let usable: BTreeSet<SeatKey> =
        seats.iter().filter(|seat| seat.is_usable()).map(|seat| seat.key.clone()).collect();
    assert_eq!(usable, wished, "{case}: {seats:#?}");
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
async fn tell_with_death_after(calls: usize) -> usize {
    let (house, uid) = scene().await;
    let store = DyingStore::after(house.store.clone(), calls);
    let (first, second) = (on(&house, store.clone()), house.restarted());
    tell(&house, &uid, || if store.is_dead() { second.clone() } else { first.clone() }).await;
    assert_as_wished(&house, &uid, &format!("death after {calls} calls")).await;
    store.calls()
}

#[test]
fn n6_a_process_that_dies_at_any_call_of_the_store_doubles_no_license_and_loses_none() {
    let calls = tell_one(tell_with_death_after(usize::MAX));
    assert!(calls > 50, "the story makes only {calls} calls");
    let deaths: Vec<usize> = (0..calls).collect();
    tell_all(&deaths, async |death| {
        tell_with_death_after(death).await;
    });
}

#[test]
fn n6_whichever_request_or_answer_is_lost_no_license_is_doubled_and_none_is_lost() {
    let requests = tell_one(async {
        let (house, uid) = scene().await;
        tell(&house, &uid, || house.vpp.clone()).await;
        assert_as_wished(&house, &uid, "nothing is lost").await;
        u64::try_from(house.requests()).unwrap()
    });
    assert!(requests > 4, "the story has only {requests} requests");
    let faults = [Fault::RequestLost, Fault::AnswerLost, Fault::TruncatedJson];
    let cases: Vec<(&Fault, u64)> =
        faults.iter().flat_map(|fault| (0..requests).map(move |request| (fault, request))).collect();
    tell_all(&cases, async |(fault, request)| {
        let (house, uid) = scene().await;
        house.simulator.inject(FaultRule::new(fault.clone()).after(request));
        tell(&house, &uid, || house.vpp.clone()).await;
        assert_eq!(house.simulator.waiting_faults(), 0, "{fault:?} {request} never happened");
        assert_as_wished(&house, &uid, &format!("{fault:?} of request {request}")).await;
    });
}

#[tokio::test]
async fn n6_a_lost_request_that_apple_runs_late_is_not_crossed_by_one_the_other_way() {
    for minutes in [1, 5, 9, 14] {
        let (house, uid) = scene().await;
        let seats = of(&uid, &[PUBLIC_ONE], &SERIALS);
        let late = EventPlan::usual().after(Duration::from_secs(60 * minutes));
        house.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::Event(late)));
        house.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::AnswerLost));
        wish(&house, &house.vpp, &uid, &seats, &[]).await.unwrap();
        live(&house, || house.vpp.clone(), TimeDelta::seconds(30), async || {}).await;
        assert_eq!(house.simulator.count(Endpoint::AssociateAssets), 1, "it was sent");

        // Nobody knows whether it will be done when it is taken back.
        wish(&house, &house.vpp, &uid, &[], &seats).await.unwrap();
        live(&house, || house.vpp.clone(), TimeDelta::days(2), async || {}).await;
        let held = house.simulator.assignments(&uid).unwrap();
        assert!(held.is_empty(), "run {minutes} minutes late, and left there: {held:?}");
        assert!(house.seats(&uid).await.is_empty(), "nothing is left to be done");
    }
}
