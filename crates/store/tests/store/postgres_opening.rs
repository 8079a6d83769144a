//! Opening a schema of PostgreSQL: migrations run once, as a whole or not at all.

use mdm_vpp_ports::{Store, StoreError};
use mdm_vpp_store::postgres::{MIGRATIONS, PostgresOptions, SchemaName};

use crate::fixture::{Place, acme, berlin, everything, furnished, ring, save, secret};

#[tokio::test]
async fn what_was_saved_is_there_when_the_store_is_opened_again() {
    let place = Place::new();
    save(&place.open().await, furnished("secret")).await.unwrap();
    let again = place.open().await;
    assert_eq!(again.load(&acme(), &everything()).await.unwrap().transaction, 1);
    assert_eq!(secret(&again, &berlin()).await.unwrap(), "secret");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_stores_that_open_a_new_schema_at_once_all_find_it_whole() {
    let place = Place::new();
    let opening: Vec<_> = (0..8).map(|_| tokio::spawn(place.options().connections(1).open(ring()))).collect();
    for opened in opening {
        opened.await.unwrap().unwrap().next_due().await.unwrap();
    }
    let versions = place.client().await.query("SELECT version FROM schema_version", &[]).await.unwrap();
    assert_eq!(versions.len(), MIGRATIONS.len());
}

#[tokio::test]
async fn a_migration_that_fails_half_way_leaves_nothing_of_itself() {
    let place = Place::new();
    let client = place.client().await;
    client
        .batch_execute(&format!("CREATE SCHEMA {}; CREATE TABLE audit (a TEXT)", place.schema))
        .await
        .unwrap();
    let failure = place.options().migrate().await.unwrap_err();
    assert_eq!(failure.code(), "backend");
    assert!(failure.to_string().contains("\"audit\" already exists"), "{failure}");
    assert_eq!(place.tables().await, ["audit"]);
    client.batch_execute("DROP TABLE audit").await.unwrap();
    save(&place.open().await, furnished("secret")).await.unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_as_it_is() {
    let place = Place::new();
    place.options().migrate().await.unwrap();
    place.client().await.execute("INSERT INTO schema_version VALUES (99)", &[]).await.unwrap();
    let tables = place.tables().await;
    let known = MIGRATIONS.last().unwrap().version;
    for refusal in [place.options().migrate().await.err(), place.options().open(ring()).await.err()] {
        let refusal = refusal.unwrap();
        assert!(
            matches!(refusal, StoreError::Newer { found: 99, known: newest } if newest == known),
            "{refusal}"
        );
    }
    assert_eq!(place.tables().await, tables);
}

#[tokio::test]
async fn a_schema_version_below_1_is_unreadable() {
    let place = Place::new();
    place.options().migrate().await.unwrap();
    place.client().await.execute("UPDATE schema_version SET version = -version", &[]).await.unwrap();
    assert_eq!(place.options().migrate().await.unwrap_err().code(), "unreadable");
}

#[tokio::test]
async fn the_embedder_may_run_the_migrations_with_its_own_tool() {
    let place = Place::new();
    let client = place.client().await;
    client.batch_execute(&format!("CREATE SCHEMA {}", place.schema)).await.unwrap();
    for migration in MIGRATIONS {
        client.batch_execute(&format!("BEGIN; {} COMMIT", migration.sql)).await.unwrap();
    }
    save(&place.open().await, furnished("secret")).await.unwrap();
}

#[tokio::test]
async fn an_account_without_rights_opens_a_schema_that_is_up_to_date_and_gets_an_error_otherwise() {
    let place = Place::new();
    let client = place.client().await;
    let (schema, account) = (&place.schema, format!("{}_reader", place.schema));
    client.batch_execute(&format!("CREATE ROLE {account} LOGIN PASSWORD 'x'")).await.unwrap();
    let (_, server) = place.url.split_once('@').unwrap();
    let options = PostgresOptions::parse(&format!("postgres://{account}:x@{server}")).unwrap();
    let options = options.schema(place.schema.clone());
    let refusal = options.clone().open(ring()).await.unwrap_err();
    assert!(refusal.code() == "backend" && refusal.to_string().contains("permission denied"), "{refusal}");

    place.options().migrate().await.unwrap();
    let grant = format!(
        "GRANT USAGE ON SCHEMA {schema} TO {account}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {account}"
    );
    client.batch_execute(&grant).await.unwrap();
    let store = options.open(ring()).await.unwrap();
    assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 0);
    let refusal = save(&store, furnished("secret")).await.unwrap_err();
    assert!(refusal.code() == "backend" && refusal.to_string().contains("permission denied"), "{refusal}");
}

#[tokio::test]
async fn a_schema_may_be_named_like_a_keyword_and_is_apart_from_others() {
    let place = Place::new();
    let client = place.client().await;
    client.batch_execute("DROP SCHEMA IF EXISTS \"select\" CASCADE").await.unwrap();
    let word = place.options().schema(SchemaName::new("select").unwrap()).open(ring()).await.unwrap();
    save(&word, furnished("secret")).await.unwrap();
    assert_eq!(word.load(&acme(), &everything()).await.unwrap().transaction, 1);
    assert_eq!(place.open().await.load(&acme(), &everything()).await.unwrap().transaction, 0);
}
