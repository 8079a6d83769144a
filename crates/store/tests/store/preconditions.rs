//! What a store needs: a sealing key to save tokens, and a tokio runtime for a database.

use mdm_vpp_core::transaction::Decision;
use mdm_vpp_ports::Store;
use mdm_vpp_store::{memory::MemoryStore, sealing::KeyRing};

use crate::fixture::{acme, app, everything, furnished, save};

async fn refuses_to_save_a_token(store: &dyn Store) {
    let refusal = save(store, furnished("secret")).await.unwrap_err();
    assert_eq!(refusal.code(), "sealing");
    assert!(refusal.to_string().contains("give the store a key ring"), "{refusal}");
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!(loaded, Default::default(), "nothing of the transaction was saved");

    save(store, Decision { apps: vec![app(1, "Pages")], ..Decision::default() }).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
}

#[tokio::test]
async fn the_memory_store_refuses_to_save_a_token_without_a_key() {
    refuses_to_save_a_token(&MemoryStore::new(KeyRing::none())).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_refuses_to_save_a_token_without_a_key() {
    let store = mdm_vpp_store::sqlite::SqliteStore::in_memory(KeyRing::none()).unwrap();
    refuses_to_save_a_token(&store).await;
}

/// Waits for a future on a thread without a tokio runtime.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn wait_without_runtime<T>(future: impl Future<Output = T>) -> T {
    use std::{
        pin::pin,
        sync::Arc,
        task::{Context, Poll, Wake, Waker},
        thread::{self, Thread},
    };

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}

/// A call must answer with an error that says what is missing, not with a panic.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn refused_without_runtime<T: std::fmt::Debug>(
    call: impl Future<Output = Result<T, mdm_vpp_ports::StoreError>>,
) {
    let refusal = wait_without_runtime(call).unwrap_err();
    assert_eq!((refusal.code(), refusal.is_retryable()), ("no_runtime", false), "{refusal}");
    assert!(refusal.to_string().contains("call it from a task of one"), "{refusal}");
}

#[cfg(feature = "sqlite")]
#[test]
fn sqlite_answers_with_an_error_outside_of_a_tokio_runtime() {
    use crate::fixture::{Folder, ring};

    let folder = Folder::new();
    refused_without_runtime(mdm_vpp_store::sqlite::SqliteStore::open(folder.file(), ring()));
    let store = mdm_vpp_store::sqlite::SqliteStore::in_memory(ring()).unwrap();
    refused_without_runtime(store.next_due());
    refused_without_runtime(save(&store, furnished("secret")));
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_answers_with_an_error_outside_of_a_tokio_runtime() {
    use crate::fixture::{Place, ring};

    let place = Place::new();
    refused_without_runtime(place.options().open(ring()));
    refused_without_runtime(place.options().migrate());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(place.open());
    refused_without_runtime(store.next_due());
    refused_without_runtime(save(&store, furnished("secret")));
    runtime.block_on(save(&store, furnished("secret"))).unwrap();
}
