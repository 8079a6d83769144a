//! Rows that somebody damaged by hand, or that a later version wrote.

use mdm_vpp_core::transaction::{AuditPosition, Decision, Job, JobKind};
use mdm_vpp_ports::{Store, StoreError};
use mdm_vpp_store::sqlite::SqliteStore;
use rusqlite::Connection;

use crate::{
    folder::Folder,
    keys::ring,
    rows::{acme, berlin, everything, furnished, now, secret, turn},
};

async fn furnished_store() -> (Folder, SqliteStore, Connection) {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    turn(&store, furnished("secret")).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    (folder, store, connection)
}

/// Whatever fails first when everything is read.
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
    let due = "due (tenant acme, kind sync, subject 2049025000431439)";
    for (damage, row, column) in [
        ("UPDATE tenants SET transactions = 'many'", "tenants (tenant acme)", "turn"),
        ("UPDATE tenants SET transactions = -1", "tenants (tenant acme)", "turn"),
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
        ("UPDATE jobs SET due_at = -9223372036854775808", due, "due_at"),
        ("UPDATE jobs SET generation = -1", due, "n"),
        ("UPDATE jobs SET tries = 'x'", due, "tries"),
        (
            "UPDATE audit SET act = '{\"kind\":\"of_a_later_version\"}'",
            "audit (tenant acme, turn 1, n 0)",
            "act",
        ),
        ("UPDATE audit SET written_at = 5", "audit (tenant acme, turn 1, n 0)", "written_at"),
        ("UPDATE audit SET actor = ''", "audit (tenant acme, turn 1, n 0)", "actor"),
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
async fn a_turn_over_a_damaged_row_saves_nothing() {
    let (_folder, store, connection) = furnished_store().await;
    connection.execute("UPDATE tenants SET transactions = 'many'", []).unwrap();
    let decision = Decision { apps: vec![crate::rows::app(2, "Numbers")], ..Decision::default() };
    assert_eq!(turn(&store, decision).await.unwrap_err().code(), "unreadable");
    let apps: i64 = connection.query_row("SELECT COUNT(*) FROM apps", [], |row| row.get(0)).unwrap();
    assert_eq!(apps, 1);
}

#[tokio::test]
async fn due_rows_of_a_later_version_are_left_alone() {
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
    assert_eq!(
        store.next_due().await.unwrap(),
        Some(now()),
        "nothing wakes a host for rows that nobody looks at"
    );
    let left: i64 = connection
        .query_row("SELECT COUNT(*) FROM jobs WHERE kind = 'of_a_later_version'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 3);
}
