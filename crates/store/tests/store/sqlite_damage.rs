//! Rows of SQLite that were damaged by hand, or that a later version wrote.

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{ClientUserId, UserId},
    location::{FullReadPage, LocationChanges, LocationState, WaitlistChange, WaitlistEntry},
    seats::{Direction, Epoch, Holder, Holders, Progress, Request, RequestNumber, Seat, SeatKey, VppUser},
    transaction::{AuditPosition, Decision, Job, JobKind},
};
use mdm_vpp_ports::{
    LeaseHolder, LoadScope, LocationScope, Pools, Requests, Seats, Store, StoreError, VppUsers,
};
use mdm_vpp_store::sqlite::SqliteStore;
use rusqlite::Connection;

use crate::{
    fixture::{Folder, acme, berlin, everything, furnished, now, ring, save, secret, upload_berlin},
    seats::{asset, pools, put, save_location, settled},
};

async fn furnished_store() -> (Folder, SqliteStore, Connection) {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    (folder, store, connection)
}

/// Reads everything of the tenant, and fails with the first row that cannot be read.
async fn read_everything(store: &SqliteStore) -> Result<(), StoreError> {
    store.load(&acme(), &everything()).await?;
    store.due_jobs(now(), 100).await?;
    store.jobs_of_location(&acme(), &berlin()).await?;
    store.next_due().await?;
    store.audit_since(&acme(), AuditPosition::default(), 100).await?;
    secret(store, &berlin()).await?;
    Ok(())
}

#[tokio::test]
async fn a_damaged_row_is_named_by_table_and_key() {
    let token = "tokens (tenant acme, location 2049025000431439)";
    let pool = "pools (location 2049025000431439, adam_id 1, pricing_param standard)";
    let job = "jobs (tenant acme, kind sync_assets, subject 2049025000431439)";
    for (damage, row, column) in [
        ("UPDATE tenants SET transactions = 'many'", "tenants (tenant acme)", "transactions"),
        ("UPDATE tenants SET transactions = -1", "tenants (tenant acme)", "transactions"),
        ("UPDATE tokens SET settings = '{'", token, "settings"),
        ("UPDATE tokens SET condition = x'00'", token, "condition"),
        ("UPDATE tokens SET location_detail = '[]'", token, "location_detail"),
        (
            "UPDATE tokens SET location_detail = replace(location_detail, '439', '440')",
            token,
            "location_detail",
        ),
        ("UPDATE tokens SET organization = CAST(x'ff' AS TEXT)", token, "organization"),
        ("UPDATE tokens SET generation = 4294967296", token, "generation"),
        ("UPDATE tokens SET generation = 1.5", token, "generation"),
        ("UPDATE tokens SET uploaded_at = 'yesterday'", token, "uploaded_at"),
        ("UPDATE tokens SET last_sync = ''", token, "last_sync"),
        ("UPDATE tokens SET secret_generation = 'x'", token, "secret_generation"),
        ("UPDATE apps SET document = 'null'", "apps (tenant acme, adam_id 1)", "document"),
        ("UPDATE apps SET adam_id = '2'", "apps (tenant acme, adam_id 2)", "document"),
        (
            "UPDATE admissions SET document = '{\"a\":1}'",
            "admissions (location 2049025000431439, adam_id 1)",
            "document",
        ),
        (
            "UPDATE admissions SET adam_id = '7'",
            "admissions (location 2049025000431439, adam_id 7)",
            "document",
        ),
        ("UPDATE pools SET document = replace(document, 'assigned', 'lost')", pool, "document"),
        ("UPDATE pools SET document = replace(document, '\"1\"', '\"2\"')", pool, "document"),
        ("UPDATE jobs SET due_at = -9223372036854775808", job, "due_at"),
        ("UPDATE jobs SET generation = -1", job, "generation"),
        ("UPDATE jobs SET tries = 'x'", job, "tries"),
        (
            "UPDATE audit SET act = '{\"kind\":\"of_a_later_version\"}'",
            "audit (tenant acme, transaction_number 1, entry 0)",
            "act",
        ),
        (
            "UPDATE audit SET written_at = 5",
            "audit (tenant acme, transaction_number 1, entry 0)",
            "written_at",
        ),
        ("UPDATE audit SET actor = ''", "audit (tenant acme, transaction_number 1, entry 0)", "actor"),
    ] {
        let (_folder, store, connection) = furnished_store().await;
        read_everything(&store).await.unwrap();
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
async fn a_damaged_row_cannot_forge_a_log_line() {
    let (_folder, store, connection) = furnished_store().await;
    connection.execute("UPDATE apps SET adam_id = 'x' || char(10) || 'ERROR', document = ''", []).unwrap();
    let shown = read_everything(&store).await.unwrap_err().to_string();
    assert!(shown.contains("adam_id x") && !shown.contains('\n'), "{shown:?}");
}

#[tokio::test]
async fn a_transaction_over_a_damaged_row_saves_nothing() {
    let (_folder, store, connection) = furnished_store().await;
    connection.execute("UPDATE tenants SET transactions = 'many'", []).unwrap();
    let decision = Decision { apps: vec![crate::fixture::app(2, "Numbers")], ..Decision::default() };
    assert_eq!(save(&store, decision).await.unwrap_err().code(), "unreadable");
    let apps: i64 = connection.query_row("SELECT COUNT(*) FROM apps", [], |row| row.get(0)).unwrap();
    assert_eq!(apps, 1);
}

#[tokio::test]
async fn jobs_of_a_later_version_stay_untouched() {
    let (_folder, store, connection) = furnished_store().await;
    for subject in ["a", "b", "c"] {
        connection
            .execute(
                "INSERT INTO jobs (tenant, kind, subject, location, due_at, generation, tries)
                 VALUES ('acme', 'of_a_later_version', ?1, '2049025000431439', 0, 1, 0)",
                [subject],
            )
            .unwrap();
    }
    let expected = Job { generation: 1, ..Job::at(JobKind::SyncAssets { location: berlin() }, now()) };
    let due = store.due_jobs(now(), 1).await.unwrap();
    let due: Vec<Job> = due.into_iter().map(|due| due.job).collect();
    assert_eq!(due, std::slice::from_ref(&expected), "the limit is not used up");
    assert_eq!(store.jobs_of_location(&acme(), &berlin()).await.unwrap(), [expected]);
    assert_eq!(store.next_due().await.unwrap(), Some(now()), "no worker wakes for a job that no worker runs");
    let left: i64 = connection
        .query_row("SELECT COUNT(*) FROM jobs WHERE kind = 'of_a_later_version'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 3);
}

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

async fn furnished_location() -> (Folder, SqliteStore, Connection) {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, Decision { pools: pools(2).split_off(1), ..upload_berlin() }).await.unwrap();
    save_location(&store, changes()).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    read_location(&store).await.unwrap();
    (folder, store, connection)
}

async fn read_location(store: &SqliteStore) -> Result<(), StoreError> {
    let lease = store.lease(&acme(), &berlin(), &LeaseHolder("a".to_owned()), TimeDelta::hours(1)).await?;
    let action = [mdm_vpp_core::seats::NextAction::Send].into();
    for seats in [Seats::After(None, 9), Seats::WithNextAction(action, 9)] {
        let mut scope = LocationScope::of(berlin())
            .pools(Pools::All)
            .seats(seats)
            .requests(Requests::Open)
            .users(VppUsers::ToRead(9))
            .waitlist([(asset(1), 9)])
            .full_read_pages();
        scope.lease = lease.clone();
        store.load(&acme(), &LoadScope::of(scope)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_row_of_a_location_is_named_by_table_and_key() {
    let seat = "seats (pool 1, holder uada)";
    let request = "requests (location 2049025000431439, number 7)";
    let vpp_user = "vpp_users (location 2049025000431439, client_user_id ada)";
    let page = "full_read_pages (location 2049025000431439, page 0)";
    let state = "location_states (location 2049025000431439)";
    let lease = "leases (location 2049025000431439)";
    for (damage, row, column) in [
        ("UPDATE seats SET desired = 'a?'", seat, "desired"),
        ("UPDATE seats SET desired = 'ak:of_a_later_version'", seat, "desired"),
        ("UPDATE seats SET desired = 7", seat, "desired"),
        ("UPDATE seats SET observed = 'later'", seat, "observed"),
        ("UPDATE seats SET holder = 'xada'", "seats (pool 1, holder xada)", "holder"),
        ("UPDATE seats SET holder = 'd ada'", "seats (pool 1, holder d ada)", "holder"),
        ("UPDATE seats SET touched_at = 'now'", seat, "touched_at"),
        ("UPDATE seats SET touched_at = -9223372036854775808", seat, "touched_at"),
        ("UPDATE seats SET under_way = '{}'", seat, "under_way"),
        ("UPDATE seats SET under_way = replace(under_way, 'queued', 'later')", seat, "under_way"),
        ("UPDATE seats SET under_way = x'00'", seat, "under_way"),
        ("UPDATE waitlist SET since = 'now'", "waitlist (pool 1, holder uada)", "since"),
        ("UPDATE waitlist SET holder = 'ada'", "waitlist (pool 1, holder ada)", "holder"),
        ("UPDATE requests SET document = replace(document, 'written', 'later')", request, "document"),
        ("UPDATE requests SET number = 8", "requests (location 2049025000431439, number 8)", "document"),
        ("UPDATE vpp_users SET document = 'null'", vpp_user, "document"),
        (
            "UPDATE vpp_users SET client_user_id = 'eve'",
            "vpp_users (location 2049025000431439, client_user_id eve)",
            "document",
        ),
        ("UPDATE full_read_pages SET document = '[]'", page, "document"),
        ("UPDATE location_states SET document = replace(document, '439', '440')", state, "document"),
        ("UPDATE leases SET epoch = -1", lease, "epoch"),
        ("UPDATE leases SET until = 'never'", lease, "until"),
        ("UPDATE leases SET holder = x'00'", lease, "holder"),
        (
            "UPDATE pools SET pricing_param = 'later'",
            "pools (location 2049025000431439, adam_id 1, pricing_param later)",
            "pricing_param",
        ),
        (
            "UPDATE pools SET number = 'x'",
            "pools (location 2049025000431439, adam_id 1, pricing_param standard)",
            "number",
        ),
    ] {
        let (_folder, store, connection) = furnished_location().await;
        assert_eq!(connection.execute(damage, []).unwrap(), 1, "{damage}");
        match read_location(&store).await {
            Err(StoreError::Unreadable { row: found, reason }) => {
                assert_eq!(found, row, "{damage}");
                assert!(reason.starts_with(&format!("column `{column}` ")), "{damage}: {reason}");
            }
            other => panic!("{damage}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_that_is_deleted_takes_the_rows_of_its_location_with_it_but_not_the_epoch() {
    let (_folder, _store, connection) = furnished_location().await;
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection.execute("DELETE FROM tokens", []).unwrap();
    for (table, left) in [
        ("pools", 0),
        ("seats", 0),
        ("waitlist", 0),
        ("requests", 0),
        ("vpp_users", 0),
        ("location_states", 0),
        ("full_read_pages", 0),
        ("leases", 1),
    ] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(connection.query_row(&count, [], |row| row.get::<_, i64>(0)).unwrap(), left, "{table}");
    }
}
