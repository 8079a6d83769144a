//! A store without a sealing key keeps everything but tokens.

use mdm_vpp_core::transaction::Decision;
use mdm_vpp_ports::Store;
use mdm_vpp_store::{memory::MemoryStore, sealing::KeyRing};

use crate::rows::{acme, app, everything, furnished, turn};

async fn refuses_to_save_a_token(store: &dyn Store) {
    let refusal = turn(store, furnished("secret")).await.unwrap_err();
    assert_eq!(refusal.code(), "sealing");
    assert!(refusal.to_string().contains("give the store a key ring"), "{refusal}");
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!(loaded, Default::default(), "nothing of the turn was saved");

    turn(store, Decision { apps: vec![app(1, "Pages")], ..Decision::default() }).await.unwrap();
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
