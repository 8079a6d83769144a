//! How much room seats take in a database. `cargo bench -p mdm-vpp-store --all-features --bench seats` measures a million.

use mdm_vpp_core::transaction::Decision;

#[cfg(feature = "postgres")]
use crate::fixture::Place;
#[cfg(feature = "sqlite")]
use crate::fixture::{Folder, ring};
use crate::{
    fixture::{save, upload_berlin},
    seats::{self, pools, save_in_parts},
};

/// The largest number of bytes that a settled seat with a serial number of 12 letters takes in a file of SQLite, all
/// indexes included. Ours: a million seats fit into 80 MB.
#[cfg(feature = "sqlite")]
const MOST_BYTES_SQLITE: u64 = 80;

/// The same in PostgreSQL, whose rows have a header of 24 bytes and whose keys stand in an index of their own.
#[cfg(feature = "postgres")]
const MOST_BYTES_POSTGRES: u64 = 180;

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_settled_seat_is_small_on_sqlite_in_any_order() {
    let count = 1 << 15;
    let orders: [(&str, Box<dyn Iterator<Item = _>>); 2] =
        [("by key", Box::new(seats::by_key(count))), ("in no order", Box::new(seats::in_no_order(count)))];
    for (order, keys) in orders {
        let folder = Folder::new();
        let store = mdm_vpp_store::sqlite::SqliteStore::open(folder.file(), ring()).await.unwrap();
        let decision = Decision { pools: pools(256), ..upload_berlin() };
        save(&store, decision).await.unwrap();
        let before = seats::bytes_used(&folder.file());
        save_in_parts(&store, keys).await;
        let bytes = (seats::bytes_used(&folder.file()) - before).div_ceil(count);
        assert!(bytes <= MOST_BYTES_SQLITE, "{bytes} bytes a seat, {count} saved {order}");
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_settled_seat_is_small_on_postgres() {
    let (place, count) = (Place::new(), 20_000);
    let store = place.open().await;
    let decision = Decision { pools: pools(250), ..upload_berlin() };
    save(&store, decision).await.unwrap();
    save_in_parts(&store, seats::in_device_order(count)).await;
    let row = place.client().await.query_one("SELECT pg_total_relation_size('seats')", &[]).await.unwrap();
    let bytes = u64::try_from(row.get::<_, i64>(0)).unwrap().div_ceil(count);
    assert!(bytes <= MOST_BYTES_POSTGRES, "{bytes} bytes a seat");
}
