//! Locks of other processes, and statements that are sent together.

use std::{sync::Arc, thread, time::Duration};

use mdm_vpp_core::{
    id::LocationId,
    location::{LocationChanges, SeatChange, WaitlistChange, WaitlistEntry},
    transaction::{CompletedJob, Decision, Job, JobKind, Loaded},
};
use mdm_vpp_ports::{LoadScope, LocationScope, Store, StoreError};
use mdm_vpp_store::postgres::PostgresStore;

use crate::{
    fixture::{Deciding, Place, acme, audit, berlin, furnished, munich, now, ring, save},
    seats::{pools, put, serial, settled},
};

fn sync(location: LocationId) -> JobKind {
    JobKind::SyncAssets { location }
}

/// A store whose transactions wait 100 milliseconds for a lock, with a token, pools and a job.
async fn impatient(place: &Place) -> PostgresStore {
    let store = place.options().busy_timeout(Duration::from_millis(100)).open(ring()).await.unwrap();
    save(&store, Decision { pools: pools(2), ..furnished("secret") }).await.unwrap();
    store
}

/// Saves a decision about Berlin on a thread that sleeps until the lock it waits for has taken too long. So it finds the
/// answers to all that it had sent at once, the failure and the refusals behind it.
async fn save_that_finds_its_answers_late(
    store: &PostgresStore,
    decision: Decision,
) -> Result<(), StoreError> {
    let decide = Arc::new(Deciding(move |_: &Loaded| decision.clone()));
    let (acme, scope) = (acme(), LoadScope::of(LocationScope::of(berlin())));
    let late = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        thread::sleep(Duration::from_millis(300));
    };
    tokio::join!(store.transact(&acme, &scope, decide), late).0
}

#[tokio::test]
async fn a_job_that_another_process_locks_for_too_long_is_busy_and_nothing_else() {
    let place = Place::new();
    let store = impatient(&place).await;
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM jobs FOR UPDATE", &[]).await.unwrap();
    let decision = Decision {
        completed: vec![CompletedJob { kind: sync(berlin()), generation: 1 }],
        audit: vec![audit(1)],
        location: put([settled(serial(0, 1))].into_iter()),
        ..Decision::default()
    };
    let busy = save_that_finds_its_answers_late(&store, decision.clone()).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    lock.rollback().await.unwrap();
    save_that_finds_its_answers_late(&store, decision).await.unwrap();
    assert!(store.jobs_of_location(&acme(), &berlin()).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_statements_that_are_sent_together_the_error_is_that_of_the_one_that_failed() {
    let place = Place::new();
    let store = impatient(&place).await;
    let [first, second] = [serial(0, 1), serial(1, 1)];
    let entry = WaitlistEntry { seat: first.clone(), since: now() };
    let waitlist = || [(first.clone(), WaitlistChange::Add(entry.clone()))].into();
    // Seats are put with one statement and deleted with the next, which is sent behind the one that waits for the lock.
    let mut changes = put([settled(first.clone())].into_iter());
    changes.seats.insert(second, SeatChange::Forget);
    let decision =
        Decision { location: LocationChanges { waitlist: waitlist(), ..changes }, ..Decision::default() };
    save_that_finds_its_answers_late(&store, decision.clone()).await.unwrap();
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM waitlist FOR UPDATE", &[]).await.unwrap();
    let busy = save_that_finds_its_answers_late(&store, decision).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    drop(lock);
}

#[tokio::test]
async fn jobs_are_completed_in_the_order_in_which_they_are_enqueued() {
    let place = Place::new();
    let store = place.open().await;
    save(&store, furnished("secret")).await.unwrap();
    let [first, last] = [berlin(), munich()];
    store.enqueue(&acme(), &[Job::at(sync(last.clone()), now())]).await.unwrap();
    let (mut other, client) = (place.client().await, place.client().await);
    let lock = other.transaction().await.unwrap();
    let locking = "SELECT 1 FROM jobs WHERE subject = $1 FOR UPDATE NOWAIT";
    lock.execute(locking, &[&first.as_str()]).await.unwrap();
    let completed =
        [last.clone(), first].map(|location| CompletedJob { kind: sync(location), generation: 1 }).to_vec();
    let completing =
        tokio::spawn(async move { save(&store, Decision { completed, ..Decision::default() }).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!completing.is_finished());
    assert_eq!(
        client.execute(locking, &[&last.as_str()]).await.unwrap(),
        1,
        "a transaction that waits holds no lock on a later row"
    );
    lock.rollback().await.unwrap();
    completing.await.unwrap().unwrap();
    assert!(client.query("SELECT 1 FROM jobs", &[]).await.unwrap().is_empty());
}
