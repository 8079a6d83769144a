//! The schema and its migrations.

use mdm_vpp_ports::StoreError;

use super::{
    connection::{Connection, begin},
    schema_name::SchemaName,
    work::Work,
};
use crate::rows::Reading;

/// Statements that lead from a schema to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// The number of the schema that they lead to, from 1.
    pub version: u32,
    /// The statements, which also record the version. They name no schema.
    pub sql: &'static str,
}

/// All migrations, in order. [`PostgresOptions::migrate`](super::PostgresOptions::migrate) runs those that are missing. An
/// embedder may run them with a tool of its own instead: each in one transaction, in the order of their versions, with
/// nothing but the schema in the `search_path`.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, sql: include_str!("migrations/0001_everything.sql") }];

const DOING: &str = "bringing the schema up to date";

/// Brings a schema up to date, each migration in a transaction of its own. Several processes may do so at the same time. A
/// schema that is up to date is only read.
pub(super) async fn migrate(
    connection: &mut Connection,
    schema: &SchemaName,
    migrations: &[Migration],
) -> Result<(), StoreError> {
    let reading = begin(connection).await?;
    let up_to_date = next_migration(&reading, schema, migrations).await?.is_none();
    drop(reading);
    if up_to_date {
        return Ok(());
    }
    while take_step(connection, schema, migrations).await? {}
    Ok(())
}

/// Runs the next migration; false when there is none.
async fn take_step(
    connection: &mut Connection,
    schema: &SchemaName,
    migrations: &[Migration],
) -> Result<bool, StoreError> {
    let work = begin(connection).await?;
    let doing = work.doing(DOING);
    // The lock lets one process at a time migrate a schema. A migration of a large table may take longer than any other
    // statement, so its time has no limit.
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('mdm-vpp schema ' || $1, 0)),
                       set_config('statement_timeout', '0', true)";
    doing.rows(lock, &[&schema.as_str()]).await?;
    let Some(migration) = next_migration(&work, schema, migrations).await? else { return Ok(false) };
    let exists = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    if doing.row(exists, &[&schema.as_str()]).await?.is_none() {
        doing.batch(&format!("CREATE SCHEMA {}", schema.quoted())).await?;
    }
    doing.batch(migration.sql).await?;
    work.commit().await?;
    Ok(true)
}

/// The migration that comes next, if one does.
async fn next_migration(
    work: &Work<'_>,
    schema: &SchemaName,
    migrations: &[Migration],
) -> Result<Option<Migration>, StoreError> {
    let found = found_schema(work, schema).await?;
    if let Some(next) = migrations.iter().find(|migration| migration.version > found) {
        return Ok(Some(*next));
    }
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(None) }
}

/// The version of a schema; 0 for one that is new.
async fn found_schema(work: &Work<'_>, schema: &SchemaName) -> Result<u32, StoreError> {
    let exists = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'schema_version'";
    let doing = work.doing(DOING);
    if doing.row(exists, &[&schema.as_str()]).await?.is_none() {
        return Ok(0);
    }
    match doing.row("SELECT version FROM schema_version ORDER BY version DESC LIMIT 1", &[]).await? {
        Some(row) => Reading::new("schema_version", &["version"], &row).number("version"),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_1_and_each_records_its_number() {
        for (expected, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.version, expected);
            let recorded = format!("INSERT INTO schema_version (version) VALUES ({expected});");
            assert!(migration.sql.trim_end().ends_with(&recorded), "{recorded}");
        }
    }

    #[test]
    fn text_of_keys_is_ordered_by_its_bytes() {
        for line in MIGRATIONS.iter().flat_map(|migration| migration.sql.lines()) {
            let name = line.trim().split(' ').next().unwrap_or_default();
            let keys = [
                "tenant",
                "location",
                "adam_id",
                "pricing_param",
                "kind",
                "subject",
                "client_user_id",
                "holder",
            ];
            if keys.contains(&name) {
                assert!(line.contains("TEXT COLLATE \"C\""), "{line}");
            }
        }
    }
}
