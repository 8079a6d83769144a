//! The migrations as a list. What they do to a server is tested with one, in `tests/store`.

use super::*;

#[test]
fn migrations_are_numbered_from_1_and_each_notes_its_number() {
    for (expected, migration) in (1..).zip(MIGRATIONS) {
        assert_eq!(migration.version, expected);
        let noted = format!("INSERT INTO schema_version (version) VALUES ({expected});");
        assert!(migration.sql.trim_end().ends_with(&noted), "{noted}");
    }
}

#[test]
fn text_of_keys_is_ordered_by_its_bytes() {
    for line in MIGRATIONS.iter().flat_map(|migration| migration.sql.lines()) {
        let name = line.trim().split(' ').next().unwrap_or_default();
        let keys =
            ["tenant", "location", "adam_id", "pricing_param", "kind", "subject", "client_user_id", "holder"];
        if keys.contains(&name) {
            assert!(line.contains("TEXT COLLATE \"C\""), "{line}");
        }
    }
}
