//! The memory store keeps the promises of the port.

use std::sync::Arc;

use mdm_vpp_core::transaction::Loaded;
use mdm_vpp_ports::{LoadScope, Store, conformance::store::checks};
use mdm_vpp_store::memory::MemoryStore;

use crate::{
    keys::ring,
    rows::{self, Deciding, acme},
};

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
    let taking = Arc::clone(&store);
    let panics = Arc::new(Deciding(|_: &Loaded| panic!("a bug of the embedder")));
    let turn = tokio::spawn(async move { taking.transact(&acme(), &LoadScope::default(), panics).await });
    assert!(turn.await.unwrap_err().is_panic());
    rows::turn(&*store, rows::furnished("secret")).await.unwrap();
    assert_eq!(store.load(&acme(), &rows::everything()).await.unwrap().transaction, 1);
}
