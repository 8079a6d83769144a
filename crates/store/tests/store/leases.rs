//! Leases end by the store's clock, and outlive the process that took them.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_ports::{Lease, LeaseHolder, LoadScope, LocationScope, Store, fake::ManualClock};
use mdm_vpp_store::memory::MemoryStore;

use crate::fixture::{Deciding, acme, app, berlin, now, ring, save, upload_berlin};

async fn ask(store: &dyn Store, holder: &str) -> Option<Lease> {
    let holder = LeaseHolder(holder.to_owned());
    store.lease(&acme(), &berlin(), &holder, TimeDelta::seconds(60)).await.unwrap()
}

async fn refusal(store: &dyn Store, lease: &Lease) -> Option<&'static str> {
    let scope = LocationScope::of(berlin()).lease(lease.clone());
    let decide = Arc::new(Deciding(|_: &_| mdm_vpp_core::transaction::Decision {
        apps: vec![app(1, "Pages")],
        ..Default::default()
    }));
    store.transact(&acme(), &LoadScope::of(scope), decide).await.err().map(|error| error.code())
}

async fn leases_end_by_the_clock(store: &dyn Store, clock: &ManualClock) {
    save(store, upload_berlin()).await.unwrap();
    let first = ask(store, "a").await.unwrap();
    assert_eq!(first.until, now() + TimeDelta::seconds(60));
    clock.advance(TimeDelta::milliseconds(59_999));
    assert_eq!(ask(store, "b").await, None);
    assert_eq!(refusal(store, &first).await, None);
    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(refusal(store, &first).await, Some("lease_lost"));
    let second = ask(store, "b").await.unwrap();
    assert_eq!((second.epoch, second.until), (first.epoch.next(), now() + TimeDelta::seconds(120)));

    clock.set(now());
    assert_eq!(refusal(store, &first).await, Some("lease_lost"), "not by turning the clock back");
    assert_eq!(refusal(store, &second).await, None);
    assert_eq!(ask(store, "a").await, None);
    assert_eq!(ask(store, "b").await, Some(second), "the holder may rely on the expiry it was given");
}

#[tokio::test]
async fn leases_in_memory_end_by_the_clock() {
    let clock = Arc::new(ManualClock::at(now()));
    leases_end_by_the_clock(&MemoryStore::new(ring()).clock(clock.clone()), &clock).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn leases_on_sqlite_end_by_the_clock_and_outlive_the_process() {
    use mdm_vpp_store::sqlite::SqliteOptions;

    let folder = crate::fixture::Folder::new();
    let clock = Arc::new(ManualClock::at(now()));
    let open = async || SqliteOptions::new().clock(clock.clone()).open(folder.file(), ring()).await.unwrap();
    let store = open().await;
    leases_end_by_the_clock(&store, &clock).await;
    drop(store);
    let again = open().await;
    assert_eq!(ask(&again, "a").await, None);
    clock.advance(TimeDelta::seconds(120));
    assert_eq!(ask(&again, "a").await.unwrap().epoch.0, 3);
}
