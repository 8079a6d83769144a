//! How much room seats take in a file, and how long many of them take.
//!
//! A million seats are measured by hand, optimised:
//! `MANY_SEATS=1048576 cargo test --release -p mdm-vpp-store --all-features -- --nocapture sqlite_seats`.

use std::{sync::Arc, time::Instant};

use mdm_vpp_core::{
    seats::{NextAction, Progress, RequestNumber, Seat, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{LocationScope, Seats, Store};
use mdm_vpp_store::{memory::MemoryStore, sqlite::SqliteStore};
use rusqlite::Connection;

use crate::{
    folder::Folder,
    keys::ring,
    rows::{acme, berlin, turn},
    seats::{self, pools, put, serial, settled},
    talk::{talk_of, turn_of, upload},
};

/// A settled seat with a serial number of 12 letters takes at most so many bytes of the file, indexes included.
const MOST_BYTES: u64 = 80;

/// How many seats are measured: a power of two.
fn count() -> u64 {
    std::env::var("MANY_SEATS").map_or(1 << 15, |count| count.parse().unwrap())
}

/// The numbers below a power of two, each once, in no order.
fn scattered(count: u64) -> impl Iterator<Item = u64> {
    assert!(count.is_power_of_two());
    // An odd factor leaves out no number below a power of two.
    (0..count).map(move |n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % count)
}

/// The bytes of the file that hold rows.
fn size(connection: &Connection) -> u64 {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).unwrap();
    let number = |name| u64::from(number(name));
    (number("page_count") - number("freelist_count")) * number("page_size")
}

/// Saves seats in transactions of 5,000, and tells the bytes that each takes.
async fn bytes_of_a_seat(seats: impl Iterator<Item = SeatKey>) -> u64 {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    turn(&store, Decision { pools: pools(256), ..upload() }).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    let before = size(&connection);
    let (mut count, mut seats) = (0, seats.peekable());
    while seats.peek().is_some() {
        let changes = put(seats.by_ref().take(5_000).map(settled));
        count += u64::try_from(changes.seats.len()).unwrap();
        seats::turn(&store, changes).await.unwrap();
    }
    (size(&connection) - before).div_ceil(count)
}

fn by_key(count: u64) -> impl Iterator<Item = SeatKey> {
    let a_pool = count / 256;
    (0..count).map(move |n| serial(n / a_pool, n % a_pool * 26_000_017))
}

fn in_no_order(count: u64) -> impl Iterator<Item = SeatKey> {
    scattered(count).map(|n| serial(n % 256, n * 1_000_003))
}

#[tokio::test]
async fn a_settled_seat_is_small() {
    let count = count();
    for (order, bytes) in [
        ("by key", bytes_of_a_seat(by_key(count)).await),
        ("in no order", bytes_of_a_seat(in_no_order(count)).await),
    ] {
        println!("{bytes} bytes a seat, {count} saved {order}");
        assert!(bytes <= MOST_BYTES, "{bytes} bytes a seat, {count} saved {order}");
    }
}

/// What transactions of 20,000 seats take in a store that holds so many others.
async fn times(name: &str, store: Arc<dyn Store>, others: u64) {
    turn(&*store, Decision { pools: pools(256), ..upload() }).await.unwrap();
    let keys: Vec<SeatKey> = by_key(others).collect();
    for keys in keys.chunks(5_000) {
        seats::turn(&*store, put(keys.iter().cloned().map(settled))).await.unwrap();
    }
    let spread = || keys.iter().step_by(keys.len() / 20_000).take(20_000).cloned();
    let under_way = spread()
        .map(|key| Seat { progress: Progress::InRequest { request: RequestNumber(7) }, ..settled(key) });
    let changes = [
        ("insert 20,000", put((0..20_000).map(|n| settled(serial(n % 256, n * 31 + 7_000_000_000))))),
        ("put 20,000 into requests", put(under_way)),
        ("settle 20,000", put(spread().map(settled))),
        ("insert 5,000", put((0..5_000).map(|n| settled(serial(n % 256, n * 31 + 9_000_000_000))))),
    ];
    for (what, changes) in changes {
        let begun = Instant::now();
        seats::turn(&*store, changes).await.unwrap();
        println!("{name} with {others} seats: {what}: {:?}", begun.elapsed());
    }
    let under_way =
        spread().take(5_000).map(|key| Seat { progress: Progress::Queued { apart: None }, ..settled(key) });
    seats::turn(&*store, put(under_way)).await.unwrap();
    let holder = keys[0].holder.clone();
    for (what, seats) in [
        ("load 20,000 by their keys", Seats::These(spread().collect())),
        ("load 5,000 after a key", Seats::After(Some(keys[keys.len() / 2].clone()), 5_000)),
        ("load 1,000 of 5,000 on an agenda", Seats::WithNextAction([NextAction::Send].into(), 1_000)),
        ("load the seats of a device", Seats::OfHolder(holder)),
    ] {
        let begun = Instant::now();
        let scope = turn_of(LocationScope { seats, ..talk_of(&berlin()) });
        let Loaded { location: talk, .. } = store.load(&acme(), &scope).await.unwrap();
        println!(
            "{name} with {others} seats: {what}: {} in {:?}",
            talk.unwrap().seats.len(),
            begun.elapsed()
        );
    }
}

#[tokio::test]
async fn turns_of_many_seats_are_taken_among_many_more() {
    let folder = Folder::new();
    times("sqlite", Arc::new(SqliteStore::open(folder.file(), ring()).await.unwrap()), count()).await;
    times("memory", Arc::new(MemoryStore::new(ring())), count()).await;
}
