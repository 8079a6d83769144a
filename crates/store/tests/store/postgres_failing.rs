//! Servers and connections that go away, and what they leave.

use std::sync::Arc;

use mdm_vpp_core::transaction::{Decision, Loaded};
use mdm_vpp_ports::{LoadScope, Store};
use postgres_for_tests::{Disk, Server};

use crate::fixture::{Deciding, Place, acme, app, everything, furnished, ring, save};

fn numbers() -> Decision {
    Decision { apps: vec![app(2, "Numbers")], ..Decision::default() }
}

/// Opens the store again and again until the server has repaired itself.
async fn wait_for(place: &Place) -> mdm_vpp_store::postgres::PostgresStore {
    for _ in 0..200 {
        if let Ok(store) = place.options().open(ring()).await {
            return store;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the server did not come back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_whose_server_crashes_saves_nothing_and_the_store_goes_on() {
    let server = Server::of_its_own(Disk::Waited).unwrap_or_else(|error| panic!("{error}"));
    let place = Place::on(&server);
    let store = place.options().connections(2).open(ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let client = place.client().await;
    let (handle, killing) = (tokio::runtime::Handle::current(), server.clone());
    let crashes = Arc::new(Deciding(move |_: &Loaded| {
        // The only session in a transaction is that of our transaction.
        let sql = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'";
        let row = tokio::task::block_in_place(|| handle.block_on(client.query_one(sql, &[])));
        killing.kill_connection(row.unwrap().get(0)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
        numbers()
    }));
    let failure = store.transact(&acme(), &LoadScope::default(), crashes).await.unwrap_err();
    assert_eq!(failure.code(), "backend", "{failure}");
    assert!(!failure.is_retryable());
    let loaded = wait_for(&place).await.load(&acme(), &everything()).await.unwrap();
    assert_eq!((loaded.transaction, loaded.apps.len()), (1, 1));
    let mut done = save(&store, numbers()).await;
    for _ in 0..5 {
        if done.is_ok() {
            break;
        }
        done = save(&store, numbers()).await;
    }
    done.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 2);

    server.end().unwrap();
    let failures = [save(&store, numbers()).await.err(), store.next_due().await.err()];
    for failure in failures {
        let failure = failure.unwrap();
        assert_eq!(failure.code(), "backend", "{failure}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_failure_and_saves_nothing() {
    let place = Place::new();
    let store = place.open().await;
    save(&store, furnished("secret")).await.unwrap();
    let full = "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
                CREATE TRIGGER disk_full BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION disk_full()";
    let client = place.client().await;
    client.batch_execute(full).await.unwrap();
    let failure = save(&store, numbers()).await.unwrap_err();
    assert!(
        failure.code() == "backend" && failure.to_string().contains("saving a transaction: "),
        "{failure}"
    );
    assert!(failure.to_string().contains("no space left on device"), "{failure}");
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!((loaded.transaction, loaded.apps.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_the_database_asks_to_repeat_is_repeated_a_few_times() {
    for (failures, expected) in [(3, Ok(())), (1_000, Err("busy"))] {
        let place = Place::new();
        let store = place.open().await;
        save(&store, furnished("secret")).await.unwrap();
        let repeats = format!(
            "CREATE SEQUENCE asked;
             CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN IF nextval('asked') <= {failures} THEN
                    RAISE EXCEPTION 'again' USING ERRCODE = 'deadlock_detected'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER again BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION again()"
        );
        place.client().await.batch_execute(&repeats).await.unwrap();
        assert_eq!(save(&store, numbers()).await.map_err(|error| error.code()), expected);
        let transactions = store.load(&acme(), &everything()).await.unwrap().transaction;
        assert_eq!(transactions, if expected.is_ok() { 2 } else { 1 });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_panics_saves_nothing_and_breaks_nothing() {
    let place = Place::new();
    let store = Arc::new(place.options().connections(1).open(ring()).await.unwrap());
    let panics = Arc::new(Deciding(|_: &Loaded| panic!("a bug of the embedder")));
    let saving = Arc::clone(&store);
    let saving = tokio::spawn(async move { saving.transact(&acme(), &LoadScope::default(), panics).await });
    assert!(saving.await.unwrap_err().is_panic());
    save(&*store, furnished("secret")).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_whose_caller_stops_waiting_is_rolled_back() {
    let place = Place::new();
    let store = Arc::new(place.options().connections(1).open(ring()).await.unwrap());
    save(&*store, furnished("secret")).await.unwrap();
    let mut other = place.client().await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM tenants FOR UPDATE", &[]).await.unwrap();
    let saving = Arc::clone(&store);
    let saving = tokio::spawn(async move { save(&*saving, numbers()).await });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    saving.abort();
    assert!(saving.await.unwrap_err().is_cancelled());
    lock.rollback().await.unwrap();
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!((loaded.transaction, loaded.apps.len()), (1, 1));
}
