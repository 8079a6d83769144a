//! A store without a sealing key keeps everything but tokens.

use mdm_vpp_core::turn::{Decision, TokenChange};
use mdm_vpp_ports::Store;
use mdm_vpp_store::{memory::MemoryStore, sealing::KeyRing};

use crate::rows::{acme, app, berlin, everything, furnished, turn};

async fn refuses_to_save_a_token(store: &dyn Store) {
    let refusal = turn(store, furnished("secret")).await.unwrap_err();
    assert_eq!(refusal.code(), "sealing");
    assert!(refusal.to_string().contains("give the store a key ring"), "{refusal}");
    let loaded = store.load(&acme(), &everything()).await.unwrap();
    assert_eq!(loaded, Default::default(), "nothing of the turn was saved");

    turn(store, Decision { apps: vec![app(1, "Pages")], ..Decision::default() }).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().turn, 1);
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

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_token_can_be_changed_without_a_key_but_not_its_secret() {
    use mdm_vpp_core::token::ContentToken;
    use mdm_vpp_store::sqlite::SqliteStore;

    use crate::{folder::Folder, keys::ring, rows::token};

    let folder = Folder::new();
    let with_key = SqliteStore::open(folder.file(), ring()).await.unwrap();
    turn(&with_key, furnished("secret")).await.unwrap();
    drop(with_key);

    let store = SqliteStore::open(folder.file(), KeyRing::none()).await.unwrap();
    let change = |change| Decision { tokens: vec![change], ..Decision::default() };
    let renamed = Box::new(token(&berlin(), "Renamed"));
    turn(&store, change(TokenChange::Update { token: renamed.clone() })).await.unwrap();
    let content_token = ContentToken::new("fresh").unwrap();
    let replaced = TokenChange::Replace { token: renamed, content_token };
    assert_eq!(turn(&store, change(replaced)).await.unwrap_err().code(), "sealing");
    let closed = store.content_token(&acme(), &berlin()).await.unwrap_err();
    assert!(closed.to_string().contains("`one`"), "it names the key that is missing: {closed}");
}
