//! Two workers on one PostgreSQL database.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_engine::{Vpp, WorkLimit};
use mdm_vpp_simulator::EventKind;

use crate::{
    offices::Offices,
    pausing::{Pause, Pausing},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n14_two_workers_share_the_work_of_several_tenants_and_send_no_request_twice() {
    let offices = Offices::open(3, 4).await;
    let (one, other) = (offices.worker().await, offices.worker().await);
    offices.live(&[&one, &other], TimeDelta::minutes(5)).await;
    for (number, office) in offices.offices.iter().enumerate() {
        let wishing = if number % 2 == 0 { &one } else { &other };
        offices.wish(wishing, office, office.seats(5), BTreeSet::new()).await;
    }
    offices.live(&[&one, &other], TimeDelta::hours(1)).await;
    for office in &offices.offices {
        offices.assert_held(office, &office.seats(5), "given").await;
        let gone = office.seats(5).difference(&office.seats(3)).cloned().collect();
        offices.wish(&one, office, BTreeSet::new(), gone).await;
    }
    offices.live(&[&one, &other], TimeDelta::hours(1)).await;
    for office in &offices.offices {
        offices.assert_held(office, &office.seats(3), "taken back").await;
    }

    let events = offices.events_since(0);
    let different: BTreeSet<_> = events.iter().map(|event| format!("{event:?}")).collect();
    assert_eq!(different.len(), events.len(), "no request arrived twice");
    assert_eq!(events.len(), 2 * offices.offices.len(), "and none was split");
    assert_eq!(offices.talkers().await, 2, "both did some of the work");
}

/// Licenses are given or taken back by a worker that pauses, whose lease ends meanwhile, so that another one takes over;
/// five minutes later it goes on. Whether it paused at all.
async fn take_over_from(offices: &Offices, successor: &Vpp, pause: Pause, gives: bool) -> bool {
    let (office, case) = (&offices.offices[0], format!("{pause:?}, gives: {gives}"));
    let (seats, none) = (office.seats(3), BTreeSet::new());
    let (give, take) = if gives { (seats, none) } else { (none, seats) };
    let before = offices.events_since(0).len();
    let gate = Pausing::at(pause);
    let pausing = offices.gated_worker(gate.clone()).await;
    offices.wish(successor, office, give.clone(), take).await;
    offices.end_leases().await;
    offices.live(&[], TimeDelta::seconds(3)).await;

    let mut working = tokio::spawn(async move {
        while pausing.work(WorkLimit::default()).await.is_ok_and(|worked| worked.done > 0) {}
        pausing
    });
    let paused = tokio::select! {
        () = gate.reached() => true,
        ended = &mut working => { ended.unwrap(); false }
    };
    offices.end_leases().await;
    offices.live(&[successor], TimeDelta::minutes(5)).await;
    if paused {
        gate.release();
        working.await.unwrap();
    }
    offices.live(&[successor], TimeDelta::hours(1)).await;

    offices.assert_held(office, &give, &case).await;
    let kind = if gives { EventKind::Associate } else { EventKind::Disassociate };
    let events = offices.events_since(before);
    assert!(events.iter().all(|(_, way, _)| *way == kind), "{case}: {events:#?}");
    assert!((1..=2).contains(&events.len()), "{case}: {events:#?}");
    paused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n14_a_worker_that_pauses_past_its_lease_repeats_in_the_same_direction_and_changes_no_seat() {
    let offices = Offices::open(1, 1).await;
    let successor = offices.worker().await;
    offices.live(&[&successor], TimeDelta::minutes(5)).await;
    let mut repeated = 0;
    for call in 0.. {
        let mut paused = false;
        // By turns the first or the second gives, and the other one takes back.
        let mut pauses = [Pause::Before(call), Pause::After(call)];
        pauses.rotate_left(call % 2);
        for (pause, gives) in pauses.into_iter().zip([true, false]) {
            let before = offices.events_since(0).len();
            paused |= take_over_from(&offices, &successor, pause, gives).await;
            repeated += offices.events_since(0).len() - before - 1;
        }
        if !paused {
            assert!(call > 5, "it makes more calls than {call}");
            break;
        }
    }
    assert!(repeated > 0, "some requests were sent twice, or the pauses were nowhere near them");
}
