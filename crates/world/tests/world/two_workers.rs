//! Two workers on one PostgreSQL database.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::TimeDelta;
use mdm_vpp_engine::{Vpp, WorkLimit};
use mdm_vpp_ports::{StoreError, fake::Gate};
use mdm_vpp_simulator::EventKind;
use tokio::sync::Semaphore;

use crate::shared_database::SharedDatabaseFixture;

/// The moment at which a process pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pause {
    /// Before the call of the store with this number is carried out.
    Before(usize),
    /// After the call was carried out, before its answer arrives.
    After(usize),
}

/// The gate of a process that pauses once, as a machine that is suspended does, until the test releases it.
#[derive(Clone)]
struct Pausing {
    pause: Pause,
    calls: Arc<AtomicUsize>,
    reached: Arc<Semaphore>,
    released: Arc<Semaphore>,
}

impl Pausing {
    fn at(pause: Pause) -> Self {
        let closed = || Arc::new(Semaphore::new(0));
        Self { pause, calls: Arc::default(), reached: closed(), released: closed() }
    }

    /// Returns when the process pauses.
    async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    fn release(&self) {
        self.released.add_permits(1);
    }

    async fn pause_if(&self, here: Pause) {
        if self.pause == here {
            self.reached.add_permits(1);
            self.released.acquire().await.unwrap().forget();
        }
    }
}

impl Gate for Pausing {
    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        self.pause_if(Pause::Before(number)).await;
        let answer = call.await;
        self.pause_if(Pause::After(number)).await;
        answer
    }
}

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
        fixture.assert_held(location, &location.seats(5), "assigned").await;
        let removed = location.seats(5).difference(&location.seats(3)).cloned().collect();
        fixture.change_assignments(&one, location, BTreeSet::new(), removed).await;
    }
    fixture.run_for(&[&one, &other], TimeDelta::hours(1)).await;
    for location in &fixture.locations {
        fixture.assert_held(location, &location.seats(3), "unassigned").await;
    }

    let events = fixture.events_since(0);
    let different: BTreeSet<_> = events.iter().map(|event| format!("{event:?}")).collect();
    assert_eq!(different.len(), events.len(), "no request arrived twice");
    assert_eq!(events.len(), 2 * fixture.locations.len(), "no request was split");
    assert_eq!(fixture.lease_holders().await, 2, "each worker held a lease");
}

/// A worker assigns or unassigns licenses and pauses. Its lease ends meanwhile, the successor takes over, and five
/// minutes later the worker goes on. The answer is whether it reached the pause.
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
    assert!(events.iter().all(|(_, kind_at_apple, _)| *kind_at_apple == kind), "{case}: {events:#?}");
    assert!((1..=2).contains(&events.len()), "{case}: {events:#?}");
    paused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n14_a_worker_that_pauses_past_its_lease_repeats_a_request_in_the_same_direction_and_changes_no_seat()
{
    let fixture = SharedDatabaseFixture::open(1, 1).await;
    let successor = fixture.worker().await;
    fixture.run_for(&[&successor], TimeDelta::minutes(5)).await;
    let mut repeated = 0;
    for call in 0.. {
        let mut paused = false;
        // Assigns and unassigns by turns, so that each case finds the state that it changes.
        let mut pauses = [Pause::Before(call), Pause::After(call)];
        pauses.rotate_left(call % 2);
        for (pause, assigns) in pauses.into_iter().zip([true, false]) {
            let before = fixture.events_since(0).len();
            paused |= take_over_from(&fixture, &successor, pause, assigns).await;
            repeated += fixture.events_since(0).len() - before - 1;
        }
        if !paused {
            assert!(call > 5, "a worker makes more calls than {call}");
            break;
        }
    }
    assert!(repeated > 0, "no pause fell between a request and its row, so the test shows nothing");
}
