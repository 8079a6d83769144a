//! What a connection is set to.

use super::*;

fn number(connection: &Connection, pragma: &str) -> i64 {
    connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
}

#[test]
fn a_connection_keeps_its_commits_and_its_references() {
    let folder = std::env::temp_dir().join(format!("mdm-vpp-store-open-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let connection = open_file(&folder.join("vpp.db"), Duration::from_millis(1_234)).unwrap();
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(number(&connection, "synchronous"), 2, "FULL: a commit outlives a power cut");
    assert_eq!(number(&connection, "foreign_keys"), 1);
    assert_eq!(number(&connection, "trusted_schema"), 0);
    assert_eq!(number(&connection, "busy_timeout"), 1_234);
    drop(connection);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_busy_timeout_beyond_all_measure_is_the_longest_that_sqlite_knows() {
    let connection = prepared(Connection::open_in_memory().unwrap(), Duration::MAX).unwrap();
    assert_eq!(number(&connection, "busy_timeout"), i64::from(i32::MAX));
}

#[test]
fn no_name_has_a_meaning_of_its_own() {
    for name in [":memory:", "file:vpp.db?mode=memory", "vpp.db"] {
        let path = whole_path(Path::new(name)).unwrap();
        assert!(path.is_absolute() && path.ends_with(name), "{path:?}");
    }
    assert!(whole_path(Path::new("")).is_err());
}
