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
