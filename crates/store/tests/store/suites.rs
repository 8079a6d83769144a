//! Every store keeps the promises of the port: the memory store, SQLite with and without a file, and PostgreSQL.

mod memory {
    use std::sync::Arc;

    use mdm_vpp_core::transaction::Loaded;
    use mdm_vpp_ports::{LoadScope, Store, conformance::store::checks};
    use mdm_vpp_store::memory::MemoryStore;

    use crate::fixture::{Deciding, acme, everything, furnished, ring, save};

    fn open() -> Arc<dyn Store> {
        Arc::new(MemoryStore::new(ring()))
    }

    macro_rules! tests {
        ($($check:ident),+ $(,)?) => {
            $(
                #[tokio::test]
                async fn $check() {
                    if let Err(violation) = checks::$check(open()).await {
                        panic!("{violation}");
                    }
                }
            )+
        };
    }
    mdm_vpp_ports::for_each_store_check!(tests);

    #[tokio::test]
    async fn the_suite_as_a_whole_passes() {
        let passed = mdm_vpp_ports::conformance::store::all(async || open()).await;
        assert_eq!(passed, Ok(()));
    }

    #[tokio::test]
    async fn a_decision_that_panics_saves_nothing_and_breaks_nothing() {
        let store = open();
        let panicking = Arc::clone(&store);
        let panics = Arc::new(Deciding(|_: &Loaded| panic!("a bug of the embedder")));
        let saving =
            tokio::spawn(async move { panicking.transact(&acme(), &LoadScope::default(), panics).await });
        assert!(saving.await.unwrap_err().is_panic());
        save(&*store, furnished("secret")).await.unwrap();
        assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::sync::Arc;

    use mdm_vpp_ports::{Store, conformance::store::checks};
    use mdm_vpp_store::sqlite::SqliteStore;

    use crate::fixture::{Folder, ring};

    macro_rules! tests {
        ($($check:ident),+ $(,)?) => {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $check() {
                    let folder = Folder::new();
                    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
                    if let Err(violation) = checks::$check(Arc::new(store)).await {
                        panic!("{violation}");
                    }
                }
            )+
        };
    }
    mdm_vpp_ports::for_each_store_check!(tests);

    #[tokio::test]
    async fn the_suite_as_a_whole_passes_without_a_file() {
        let open = async || Arc::new(SqliteStore::in_memory(ring()).unwrap()) as Arc<dyn Store>;
        assert_eq!(mdm_vpp_ports::conformance::store::all(open).await, Ok(()));
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::sync::Arc;

    use mdm_vpp_ports::conformance::store::checks;

    use crate::fixture::Place;

    macro_rules! tests {
        ($($check:ident),+ $(,)?) => {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $check() {
                    let store = Place::new().open().await;
                    if let Err(violation) = checks::$check(Arc::new(store)).await {
                        panic!("{violation}");
                    }
                }
            )+
        };
    }
    mdm_vpp_ports::for_each_store_check!(tests);
}

/// What a store loads after a decision is what the core says that the decision makes of what was loaded before.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod applied_decisions {
    use mdm_vpp_core::{
        location::{FullReadPage, LocationChanges, LocationState, WaitlistChange, WaitlistEntry},
        seats::{Direction, Epoch, Holders, Request, RequestNumber, Seat},
        transaction::Decision,
    };
    use mdm_vpp_ports::{LocationScope, Pools, Requests, Seats, Store};
    use mdm_vpp_store::memory::MemoryStore;

    use crate::{
        fixture::{acme, app, berlin, everything, furnished, now, ring, save_with},
        seats::{asset, put, serial, settled},
    };

    /// Decisions of which each changes rows that the one before it saved.
    fn decisions() -> Vec<Decision> {
        let changes = |seconds: i64| {
            let at = now() + chrono::TimeDelta::seconds(seconds);
            let key = serial(1, u64::try_from(seconds).unwrap());
            let entry = WaitlistEntry { seat: key.clone(), since: at };
            let holders = Holders::Devices { serial_numbers: [].into() };
            let number = RequestNumber(1);
            LocationChanges {
                state: Some(LocationState { fully_read_at: Some(at), ..LocationState::new(berlin()) }),
                requests: vec![Request::written(
                    berlin(),
                    number,
                    Direction::Associate,
                    [asset(1)].into(),
                    holders,
                    Epoch(1),
                )],
                waitlist: [(key.clone(), WaitlistChange::Add(entry))].into(),
                full_read_pages: vec![FullReadPage { page: 2, ..FullReadPage::default() }],
                forget_full_read_pages: seconds > 1,
                ..put([Seat { touched_at: at, ..settled(key) }].into_iter())
            }
        };
        vec![
            Decision { location: changes(1), ..furnished("secret") },
            Decision {
                apps: vec![app(1, "Renamed"), app(2, "New")],
                location: changes(2),
                ..Decision::default()
            },
        ]
    }

    async fn agrees_with_the_core(store: &dyn Store) {
        let location = LocationScope::of(berlin())
            .pools(Pools::All)
            .seats(Seats::After(None, 9))
            .requests(Requests::Open)
            .waitlist([(asset(1), 9)])
            .full_read_pages();
        let scope = everything().location(location);
        let mut decisions = decisions().into_iter();
        save_with(store, &scope, decisions.next().unwrap()).await.unwrap();
        for decision in decisions {
            let mut expected = store.load(&acme(), &scope).await.unwrap();
            decision.apply_to(&mut expected);
            save_with(store, &scope, decision).await.unwrap();
            assert_eq!(store.load(&acme(), &scope).await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn the_memory_store_agrees_with_the_core() {
        agrees_with_the_core(&MemoryStore::new(ring())).await;
    }

    #[cfg(feature = "sqlite")]
    #[tokio::test]
    async fn sqlite_agrees_with_the_core() {
        agrees_with_the_core(&mdm_vpp_store::sqlite::SqliteStore::in_memory(ring()).unwrap()).await;
    }

    #[cfg(feature = "postgres")]
    #[tokio::test]
    async fn postgres_agrees_with_the_core() {
        agrees_with_the_core(&crate::fixture::Place::new().open().await).await;
    }
}
