//! A server that stands still while its kernel still accepts what is sent to it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use mdm_vpp_core::transaction::{Decision, Loaded};
use mdm_vpp_ports::{LoadScope, Store, StoreError};
use mdm_vpp_store::postgres::PostgresOptions;
use postgres_for_tests::{Disk, Paused, Server};

use crate::fixture::{Deciding, Place, acme, app, berlin, everything, furnished, ring, save};

/// The time within which a call ends, in seconds: one for a statement, five that the store waits longer, and three that a
/// busy machine may need.
const LIMIT: Duration = Duration::from_secs(9);

fn server_and_options() -> (Server, PostgresOptions) {
    let server = Server::of_its_own(Disk::NotWaited).unwrap_or_else(|error| panic!("{error}"));
    let options = PostgresOptions::parse(&format!("{}?connect_timeout=1", server.url())).unwrap();
    (server, options.statement_timeout(Duration::from_secs(1)).connections(2))
}

/// The error of a call that must give up in time.
async fn given_up<T>(call: impl Future<Output = Result<T, StoreError>>) -> String {
    let begun = Instant::now();
    let ended = tokio::time::timeout(Duration::from_secs(30), call).await;
    let Err(failure) = ended.unwrap_or_else(|_| panic!("the call waits for ever")) else {
        panic!("the call got an answer")
    };
    assert!(begun.elapsed() < LIMIT, "it took {:?}", begun.elapsed());
    assert_eq!(failure.code(), "backend", "{failure}");
    let text = failure.to_string();
    assert!(text.contains("the server gave no answer in time, so the connection was closed"), "{text}");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_blocks_no_call_and_the_store_goes_on_afterwards() {
    let (server, options) = server_and_options();
    let store = options.clone().open(ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();

    let paused = server.pause().unwrap();
    // The first has a connection from before, the second has to make one.
    let (acme, everything) = (acme(), everything());
    let (loaded, opened) =
        tokio::join!(given_up(store.load(&acme, &everything)), given_up(options.open(ring())));
    assert!(loaded.contains("beginning to read"), "{loaded}");
    assert!(opened.contains("connecting to the server"), "{opened}");
    let again = given_up(store.load(&acme, &everything)).await;
    assert!(again.contains("connecting to the server"), "the other connection was closed: {again}");
    drop(paused);

    save(&store, Decision { apps: vec![app(2, "Numbers")], ..Decision::default() }).await.unwrap();
    assert_eq!(store.load(&acme, &everything).await.unwrap().apps.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_whose_server_stops_in_the_middle_gives_up_and_saves_nothing() {
    let (server, options) = server_and_options();
    let store = options.open(ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();

    let (sender, paused) = std::sync::mpsc::channel::<Paused>();
    let pausing = Arc::new(Deciding(move |_: &Loaded| {
        sender.send(server.pause().unwrap()).unwrap();
        Decision { apps: vec![app(2, "Numbers")], ..Decision::default() }
    }));
    let failure = given_up(store.transact(&acme(), &LoadScope::default(), pausing)).await;
    assert!(failure.contains("writing the catalog"), "{failure}");
    drop(paused);
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!((loaded.transaction, loaded.apps.len()), (1, 1));
    save(&store, Decision { apps: vec![app(2, "Numbers")], ..Decision::default() }).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().apps.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_an_answer_says_that_only_reading_again_tells_whether_it_was_saved() {
    let (server, options) = server_and_options();
    let store = Arc::new(options.statement_timeout(Duration::from_secs(3)).open(ring()).await.unwrap());
    save(&*store, furnished("secret")).await.unwrap();
    // A check at the end of the transaction makes the commit slow, so that the server is stopped in the middle of it.
    let slow = "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER slowly AFTER UPDATE ON tenants DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION slowly()";
    let place = Place { url: server.url().to_owned(), schema: Default::default() };
    place.client().await.batch_execute(slow).await.unwrap();
    let saving = Arc::clone(&store);
    let saving = tokio::spawn(async move {
        let decision = Decision { apps: vec![app(2, "Numbers")], ..Decision::default() };
        tokio::time::timeout(Duration::from_secs(20), save(&*saving, decision)).await
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let paused = server.pause().unwrap();
    let failure = saving.await.unwrap().unwrap().unwrap_err().to_string();
    assert!(failure.contains("only known by reading again: the server gave no answer in time"), "{failure}");
    drop(paused);
    // In this test the server had received all of it, and so it was saved.
    let saved = async {
        while store.load(&acme(), &everything()).await.unwrap().transaction == 1 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), saved).await.unwrap();
    assert_eq!(store.content_token(&acme(), &berlin()).await.unwrap().content_token.expose(), "secret");
}
