//! Several processes on one file.

use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use mdm_vpp_core::transaction::{AuditPosition, Decision, Job, JobKind, Loaded};
use mdm_vpp_ports::{Apps, LoadScope, Store, StoreError};
use mdm_vpp_store::sqlite::{SqliteOptions, SqliteStore};
use rusqlite::Connection;

use crate::fixture::{Deciding, Folder, acme, app, audit, berlin, everything, furnished, now, ring, save};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transactions_through_two_stores_on_one_file_are_not_lost() {
    const TRANSACTIONS: u64 = 40;
    let folder = Folder::new();
    let stores =
        [SqliteStore::open(folder.file(), ring()).await, SqliteStore::open(folder.file(), ring()).await];
    let stores = stores.map(|store| Arc::new(store.unwrap()));
    save(&*stores[0], Decision { apps: vec![app(1, "0")], ..Decision::default() }).await.unwrap();
    let count_up = Arc::new(Deciding(|loaded: &Loaded| {
        let counted: u64 = loaded.apps.values().next().unwrap().name.parse().unwrap();
        let apps = vec![app(1, &(counted + 1).to_string())];
        Decision { apps, audit: vec![audit(counted)], ..Decision::default() }
    }));
    let scope = LoadScope::default().apps(Apps::All);
    let workers: Vec<_> = stores
        .iter()
        .map(|store| {
            let (store, scope, count_up) = (Arc::clone(store), scope.clone(), Arc::clone(&count_up));
            tokio::spawn(async move {
                for _ in 0..TRANSACTIONS {
                    store.transact(&acme(), &scope, count_up.clone()).await.unwrap();
                    let due = Job::at(JobKind::SyncAssets { location: berlin() }, now());
                    store.enqueue(&acme(), &[due]).await.unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let loaded = stores[1].load(&acme(), &scope).await.unwrap();
    let counted = loaded.apps.values().next().unwrap().name.clone();
    assert_eq!((loaded.transaction, counted), (2 * TRANSACTIONS + 1, (2 * TRANSACTIONS).to_string()));
    let due = stores[0].jobs_of_location(&acme(), &berlin()).await.unwrap();
    assert_eq!(due.iter().map(|due| due.generation).collect::<Vec<_>>(), [2 * TRANSACTIONS]);
    let audit = stores[0].audit_since(&acme(), AuditPosition::default(), 1_000).await.unwrap();
    let numbers: Vec<u64> = audit.iter().map(|entry| entry.position.transaction).collect();
    assert_eq!(numbers, (2..=2 * TRANSACTIONS + 1).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_file_that_another_process_writes_for_too_long_is_busy() {
    let folder = Folder::new();
    let options = SqliteOptions::new().busy_timeout(Duration::from_millis(20));
    let store = options.open(folder.file(), ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();

    let decision = Decision { apps: vec![app(2, "Numbers")], ..Decision::default() };
    let busy = save(&store, decision.clone()).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy) && busy.is_retryable(), "{busy}");
    let due = [Job::at(JobKind::SyncAssets { location: berlin() }, now())];
    assert!(matches!(store.enqueue(&acme(), &due).await, Err(StoreError::Busy)));
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1, "reading goes on");

    other.execute_batch("ROLLBACK").unwrap();
    save(&store, decision).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 2);
}

#[tokio::test]
async fn a_file_that_is_up_to_date_opens_while_another_process_writes() {
    let folder = Folder::new();
    let options = SqliteOptions::new().busy_timeout(Duration::ZERO);
    save(&options.clone().open(folder.file(), ring()).await.unwrap(), furnished("secret")).await.unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let store = options.open(folder.file(), ring()).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
}

#[tokio::test]
async fn a_new_file_that_another_process_locks_is_busy_until_the_lock_is_released() {
    let folder = Folder::new();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let impatient = SqliteOptions::new().busy_timeout(Duration::from_millis(20));
    let busy = impatient.open(folder.file(), ring()).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    let ends = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        other.execute_batch("COMMIT").unwrap();
    });
    SqliteStore::open(folder.file(), ring()).await.unwrap();
    ends.join().unwrap();
}

#[tokio::test]
async fn a_writer_waits_for_another_within_the_busy_timeout() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ends = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        other.execute_batch("COMMIT").unwrap();
    });
    save(&store, furnished("secret")).await.unwrap();
    ends.join().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_panics_saves_nothing_and_breaks_nothing() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    let panics = Arc::new(Deciding(|_: &Loaded| panic!("a bug of the embedder")));
    let failure = store.transact(&acme(), &LoadScope::default(), panics).await.unwrap_err();
    assert_eq!(failure.code(), "backend");
    save(&store, furnished("secret")).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_whose_caller_stops_waiting_still_ends() {
    let folder = Folder::new();
    let store = Arc::new(SqliteStore::open(folder.file(), ring()).await.unwrap());
    let (reached, goes_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (reached_here, goes_on_here) = (Arc::clone(&reached), Arc::clone(&goes_on));
    let waits = Arc::new(Deciding(move |_: &Loaded| {
        reached_here.wait();
        goes_on_here.wait();
        Decision { apps: vec![app(1, "Pages")], ..Decision::default() }
    }));
    let caller = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.transact(&acme(), &LoadScope::default(), waits).await }
    });
    tokio::task::spawn_blocking(move || reached.wait()).await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    goes_on.wait();
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!((loaded.transaction, loaded.apps.len()), (1, 1));
}
