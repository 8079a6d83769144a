//! How long transactions of many seats take in each store, and how much room seats take.
//!
//! `cargo bench -p mdm-vpp-store --all-features --bench seats` measures a million seats in all stores; `-- sqlite`, `memory` or
//! `postgres` measures one store. Without `--bench`, as in `cargo test --benches`, everything is small.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a bench that fails panics")]

#[path = "../tests/store/fixture.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod fixture;
#[path = "../tests/store/seats.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod seats;

use std::{sync::Arc, time::Instant};

use mdm_vpp_core::{
    location::LocationChanges,
    seats::{NextAction, Progress, RequestNumber, Seat, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{LoadScope, LocationScope, Seats, Store};
use mdm_vpp_store::{memory::MemoryStore, postgres::PostgresStore, sqlite::SqliteStore};
use postgres_for_tests::{Disk, Server};

use crate::{
    fixture::{Deciding, Folder, Place, acme, audit, berlin, ring, save, upload_berlin},
    seats::{by_key, bytes_used, in_device_order, pools, put, save_in_parts, save_location, serial, settled},
};

/// How much is measured.
#[derive(Clone, Copy)]
struct Size {
    /// Seats in the store, a power of two.
    seats: u64,
    /// Transactions of one device, in each of three rounds.
    rounds: u64,
    /// Transactions of 1,000 devices.
    large: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let is_asked = |word: &str| has(word) || !["memory", "sqlite", "postgres"].into_iter().any(has);
    let size = if has("--bench") {
        Size { seats: 1 << 20, rounds: 2_000, large: 7 }
    } else {
        Size { seats: 1 << 15, rounds: 4, large: 1 }
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        if is_asked("memory") {
            measure("memory", Arc::new(MemoryStore::new(ring())), size).await;
        }
        if is_asked("sqlite") {
            let folder = Folder::new();
            let store = Arc::new(SqliteStore::open(folder.file(), ring()).await.unwrap());
            measure("sqlite", store, size).await;
            println!("sqlite: {} bytes a seat, all rows included", bytes_used(&folder.file()) / size.seats);
        }
        if is_asked("postgres") {
            measure_postgres(size).await;
        }
    });
}

/// Times transactions of 20,000 seats in a store that holds many others.
async fn measure(name: &str, store: Arc<dyn Store>, size: Size) {
    save(&*store, Decision { pools: pools(256), ..upload_berlin() }).await.unwrap();
    let keys: Vec<SeatKey> = by_key(size.seats).collect();
    save_in_parts(&*store, keys.iter().cloned()).await;
    let spread = || keys.iter().step_by(keys.len() / 20_000).take(20_000).cloned();
    let in_request = spread()
        .map(|key| Seat { progress: Progress::InRequest { request: RequestNumber(7) }, ..settled(key) });
    for (what, changes) in [
        ("insert 20,000", put((0..20_000).map(|n| settled(serial(n % 256, n * 31 + 7_000_000_000))))),
        ("put 20,000 into requests", put(in_request)),
        ("settle 20,000", put(spread().map(settled))),
        ("insert 5,000", put((0..5_000).map(|n| settled(serial(n % 256, n * 31 + 9_000_000_000))))),
    ] {
        time_save(&format!("{name} with {} seats: {what}", size.seats), &*store, changes).await;
    }
    let queued =
        spread().take(5_000).map(|key| Seat { progress: Progress::Queued { apart: None }, ..settled(key) });
    save_location(&*store, put(queued)).await.unwrap();
    for (what, seats) in [
        ("load 20,000 by their keys", Seats::These(spread().collect())),
        ("load 5,000 after a key", Seats::After(Some(keys[keys.len() / 2].clone()), 5_000)),
        ("load 1,000 of 5,000 with a next action", Seats::WithNextAction([NextAction::Send].into(), 1_000)),
        ("load the seats of a device", Seats::OfHolder(keys[0].holder.clone())),
    ] {
        let begun = Instant::now();
        let scope = LoadScope::of(LocationScope::of(berlin()).seats(seats));
        let Loaded { location, .. } = store.load(&acme(), &scope).await.unwrap();
        let found = location.unwrap().seats.len();
        println!("{name} with {} seats: {what}: {found} in {:?}", size.seats, begun.elapsed());
    }
}

async fn time_save(what: &str, store: &dyn Store, changes: LocationChanges) {
    let begun = Instant::now();
    save_location(store, changes).await.unwrap();
    println!("{what}: {:?}", begun.elapsed());
}

/// Times transactions whose commits wait for the disk, and the least that waits for it, to compare.
async fn measure_postgres(size: Size) {
    let server = Server::of_its_own(Disk::Waited).unwrap_or_else(|error| panic!("{error}"));
    let place = Place::on(&server);
    let store = place.open().await;
    let begun = Instant::now();
    save(&store, Decision { pools: pools(250), ..upload_berlin() }).await.unwrap();
    save_in_parts(&store, in_device_order(size.seats)).await;
    println!("postgres: a cold sync of {} seats, 5,000 a transaction: {:?}", size.seats, begun.elapsed());
    print_bytes(&place, size).await;

    let devices = size.seats / 250;
    let of = |device: u64| (0..20).map(move |app| serial(app, device * 1_000_003));
    let mut plain = place.client().await;
    plain.batch_execute("CREATE TABLE plain (n integer); INSERT INTO plain VALUES (0)").await.unwrap();
    for _ in 0..3 {
        let begun = Instant::now();
        for round in 0..size.rounds {
            put_into_request(&store, &of(round % devices).collect::<Vec<_>>(), round).await;
        }
        let transactions = rate(size.rounds, begun);
        let begun = Instant::now();
        for _ in 0..size.rounds {
            update_one_row(&mut plain).await;
        }
        let updates = rate(size.rounds, begun);
        println!(
            "postgres: transactions of 1 device x 20 apps: {transactions:.0} a second, one after the other; baseline, a row \
             updated and committed: {updates:.0} a second, {:.1} times as many",
            updates / transactions
        );
    }
    let thousand: Vec<SeatKey> = (0..1_000.min(devices)).flat_map(of).collect();
    for round in 0..size.large {
        let begun = Instant::now();
        put_into_request(&store, &thousand, round).await;
        println!(
            "postgres: a transaction of {} devices x 20 apps: {:?}",
            thousand.len() / 20,
            begun.elapsed()
        );
    }
    let fresh = (0..1_000).flat_map(|device| (0..20).map(move |app| serial(app, device + 900_000_000)));
    time_save("postgres: insert 20,000", &store, put(fresh.map(settled))).await;
}

async fn print_bytes(place: &Place, size: Size) {
    let sql = "SELECT pg_total_relation_size('seats'), pg_relation_size('seats'), pg_indexes_size('seats')";
    let row = place.client().await.query_one(sql, &[]).await.unwrap();
    let [all, table, indexes] =
        [0, 1, 2].map(|column| u64::try_from(row.get::<_, i64>(column)).unwrap().div_ceil(size.seats));
    println!("postgres: {all} bytes a seat, {table} table, {indexes} indexes");
}

/// Puts seats into a request, with an entry of the audit log.
async fn put_into_request(store: &PostgresStore, keys: &[SeatKey], request: u64) {
    let scope = LocationScope::of(berlin()).seats(Seats::These(keys.iter().cloned().collect()));
    let decide = Arc::new(Deciding(move |loaded: &Loaded| {
        let seats = loaded.location.as_ref().unwrap().seats.values();
        let progress = Progress::InRequest { request: RequestNumber(request) };
        let location = put(seats.map(|seat| Seat { progress: progress.clone(), ..seat.clone() }));
        Decision { location, audit: vec![audit(1)], ..Decision::default() }
    }));
    store.transact(&acme(), &LoadScope::of(scope), decide).await.unwrap();
}

/// The least that waits for the disk: begin, change a row, commit.
async fn update_one_row(client: &mut tokio_postgres::Client) {
    let transaction = client.transaction().await.unwrap();
    transaction.execute("UPDATE plain SET n = n + 1", &[]).await.unwrap();
    transaction.commit().await.unwrap();
}

/// The number of things done in each second since then.
fn rate(count: u64, begun: Instant) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / begun.elapsed().as_secs_f64()
}
