//! The store on SQLite keeps the promises of the port, in a file and in memory.

use std::sync::Arc;

use mdm_vpp_ports::{Store, conformance::store::checks};
use mdm_vpp_store::sqlite::SqliteStore;

use crate::{folder::Folder, keys::ring};

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
