//! The store on PostgreSQL keeps the promises of the port.

use std::sync::Arc;

use mdm_vpp_ports::conformance::store::checks;

use crate::postgres_place::Place;

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
