//! The schema and its migrations.

use mdm_vpp_ports::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::driver::failed;

/// The statements that lead from each schema to the next; the first leads from nothing to schema 1.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_everything.sql")];

/// Marks a file as ours in SQLite's header: `mVPP` as a number.
const APPLICATION_ID: i32 = 0x6d56_5050;

const DOING: &str = "bringing the schema up to date";

/// Brings a database up to the newest schema, each migration in a transaction of its own. Several processes may do so at
/// the same time. A database that is up to date is only read, so opening it waits for no writer.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let reading = connection.transaction().map_err(failed(DOING))?;
    let up_to_date = next_migration(&reading, migrations)?.is_none();
    drop(reading);
    if up_to_date {
        return Ok(());
    }
    while take_step(connection, migrations)? {}
    Ok(())
}

/// Whether a file is ours or still empty. The file of another program must not be changed.
pub(super) fn is_ours_or_empty(connection: &Connection) -> Result<bool, StoreError> {
    let doing = "checking whose file it is";
    // Both answers are of one moment, because another process may be making the file ours just now.
    let moment = connection.unchecked_transaction().map_err(failed(doing))?;
    let things: i64 = moment
        .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed(doing))?;
    let mark: i32 =
        moment.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed(doing))?;
    Ok(mark == APPLICATION_ID || (mark == 0 && things == 0))
}

/// Runs the next migration; false when there is none.
fn take_step(connection: &mut Connection, migrations: &[&str]) -> Result<bool, StoreError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(DOING))?;
    let Some((version, migration)) = next_migration(&transaction, migrations)? else { return Ok(false) };
    transaction
        .execute_batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")
        .map_err(failed(DOING))?;
    transaction.execute_batch(migration).map_err(failed(DOING))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed(DOING))?;
    transaction
        .execute("INSERT INTO schema_version (version) VALUES (?1)", params![version])
        .map_err(failed(DOING))?;
    transaction.commit().map_err(failed(DOING))?;
    Ok(true)
}

/// The version and the statements of the migration that comes next, if one does.
fn next_migration<'m>(
    transaction: &Transaction<'_>,
    migrations: &[&'m str],
) -> Result<Option<(u32, &'m str)>, StoreError> {
    let found = found_schema(transaction)?;
    let mut numbered = (1..).zip(migrations.iter().copied());
    match numbered.find(|(version, _)| *version > found) {
        Some(next) => Ok(Some(next)),
        None => {
            let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
            if found > known { Err(StoreError::Newer { found, known }) } else { Ok(None) }
        }
    }
}

/// The schema of a database; 0 for one that is new.
fn found_schema(transaction: &Transaction<'_>) -> Result<u32, StoreError> {
    let exists = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'";
    let exists = transaction.prepare(exists).and_then(|mut statement| statement.exists([]));
    if !exists.map_err(failed(DOING))? {
        return Ok(0);
    }
    let found: i64 = transaction
        .query_row("SELECT COALESCE(MAX(version), 0) FROM schema_version", [], |row| row.get(0))
        .map_err(failed(DOING))?;
    u32::try_from(found).map_err(|_| StoreError::Unreadable {
        row: "schema_version".to_owned(),
        reason: format!("column `version` is {found}, which no version of this software writes"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE first (a TEXT)";
    const SECOND: &str = "CREATE TABLE second (a TEXT); INSERT INTO first (a) VALUES ('moved')";
    const BROKEN: &str = "CREATE TABLE third (a TEXT); INSERT INTO missing (a) VALUES ('x')";

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_migration_runs_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        let moved: i64 = connection.query_row("SELECT COUNT(*) FROM first", [], |row| row.get(0)).unwrap();
        assert_eq!(moved, 1);
        assert_eq!(tables(&connection), ["first", "schema_version", "second"]);
    }

    #[test]
    fn a_migration_that_fails_half_way_leaves_nothing_of_itself() {
        let mut connection = Connection::open_in_memory().unwrap();
        let failure = migrate(&mut connection, &[FIRST, BROKEN]).unwrap_err();
        assert_eq!(failure.code(), "backend");
        assert_eq!(tables(&connection), ["first", "schema_version"]);
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(tables(&connection), ["first", "schema_version", "second"]);
    }

    #[test]
    fn a_newer_schema_is_refused_and_left_as_it_is() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        let refusal = migrate(&mut connection, &[FIRST]).unwrap_err();
        assert!(matches!(refusal, StoreError::Newer { found: 2, known: 1 }), "{refusal}");
        assert_eq!(tables(&connection), ["first", "schema_version", "second"]);
    }

    #[test]
    fn a_schema_version_below_1_is_unreadable() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        connection.execute_batch("UPDATE schema_version SET version = -1").unwrap();
        assert_eq!(migrate(&mut connection, &[FIRST]).unwrap_err().code(), "unreadable");
    }

    #[test]
    fn every_key_begins_with_a_tenant_or_with_what_belongs_to_one() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        for table in tables(&connection) {
            let first: String = connection
                .query_row("SELECT name FROM pragma_table_info(?1) WHERE pk = 1", [&table], |row| row.get(0))
                .unwrap();
            let expected: &[&str] =
                if table == "schema_version" { &["version"] } else { &["tenant", "location", "pool"] };
            assert!(expected.contains(&first.as_str()), "{table}: {first}");
        }
    }
}
