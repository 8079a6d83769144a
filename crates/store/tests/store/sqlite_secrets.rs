//! A stolen file gives no secret away, and a secret opens with the key that sealed it alone.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp_core::{
    id::TenantId,
    token::ContentToken,
    transaction::{Decision, TokenChange},
};
use mdm_vpp_ports::{Store, StoreError};
use mdm_vpp_store::{
    sealing::{KeyRing, key_id_of},
    sqlite::SqliteStore,
};
use rusqlite::Connection;

use crate::fixture::{Folder, acme, berlin, furnished, id, key, munich, ring, save, secret, token, upload};

const CANARY: &str = "eyJjYW5hcnkiOiJzZWNyZXQtb2YtYmVybGluIn0";

fn sealed(connection: &Connection, location: &str) -> String {
    let sql = "SELECT sealed_secret FROM tokens WHERE location = ?1";
    connection.query_row(sql, [location], |row| row.get(0)).unwrap()
}

fn holds(files: &[(String, Vec<u8>)], needle: &[u8]) -> Vec<String> {
    let found = files.iter().filter(|(_, bytes)| bytes.windows(needle.len()).any(|part| part == needle));
    found.map(|(name, _)| name.clone()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn no_byte_of_the_files_gives_a_secret_or_a_key_away() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, furnished(CANARY)).await.unwrap();
    let content_token = ContentToken::new(CANARY).unwrap();
    let replaced = TokenChange::Replace { token: Box::new(token(&berlin(), "Berlin")), content_token };
    save(&store, Decision { tokens: vec![replaced], ..Decision::default() }).await.unwrap();
    assert_eq!(secret(&store, &berlin()).await.unwrap(), CANARY);

    let files: Vec<(String, Vec<u8>)> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    assert!(!holds(&files, b"Control GmbH").is_empty(), "the search finds what is there in clear");
    let raw_key = [0x11; 32];
    let mut forms = vec![raw_key.to_vec()];
    for clear in [CANARY.as_bytes(), &raw_key, &[0x11; 16]] {
        forms.push(hex(clear).into_bytes());
        forms.push(hex(clear).to_uppercase().into_bytes());
        // Base64 of a part looks different at each of three offsets.
        forms.extend(
            (0..3).map(|skip| STANDARD.encode(&clear[skip..clear.len() - 3]).as_bytes()[..16].to_vec()),
        );
    }
    forms.push(CANARY.as_bytes().to_vec());
    forms.push(CANARY.as_bytes()[..12].to_vec());
    for form in forms {
        assert_eq!(holds(&files, &form), Vec::<String>::new(), "{}", String::from_utf8_lossy(&form));
    }
}

#[tokio::test]
async fn a_wrong_key_opens_nothing_and_says_so() {
    let folder = Folder::new();
    save(&SqliteStore::open(folder.file(), ring()).await.unwrap(), furnished(CANARY)).await.unwrap();
    for (keys, hint) in [
        (KeyRing::new(id("two"), key('2')), "add that key as an old key"),
        (KeyRing::new(id("one"), key('2')), "give the right key"),
        (KeyRing::none(), "add that key as an old key"),
    ] {
        let store = SqliteStore::open(folder.file(), keys).await.unwrap();
        let refusal = secret(&store, &berlin()).await.unwrap_err();
        assert_eq!(refusal.code(), "sealing");
        assert!(refusal.to_string().contains(hint), "{refusal}");
        assert!(!format!("{refusal} {refusal:?}").contains(CANARY));
    }
}

#[tokio::test]
async fn a_rotated_ring_opens_old_rows_and_seals_new_ones_with_the_new_key() {
    let folder = Folder::new();
    save(&SqliteStore::open(folder.file(), ring()).await.unwrap(), furnished(CANARY)).await.unwrap();
    let rotated = KeyRing::new(id("two"), key('2')).with_old_key(id("one"), key('1')).unwrap();
    let store = SqliteStore::open(folder.file(), rotated).await.unwrap();
    assert_eq!(secret(&store, &berlin()).await.unwrap(), CANARY);
    save(&store, upload(&munich(), "Munich", "other")).await.unwrap();
    assert_eq!(secret(&store, &munich()).await.unwrap(), "other");

    let connection = Connection::open(folder.file()).unwrap();
    let key_of =
        |location: &str| key_id_of(&STANDARD.decode(sealed(&connection, location)).unwrap()).unwrap();
    assert_eq!(key_of(berlin().as_str()), id("one"));
    assert_eq!(key_of(munich().as_str()), id("two"));
}

#[tokio::test]
async fn a_sealed_secret_that_is_moved_to_another_row_does_not_open() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, upload(&berlin(), "Berlin", CANARY)).await.unwrap();
    save(&store, upload(&munich(), "Munich", "other")).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    let moved = sealed(&connection, berlin().as_str());
    connection
        .execute("UPDATE tokens SET sealed_secret = ?1 WHERE location = ?2", [&moved, munich().as_str()])
        .unwrap();
    assert_eq!(secret(&store, &munich()).await.unwrap_err().code(), "sealing");
    assert_eq!(secret(&store, &berlin()).await.unwrap(), CANARY, "its own row still opens");
}

#[tokio::test]
async fn a_row_that_is_moved_to_another_tenant_does_not_open() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, upload(&berlin(), "Berlin", CANARY)).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    connection
        .execute(
            "INSERT INTO tenants (tenant, transactions, completed_generation) VALUES ('thief', 1, 0)",
            [],
        )
        .unwrap();
    connection.execute("UPDATE tokens SET tenant = 'thief'", []).unwrap();
    let thief = TenantId::new("thief").unwrap();
    assert_eq!(store.content_token(&thief, &berlin()).await.unwrap_err().code(), "sealing");
    let gone = store.content_token(&acme(), &berlin()).await.unwrap_err();
    assert!(matches!(gone, StoreError::UnknownToken { .. }), "{gone}");
}

#[tokio::test]
async fn a_damaged_secret_is_named_and_never_quoted() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&store, upload(&berlin(), "Berlin", CANARY)).await.unwrap();
    let connection = Connection::open(folder.file()).unwrap();
    let whole = sealed(&connection, berlin().as_str());
    let short = STANDARD.encode(&STANDARD.decode(&whole).unwrap()[..30]);
    for (damaged, code) in [
        ("", "sealing"),
        ("AQ==", "sealing"),
        (&short, "sealing"),
        ("%%", "unreadable"),
        (CANARY, "unreadable"),
    ] {
        connection.execute("UPDATE tokens SET sealed_secret = ?1", [damaged]).unwrap();
        let refusal = secret(&store, &berlin()).await.unwrap_err();
        assert_eq!(refusal.code(), code, "{damaged:?}: {refusal}");
        assert!(damaged.len() < 5 || !format!("{refusal} {refusal:?}").contains(damaged), "{refusal}");
        if code == "unreadable" {
            let shown = refusal.to_string();
            assert!(shown.contains("tokens (tenant acme, location 2049025000431439)"), "{shown}");
        }
    }
    connection.execute("UPDATE tokens SET sealed_secret = x'00ff'", []).unwrap();
    assert_eq!(secret(&store, &berlin()).await.unwrap_err().code(), "unreadable");
}

#[tokio::test]
async fn a_token_can_be_changed_without_a_key_but_not_its_secret() {
    let folder = Folder::new();
    let with_key = SqliteStore::open(folder.file(), ring()).await.unwrap();
    save(&with_key, furnished("secret")).await.unwrap();
    drop(with_key);

    let store = SqliteStore::open(folder.file(), KeyRing::none()).await.unwrap();
    let change = |change| Decision { tokens: vec![change], ..Decision::default() };
    let renamed = Box::new(token(&berlin(), "Renamed"));
    save(&store, change(TokenChange::Update { token: renamed.clone() })).await.unwrap();
    let content_token = ContentToken::new("fresh").unwrap();
    let replaced = TokenChange::Replace { token: renamed, content_token };
    assert_eq!(save(&store, change(replaced)).await.unwrap_err().code(), "sealing");
    let closed = store.content_token(&acme(), &berlin()).await.unwrap_err();
    assert!(closed.to_string().contains("`one`"), "it names the key that is missing: {closed}");
}
