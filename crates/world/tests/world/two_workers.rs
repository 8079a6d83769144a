//! Two workers on one PostgreSQL database.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_engine::{Vpp, WorkLimit};
use mdm_vpp_simulator::EventKind;

use crate::{
    pausing::{Pause, Pausing},
    shared_database::SharedDatabaseFixture,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n14_two_workers_share_the_work_of_several_tenants_and_send_no_request_twice() {
    let fixture = SharedDatabaseFixture::open(3, 4).await;
    let (one, other) = (fixture.worker().await, fixture.worker().await);
    fixture.run_for(&[&one, &other], TimeDelta::minutes(5)).await;
    for (number, location) in fixture.locations.iter().enumerate() {
        let worker = if number % 2 == 0 { &one } else { &other };
        fixture.change_assignments(worker, location, location.seats(5), BTreeSet::new()).await;
    }
    fixture.run_for(&[&one, &other], TimeDelta::hours(1)).await;
    for location in &fixture.locations {
        fixture.assert_held(location, &location.seats(5), "given").await;
        let gone = location.seats(5).difference(&location.seats(3)).cloned().collect();
        fixture.change_assignments(&one, location, BTreeSet::new(), gone).await;
    }
    fixture.run_for(&[&one, &other], TimeDelta::hours(1)).await;
    for location in &fixture.locations {
        fixture.assert_held(location, &location.seats(3), "taken back").await;
    }

    let events = fixture.events_since(0);
    let different: BTreeSet<_> = events.iter().map(|event| format!("{event:?}")).collect();
    assert_eq!(different.len(), events.len(), "no request arrived twice");
    assert_eq!(events.len(), 2 * fixture.locations.len(), "and none was split");
    assert_eq!(fixture.lease_holders().await, 2, "both did some of the work");
}

/// Licenses are given or taken back by a worker that pauses, whose lease ends meanwhile, so that another one takes over;
/// five minutes later it goes on. Whether it paused at all.
async fn take_over_from(
    fixture: &SharedDatabaseFixture,
    successor: &Vpp,
    pause: Pause,
    assigns: bool,
) -> bool {
    let (location, case) = (&fixture.locations[0], format!("{pause:?}, assigns: {assigns}"));
    let (seats, none) = (location.seats(3), BTreeSet::new());
    let (assign, unassign) = if assigns { (seats, none) } else { (none, seats) };
    let before = fixture.events_since(0).len();
    let gate = Pausing::at(pause);
    let pausing = fixture.gated_worker(gate.clone()).await;
    fixture.change_assignments(successor, location, assign.clone(), unassign).await;
    fixture.end_leases().await;
    fixture.run_for(&[], TimeDelta::seconds(3)).await;

    let mut working = tokio::spawn(async move {
        while pausing.work(WorkLimit::default()).await.is_ok_and(|worked| worked.done > 0) {}
        pausing
    });
    let paused = tokio::select! {
        () = gate.reached() => true,
        ended = &mut working => { ended.unwrap(); false }
    };
    fixture.end_leases().await;
    fixture.run_for(&[successor], TimeDelta::minutes(5)).await;
    if paused {
        gate.release();
        working.await.unwrap();
    }
    fixture.run_for(&[successor], TimeDelta::hours(1)).await;

    fixture.assert_held(location, &assign, &case).await;
    let kind = if assigns { EventKind::Associate } else { EventKind::Disassociate };
    let events = fixture.events_since(before);
    assert!(events.iter().all(|(_, way, _)| *way == kind), "{case}: {events:#?}");
    assert!((1..=2).contains(&events.len()), "{case}: {events:#?}");
    paused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n14_a_worker_that_pauses_past_its_lease_repeats_in_the_same_direction_and_changes_no_seat() {
    let fixture = SharedDatabaseFixture::open(1, 1).await;
    let successor = fixture.worker().await;
    fixture.run_for(&[&successor], TimeDelta::minutes(5)).await;
    let mut repeated = 0;
    for call in 0.. {
        let mut paused = false;
        // By turns the first or the second assigns, and the other one takes back.
        let mut pauses = [Pause::Before(call), Pause::After(call)];
        pauses.rotate_left(call % 2);
        for (pause, assigns) in pauses.into_iter().zip([true, false]) {
            let before = fixture.events_since(0).len();
            paused |= take_over_from(&fixture, &successor, pause, assigns).await;
            repeated += fixture.events_since(0).len() - before - 1;
        }
        if !paused {
            assert!(call > 5, "it makes more calls than {call}");
            break;
        }
    }
    assert!(repeated > 0, "some requests were sent twice, or the pauses were nowhere near them");
}
