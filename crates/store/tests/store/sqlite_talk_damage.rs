//! Rows of a talk that somebody damaged by hand, or that a later version wrote.

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{ClientUserId, UserId},
    location::{FullReadPage, LocationChanges, LocationState, WaitlistChange, WaitlistEntry},
    seats::{Direction, Epoch, Holder, Holders, Progress, Request, RequestNumber, Seat, SeatKey, VppUser},
    transaction::Decision,
};
use mdm_vpp_ports::{LeaseHolder, LocationScope, Pools, Requests, Seats, Store, StoreError, VppUsers};
use mdm_vpp_store::sqlite::SqliteStore;
use rusqlite::Connection;

use crate::{
    folder::Folder,
    keys::ring,
    rows::{acme, berlin, now, turn},
    seats::{self, asset, pools, put, settled},
    talk::{talk_of, turn_of, upload},
};

fn user() -> ClientUserId {
    ClientUserId::new("ada").unwrap()
}

fn changes() -> LocationChanges {
    let holder = Holder::User { client_user_id: user() };
    let key = SeatKey { location: berlin(), asset: asset(1), holder };
    let queued = Seat { progress: Progress::Queued { apart: None }, ..settled(key.clone()) };
    let holders = Holders::Users { client_user_ids: [user()].into() };
    let (number, direction) = (RequestNumber(7), Direction::Associate);
    let assets = [asset(1)].into();
    LocationChanges {
        state: Some(LocationState::new(berlin())),
        requests: vec![Request::written(berlin(), number, direction, assets, holders, Epoch(1))],
        users: vec![VppUser::new(berlin(), user(), UserId::new("ada").unwrap(), now())],
        waitlist: [(key.clone(), WaitlistChange::Add(WaitlistEntry { seat: key, since: now() }))].into(),
        full_read_pages: vec![FullReadPage::default()],
        ..put([queued].into_iter())
    }
}

async fn furnished_store() -> (Folder, SqliteStore, Connection) {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    turn(&store, Decision { pools: pools(2).split_off(1), ..upload() }).await.unwrap();
    seats::turn(&store, changes()).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    read_everything(&store).await.unwrap();
    (folder, store, connection)
}

async fn read_everything(store: &SqliteStore) -> Result<(), StoreError> {
    let lease = store.lease(&acme(), &berlin(), &LeaseHolder("a".to_owned()), TimeDelta::hours(1)).await?;
    let agenda = [mdm_vpp_core::seats::NextAction::Send].into();
    for seats in [Seats::After(None, 9), Seats::WithNextAction(agenda, 9)] {
        let scope = LocationScope {
            lease: lease.clone(),
            pools: Pools::All,
            seats,
            requests: Requests::Open,
            users: VppUsers::ToRead(9),
            waitlist: [(asset(1), 9)].into(),
            full_read_pages: true,
            ..talk_of(&berlin())
        };
        store.load(&acme(), &turn_of(scope)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_row_of_a_talk_is_named_by_table_and_key() {
    let seat = "seats (pool 1, holder uada)";
    let request = "requests (location 2049025000431439, number 7)";
    let member = "members (location 2049025000431439, client_user_id ada)";
    let page = "walk_pages (location 2049025000431439, page 0)";
    let talk = "talks (location 2049025000431439)";
    let lease = "leases (location 2049025000431439)";
    for (damage, row, column) in [
        ("UPDATE seats SET desired = 'h?'", seat, "want"),
        ("UPDATE seats SET desired = 'hk:of_a_later_version'", seat, "want"),
        ("UPDATE seats SET desired = 7", seat, "want"),
        ("UPDATE seats SET observed = 'later'", seat, "seen"),
        ("UPDATE seats SET holder = 'xada'", "seats (pool 1, holder xada)", "holder"),
        ("UPDATE seats SET holder = 'd ada'", "seats (pool 1, holder d ada)", "holder"),
        ("UPDATE seats SET touched_at = 'now'", seat, "touched_at"),
        ("UPDATE seats SET touched_at = -9223372036854775808", seat, "touched_at"),
        ("UPDATE seats SET under_way = '{}'", seat, "under_way"),
        ("UPDATE seats SET under_way = replace(under_way, 'queued', 'later')", seat, "under_way"),
        ("UPDATE seats SET under_way = x'00'", seat, "under_way"),
        ("UPDATE waitlist SET since = 'now'", "waiting (pool 1, holder uada)", "since"),
        ("UPDATE waitlist SET holder = 'ada'", "waiting (pool 1, holder ada)", "holder"),
        ("UPDATE requests SET document = replace(document, 'written', 'later')", request, "document"),
        ("UPDATE requests SET number = 8", "requests (location 2049025000431439, number 8)", "document"),
        ("UPDATE vpp_users SET document = 'null'", member, "document"),
        (
            "UPDATE vpp_users SET client_user_id = 'eve'",
            "members (location 2049025000431439, client_user_id eve)",
            "document",
        ),
        ("UPDATE full_read_pages SET document = '[]'", page, "document"),
        ("UPDATE location_states SET document = replace(document, '439', '440')", talk, "document"),
        ("UPDATE leases SET epoch = -1", lease, "epoch"),
        ("UPDATE leases SET until = 'never'", lease, "until"),
        ("UPDATE leases SET holder = x'00'", lease, "talker"),
        (
            "UPDATE pools SET pricing_param = 'later'",
            "pools (location 2049025000431439, adam_id 1, pricing_param later)",
            "pricing_param",
        ),
        (
            "UPDATE pools SET number = NULL",
            "pools (location 2049025000431439, adam_id 1, pricing_param standard)",
            "number",
        ),
    ] {
        let (_folder, store, connection) = furnished_store().await;
        assert_eq!(connection.execute(damage, []).unwrap(), 1, "{damage}");
        match read_everything(&store).await {
            Err(StoreError::Unreadable { row: found, reason }) => {
                assert_eq!(found, row, "{damage}");
                assert!(reason.starts_with(&format!("column `{column}` ")), "{damage}: {reason}");
            }
            other => panic!("{damage}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_that_is_deleted_takes_its_talk_with_it_but_not_the_epoch() {
    let (_folder, _store, connection) = furnished_store().await;
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection.execute("DELETE FROM tokens", []).unwrap();
    for (table, left) in [
        ("pools", 0),
        ("seats", 0),
        ("waiting", 0),
        ("requests", 0),
        ("members", 0),
        ("talks", 0),
        ("walk_pages", 0),
        ("leases", 1),
    ] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(connection.query_row(&count, [], |row| row.get::<_, i64>(0)).unwrap(), left, "{table}");
    }
}
