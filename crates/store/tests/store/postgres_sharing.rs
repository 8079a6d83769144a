//! Several machines on one database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditPosition, CompletedJob, Decision, Job, JobKind, Loaded},
};
use mdm_vpp_ports::{Apps, LoadScope, Store, StoreError};
use mdm_vpp_store::postgres::PostgresStore;

use crate::fixture::{
    Deciding, Place, acme, app, audit, berlin, everything, furnished, now, ring, save, upload,
};

const TRANSACTIONS: u64 = 40;

fn sync() -> JobKind {
    JobKind::SyncAssets { location: berlin() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_run_transactions_at_once_and_lose_none() {
    let place = Place::new();
    let stores = [Arc::new(place.open().await), Arc::new(place.open().await)];
    save(&*stores[0], Decision { apps: vec![app(1, "0")], ..Decision::default() }).await.unwrap();
    let count_up = Arc::new(Deciding(|loaded: &Loaded| {
        let counted: u64 = loaded.apps.values().next().unwrap().name.parse().unwrap();
        let apps = vec![app(1, &(counted + 1).to_string())];
        Decision { apps, audit: vec![audit(counted)], ..Decision::default() }
    }));
    let scope = LoadScope::default().apps(Apps::All);
    let workers: Vec<_> = [0, 1, 0, 1]
        .iter()
        .map(|store| {
            let (store, scope, count_up) =
                (Arc::clone(&stores[*store]), scope.clone(), Arc::clone(&count_up));
            tokio::spawn(async move {
                for _ in 0..TRANSACTIONS {
                    store.transact(&acme(), &scope, count_up.clone()).await.unwrap();
                    store.enqueue(&acme(), &[Job::at(sync(), now())]).await.unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let loaded = stores[1].load(&acme(), &scope).await.unwrap();
    let counted = loaded.apps.values().next().unwrap().name.clone();
    assert_eq!((loaded.transaction, counted), (4 * TRANSACTIONS + 1, (4 * TRANSACTIONS).to_string()));
    let due = stores[0].jobs_of_location(&acme(), &berlin()).await.unwrap();
    assert_eq!(due.iter().map(|due| due.generation).collect::<Vec<_>>(), [4 * TRANSACTIONS]);
    let audit = stores[0].audit_since(&acme(), AuditPosition::default(), 1_000).await.unwrap();
    let numbers: Vec<u64> = audit.iter().map(|entry| entry.position.transaction).collect();
    assert_eq!(numbers, (2..=4 * TRANSACTIONS + 1).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_location_that_two_tenants_add_at_once_goes_to_one() {
    let place = Place::new();
    let store = Arc::new(place.open().await);
    for number in 0..10 {
        let location = LocationId::new(format!("20490250004314{number}")).unwrap();
        let adding = ["acme", "globex"].map(|tenant| {
            let (store, decision) =
                (Arc::clone(&store), upload(&location, &format!("{tenant} {number}"), "secret"));
            tokio::spawn(async move {
                let decide = Arc::new(Deciding(move |_: &Loaded| decision.clone()));
                store.transact(&TenantId::new(tenant).unwrap(), &LoadScope::default(), decide).await
            })
        });
        let mut codes = Vec::new();
        for added in adding {
            codes.push(added.await.unwrap().map_err(|error| error.code()));
        }
        codes.sort_unstable();
        assert_eq!(codes, [Ok(()), Err("location_in_other_tenant")]);
    }
}

/// Completes the same job again and again, and gives the generations that it completed.
async fn complete_again_and_again(store: &PostgresStore, times: usize) -> Vec<u64> {
    let mut completed = Vec::new();
    while completed.len() < times {
        for Job { kind, generation, .. } in store.jobs_of_location(&acme(), &berlin()).await.unwrap() {
            save(
                store,
                Decision { completed: vec![CompletedJob { kind, generation }], ..Decision::default() },
            )
            .await
            .unwrap();
            let left = store.jobs_of_location(&acme(), &berlin()).await.unwrap();
            if left.iter().all(|due| due.generation != generation) {
                completed.push(generation);
            }
        }
    }
    completed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_that_is_enqueued_while_it_is_completed_never_gets_a_generation_that_it_had() {
    let place = Place::new();
    let stores = [Arc::new(place.open().await), Arc::new(place.open().await)];
    save(&*stores[0], furnished("secret")).await.unwrap();
    let enough = Arc::new(AtomicBool::new(false));
    let enqueueing = stores.clone().map(|store| {
        let enough = Arc::clone(&enough);
        tokio::spawn(async move {
            while !enough.load(Ordering::SeqCst) {
                store.enqueue(&acme(), &[Job::at(sync(), now())]).await.unwrap();
            }
        })
    });
    let completed = complete_again_and_again(&stores[1], 100).await;
    enough.store(true, Ordering::SeqCst);
    for enqueueing in enqueueing {
        enqueueing.await.unwrap();
    }
    let mut once = completed.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once, completed, "each generation once, and growing");
    save(&*stores[0], Decision { apps: vec![app(7, "x")], ..Decision::default() }).await.unwrap();
}

#[tokio::test]
async fn enqueueing_a_job_waits_for_its_completion_and_continues_from_its_generation() {
    let place = Place::new();
    let store = Arc::new(place.open().await);
    save(&*store, furnished("secret")).await.unwrap();
    let mut other = place.client().await;
    let settling = other.transaction().await.unwrap();
    settling.execute("DELETE FROM jobs WHERE generation = 1", &[]).await.unwrap();
    settling.execute("UPDATE tenants SET completed_generation = 1", &[]).await.unwrap();
    let enqueueing = Arc::clone(&store);
    let enqueueing =
        tokio::spawn(async move { enqueueing.enqueue(&acme(), &[Job::at(sync(), now())]).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!enqueueing.is_finished());
    settling.commit().await.unwrap();
    enqueueing.await.unwrap().unwrap();
    let due = store.jobs_of_location(&acme(), &berlin()).await.unwrap();
    assert_eq!(due.iter().map(|due| due.generation).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_tenant_that_another_process_locks_for_too_long_is_busy_and_enqueueing_goes_on() {
    let place = Place::new();
    let store = place.options().busy_timeout(Duration::from_millis(50)).open(ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM tenants FOR UPDATE", &[]).await.unwrap();

    let decision = Decision { apps: vec![app(2, "Numbers")], ..Decision::default() };
    let busy = save(&store, decision.clone()).await.unwrap_err();
    assert!(matches!(busy, StoreError::Busy) && busy.is_retryable(), "{busy}");
    store.enqueue(&acme(), &[Job::at(sync(), now())]).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1, "reading goes on");

    lock.rollback().await.unwrap();
    save(&store, decision).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 2);
}

#[tokio::test]
async fn a_transaction_waits_for_a_connection_and_is_busy_in_the_end() {
    let place = Place::new();
    let options = place.options().connections(1).busy_timeout(Duration::from_millis(300));
    let store = Arc::new(options.open(ring()).await.unwrap());
    save(&*store, furnished("secret")).await.unwrap();
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM tenants FOR UPDATE", &[]).await.unwrap();
    let waits = Arc::clone(&store);
    let waits = tokio::spawn(async move {
        save(&*waits, Decision { audit: vec![audit(1)], ..Decision::default() }).await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(matches!(store.next_due().await, Err(StoreError::Busy) | Ok(_)));
    assert!(matches!(waits.await.unwrap(), Err(StoreError::Busy)));
    drop(lock);
    store.next_due().await.unwrap();
}
