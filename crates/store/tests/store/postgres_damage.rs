//! Rows of PostgreSQL that were damaged by hand, or that a later version wrote.

use mdm_vpp_core::{
    seats::{NextAction, Progress, Seat},
    transaction::{AuditPosition, Decision, Job, JobKind},
};
use mdm_vpp_ports::{LoadScope, LocationScope, Seats, Store, StoreError};
use mdm_vpp_store::postgres::PostgresStore;

use crate::{
    fixture::{Place, acme, berlin, everything, furnished, now, save, secret},
    seats::{pools, put, save_location, serial, settled},
};

async fn furnished_place() -> (Place, PostgresStore) {
    let place = Place::new();
    let store = place.open().await;
    save(&store, Decision { pools: pools(1), ..furnished("secret") }).await.unwrap();
    let seat = Seat { progress: Progress::Queued { apart: None }, ..settled(serial(0, 0)) };
    save_location(&store, put([seat].into_iter())).await.unwrap();
    (place, store)
}

/// Reads everything of the tenant, and fails with the first row that cannot be read.
async fn read_everything(store: &PostgresStore) -> Result<(), StoreError> {
    store.load(&acme(), &everything()).await?;
    store.due_jobs(now(), 100).await?;
    store.jobs_of_location(&acme(), &berlin()).await?;
    store.next_due().await?;
    store.audit_since(&acme(), AuditPosition::default(), 100).await?;
    secret(store, &berlin()).await?;
    for seats in [Seats::After(None, 9), Seats::WithNextAction([NextAction::Send].into(), 9)] {
        store.load(&acme(), &LoadScope::of(LocationScope::of(berlin()).seats(seats))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_row_is_named_by_table_and_key() {
    let token = "tokens (tenant acme, location 2049025000431439)";
    let job = "jobs (tenant acme, kind sync_assets, subject 2049025000431439)";
    let seat = "seats (pool 1, holder dAAAAAAAAAAAA)";
    for (damage, row, column) in [
        ("UPDATE tenants SET transactions = -1", "tenants (tenant acme)", "transactions"),
        ("UPDATE tokens SET settings = '{'", token, "settings"),
        ("UPDATE tokens SET generation = 4294967296", token, "generation"),
        ("UPDATE tokens SET uploaded_at = 'yesterday'", token, "uploaded_at"),
        ("UPDATE tokens SET last_sync = ''", token, "last_sync"),
        ("UPDATE apps SET document = 'null'", "apps (tenant acme, adam_id 1)", "document"),
        ("UPDATE jobs SET due_at = -9223372036854775808", job, "due_at"),
        ("UPDATE jobs SET generation = -1", job, "generation"),
        ("UPDATE audit SET actor = ''", "audit (tenant acme, transaction_number 1, entry 0)", "actor"),
        ("UPDATE seats SET desired = 'x'", seat, "desired"),
        ("UPDATE seats SET observed = ''", seat, "observed"),
        ("UPDATE seats SET under_way = '{}'", seat, "under_way"),
        ("UPDATE seats SET holder = 'x'", "seats (pool 1, holder x)", "holder"),
    ] {
        let (place, store) = furnished_place().await;
        read_everything(&store).await.unwrap();
        assert_eq!(place.client().await.execute(damage, &[]).await.unwrap(), 1, "{damage}");
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
async fn jobs_of_a_later_version_stay_untouched() {
    let (place, store) = furnished_place().await;
    let client = place.client().await;
    let later = "INSERT INTO jobs (tenant, kind, subject, location, due_at, generation, tries)
                 SELECT 'acme', 'of_a_later_version', generation::text, '2049025000431439', 0, 1, 0
                 FROM generate_series(1, 1200) AS generation";
    client.execute(later, &[]).await.unwrap();
    let expected = Job { generation: 1, ..Job::at(JobKind::SyncAssets { location: berlin() }, now()) };
    let due = store.due_jobs(now(), 1).await.unwrap();
    let due: Vec<Job> = due.into_iter().map(|due| due.job).collect();
    assert_eq!(due, std::slice::from_ref(&expected), "the limit is not used up");
    assert_eq!(store.jobs_of_location(&acme(), &berlin()).await.unwrap(), [expected]);
    assert_eq!(store.next_due().await.unwrap(), Some(now()));
}
