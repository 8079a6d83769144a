//! How much room seats take on PostgreSQL, and how long transactions take while commits wait for the disk.
//!
//! A million seats, and the times, are measured by hand, optimised:
//! `MANY_SEATS=1000000 cargo test --release -p mdm-vpp-store --all-features -- --nocapture postgres_seats`.

use std::{sync::Arc, time::Instant};

use mdm_vpp_core::{
    seats::{Progress, RequestNumber, Seat, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{LocationScope, Seats, Store};
use mdm_vpp_store::postgres::PostgresStore;
use postgres_for_tests::{Disk, Server};

use crate::{
    postgres_place::Place,
    rows::{Deciding, acme, audit, berlin, turn},
    seats::{self, pools, put, serial, settled},
    talk::{talk_of, turn_of, upload},
};

/// A settled seat takes at most so many bytes, all indexes included, after a cold sync.
const MOST_BYTES: u64 = 180;

fn count() -> u64 {
    std::env::var("MANY_SEATS").map_or(20_000, |count| count.parse().unwrap())
}

/// Whether figures are asked for.
fn is_measured() -> bool {
    std::env::var_os("MANY_SEATS").is_some()
}

/// Seats of 250 apps in an order that devices come in, 5,000 in each transaction.
async fn cold_sync(store: &PostgresStore, count: u64) {
    turn(store, Decision { pools: pools(250), ..upload() }).await.unwrap();
    let mut keys = (0..count).map(|n| serial(n % 250, n / 250 * 1_000_003)).peekable();
    while keys.peek().is_some() {
        seats::turn(store, put(keys.by_ref().take(5_000).map(settled))).await.unwrap();
    }
}

#[tokio::test]
async fn a_settled_seat_is_small() {
    let place = Place::new();
    let (store, count) = (place.open().await, count());
    let begun = Instant::now();
    cold_sync(&store, count).await;
    let took = begun.elapsed();
    let sql = "SELECT pg_total_relation_size('seats'), pg_relation_size('seats'), pg_indexes_size('seats')";
    let row = place.client().await.query_one(sql, &[]).await.unwrap();
    let [all, table, indexes] = [0, 1, 2].map(|column| u64::try_from(row.get::<_, i64>(column)).unwrap());
    let each = all.div_ceil(count);
    println!(
        "{count} seats in {took:?}: {each} bytes each, {} table, {} indexes",
        table / count,
        indexes / count
    );
    assert!(each <= MOST_BYTES, "{each} bytes a seat");
}

/// A transaction that puts seats into a request, with its lines of the log.
async fn take(store: &PostgresStore, keys: &[SeatKey], request: u64) {
    let scope = LocationScope { seats: Seats::These(keys.iter().cloned().collect()), ..talk_of(&berlin()) };
    let decide = Arc::new(Deciding(move |loaded: &Loaded| {
        let seats = loaded.location.as_ref().unwrap().seats.values();
        let motion = Progress::InRequest { request: RequestNumber(request) };
        let talk = put(seats.map(|seat| Seat { progress: motion.clone(), ..seat.clone() }));
        Decision { location: talk, audit: vec![audit(1)], ..Decision::default() }
    }));
    store.transact(&acme(), &turn_of(scope), decide).await.unwrap();
}

/// The least that waits for the disk: begin, change a row, commit.
async fn update_one_row(client: &mut tokio_postgres::Client) {
    let transaction = client.transaction().await.unwrap();
    transaction.execute("UPDATE plain SET n = n + 1", &[]).await.unwrap();
    transaction.commit().await.unwrap();
}

/// So many in each second since then.
fn rate(count: u64, begun: Instant) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / begun.elapsed().as_secs_f64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_are_taken_with_commits_that_wait_for_the_disk() {
    let server = Server::of_its_own(Disk::Waited).unwrap_or_else(|trouble| panic!("{trouble}"));
    let place = Place::on(&server);
    let store = place.open().await;
    cold_sync(&store, count()).await;
    let devices = count() / 250;
    let of = |device: u64| (0..20).map(move |app| serial(app, device * 1_000_003));
    let rounds = if is_measured() { 2_000 } else { 40 };
    let mut plain = place.client().await;
    plain.batch_execute("CREATE TABLE plain (n integer); INSERT INTO plain VALUES (0)").await.unwrap();
    for _ in 0..3 {
        let begun = Instant::now();
        for round in 0..rounds {
            take(&store, &of(round % devices).collect::<Vec<_>>(), round).await;
        }
        let turns = rate(rounds, begun);
        let begun = Instant::now();
        for _ in 0..rounds {
            update_one_row(&mut plain).await;
        }
        let updates = rate(rounds, begun);
        println!(
            "turns of 1 device x 20 apps: {turns:.0} a second, one after the other; baseline, a row updated and committed: \
             {updates:.0} a second, {:.1} times as many",
            updates / turns
        );
    }
    let thousand: Vec<SeatKey> = (0..1_000.min(devices)).flat_map(of).collect();
    for round in 0..if is_measured() { 7 } else { 1 } {
        let begun = Instant::now();
        take(&store, &thousand, round).await;
        println!("a turn of {} devices x 20 apps: {:?}", thousand.len() / 20, begun.elapsed());
    }
    let fresh = (0..1_000).flat_map(|device| (0..20).map(move |app| serial(app, device + 900_000_000)));
    let fresh = put(fresh.map(settled));
    let begun = Instant::now();
    seats::turn(&store, fresh).await.unwrap();
    println!("a turn that inserts 20,000 seats: {:?}", begun.elapsed());
}
