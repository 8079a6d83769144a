//! Locks of others, and statements that are sent without waiting for each other's answer.

use std::{sync::Arc, thread, time::Duration};

use mdm_vpp_core::{
    id::LocationId,
    location::{LocationChanges, SeatChange, WaitlistChange, WaitlistEntry},
    transaction::{CompletedJob, Decision, Job, JobKind, Loaded},
};
use mdm_vpp_ports::{Store, StoreError};
use mdm_vpp_store::postgres::PostgresStore;

use crate::{
    keys::ring,
    postgres_place::Place,
    rows::{Deciding, acme, audit, berlin, furnished, munich, now, turn},
    seats::{pools, put, serial, settled},
    talk::{talk_of, turn_of},
};

fn sync(location: LocationId) -> JobKind {
    JobKind::SyncAssets { location }
}

/// A store whose transactions wait 100 milliseconds for a lock, with a token, pools, and a row that is due.
async fn impatient(place: &Place) -> PostgresStore {
    let store = place.options().busy_timeout(Duration::from_millis(100)).open(ring()).await.unwrap();
    turn(&store, Decision { pools: pools(2), ..furnished("secret") }).await.unwrap();
    store
}

/// Takes a transaction about Berlin on a thread that does nothing else until the lock it waits for has taken too long: so it finds
/// the answers to all that it had sent by then at once.
async fn turn_that_finds_its_answers_late(
    store: &PostgresStore,
    decision: Decision,
) -> Result<(), StoreError> {
    let decide = Arc::new(Deciding(move |_: &Loaded| decision.clone()));
    let (acme, scope) = (acme(), turn_of(talk_of(&berlin())));
    let late = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        thread::sleep(Duration::from_millis(300));
    };
    tokio::join!(store.transact(&acme, &scope, decide), late).0
}

#[tokio::test]
async fn a_due_row_that_somebody_else_holds_for_too_long_is_busy_and_nothing_else() {
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
    let busy = turn_that_finds_its_answers_late(&store, decision.clone()).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    lock.rollback().await.unwrap();
    turn_that_finds_its_answers_late(&store, decision).await.unwrap();
    assert!(store.jobs_of_location(&acme(), &berlin()).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_statements_that_are_sent_at_once_the_one_that_failed_is_told() {
    let place = Place::new();
    let store = impatient(&place).await;
    let [first, second] = [serial(0, 1), serial(1, 1)];
    let wish = WaitlistEntry { seat: first.clone(), since: now() };
    let waiting = || [(first.clone(), WaitlistChange::Add(wish.clone()))].into();
    // Seats are put with one statement and forgotten with the next, which is sent behind the one that waits.
    let mut talk = put([settled(first.clone())].into_iter());
    talk.seats.insert(second, SeatChange::Forget);
    let decision =
        Decision { location: LocationChanges { waitlist: waiting(), ..talk }, ..Decision::default() };
    turn_that_finds_its_answers_late(&store, decision.clone()).await.unwrap();
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM waitlist FOR UPDATE", &[]).await.unwrap();
    let busy = turn_that_finds_its_answers_late(&store, decision).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    drop(lock);
}

#[tokio::test]
async fn due_rows_are_settled_in_the_order_in_which_they_are_noted() {
    let place = Place::new();
    let store = place.open().await;
    turn(&store, furnished("secret")).await.unwrap();
    let [first, last] = [berlin(), munich()];
    store.enqueue(&acme(), &[Job::at(sync(last.clone()), now())]).await.unwrap();
    let (mut other, client) = (place.client().await, place.client().await);
    let lock = other.transaction().await.unwrap();
    let locking = "SELECT 1 FROM jobs WHERE subject = $1 FOR UPDATE NOWAIT";
    lock.execute(locking, &[&first.as_str()]).await.unwrap();
    let settled =
        [last.clone(), first].map(|location| CompletedJob { kind: sync(location), generation: 1 }).to_vec();
    let settling =
        tokio::spawn(
            async move { turn(&store, Decision { completed: settled, ..Decision::default() }).await },
        );
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!settling.is_finished());
    assert_eq!(client.execute(locking, &[&last.as_str()]).await.unwrap(), 1, "who waits holds no later row");
    lock.rollback().await.unwrap();
    settling.await.unwrap().unwrap();
    assert!(client.query("SELECT 1 FROM jobs", &[]).await.unwrap().is_empty());
}
