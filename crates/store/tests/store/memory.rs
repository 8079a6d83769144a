//! The memory store keeps the promises of the port.

use std::sync::Arc;

use mdm_vpp_ports::{Store, conformance::store::checks};
use mdm_vpp_store::memory::MemoryStore;

use crate::keys::ring;

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
