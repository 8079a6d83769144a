//! Migrations run once, whole, or not at all.

use super::*;

const FIRST: &str = "CREATE TABLE first (a TEXT)";
const SECOND: &str = "CREATE TABLE second (a TEXT); INSERT INTO first (a) VALUES ('moved')";
const BROKEN: &str = "CREATE TABLE third (a TEXT); INSERT INTO nowhere (a) VALUES ('x')";

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
fn a_schema_version_that_nobody_wrote_is_unreadable() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection, &[FIRST]).unwrap();
    connection.execute_batch("UPDATE schema_version SET version = -1").unwrap();
    assert_eq!(migrate(&mut connection, &[FIRST]).unwrap_err().code(), "unreadable");
}

#[test]
fn every_table_of_ours_has_a_key_that_begins_with_a_tenant_or_with_what_belongs_to_one() {
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

#[test]
fn pools_of_the_first_schema_get_numbers() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
    connection
        .execute_batch(
            "INSERT INTO tenants VALUES ('acme', 1, 0);
             INSERT INTO tokens VALUES ('1', 'acme', 'a', '', '', '', '', 1, '', NULL, '', 1),
                                       ('2', 'acme', 'b', '', '', '', '', 1, '', NULL, '', 1);
             INSERT INTO pools VALUES ('2', '9', 'standard', ''), ('1', '9', 'standard', ''),
                                      ('1', '8', 'high_quality', '');",
        )
        .unwrap();
    migrate(&mut connection, MIGRATIONS).unwrap();
    let count = "SELECT COUNT(DISTINCT number) FROM pools WHERE number > 0";
    let numbers: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(numbers, 3);
}
