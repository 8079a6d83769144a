//! Opening a file of SQLite: it keeps what it holds, and a file that cannot be opened is refused with a reason.

use std::{fs, path::Path};

use mdm_vpp_core::transaction::AuditPosition;
use mdm_vpp_ports::{Store, StoreError};
use mdm_vpp_store::sqlite::SqliteStore;
use rusqlite::Connection;

use crate::fixture::{Folder, acme, berlin, everything, furnished, now, ring, save, secret};

async fn open(path: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, ring()).await
}

#[tokio::test]
async fn a_file_that_is_opened_again_holds_all_that_was_saved() {
    let folder = Folder::new();
    let store = open(&folder.file()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let (loaded, due) =
        (store.load(&acme(), &everything()).await.unwrap(), store.due_jobs(now(), 9).await.unwrap());
    let audit = store.audit_since(&acme(), AuditPosition::default(), 9).await.unwrap();
    assert_eq!((loaded.tokens.len(), loaded.pools.len(), due.len(), audit.len()), (1, 1, 1, 1));
    drop(store);

    let again = open(&folder.file()).await.unwrap();
    assert_eq!(again.load(&acme(), &everything()).await.unwrap(), loaded);
    assert_eq!(again.due_jobs(now(), 9).await.unwrap(), due);
    assert_eq!(again.audit_since(&acme(), AuditPosition::default(), 9).await.unwrap(), audit);
    assert_eq!(secret(&again, &berlin()).await.unwrap(), "secret");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_open_a_new_file_at_the_same_time() {
    for _ in 0..30 {
        let folder = Folder::new();
        let opening: Vec<_> = (0..8)
            .map(|_| {
                let file = folder.file();
                tokio::spawn(async move { open(&file).await })
            })
            .collect();
        let mut stores = Vec::new();
        for opened in opening {
            stores.push(opened.await.unwrap().unwrap());
        }
        save(&stores[0], furnished("secret")).await.unwrap();
        for store in &stores {
            assert_eq!(store.load(&acme(), &everything()).await.unwrap().transaction, 1);
        }
    }
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused_and_not_touched() {
    let folder = Folder::new();
    drop(open(&folder.file()).await.unwrap());
    let later = Connection::open(folder.file()).unwrap();
    later.execute("INSERT INTO schema_version (version) VALUES (7)", []).unwrap();
    drop(later);
    let before = fs::read(folder.file()).unwrap();
    let refusal = open(&folder.file()).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Newer { found: 7, known: 1 }), "{refusal}");
    assert_eq!(fs::read(folder.file()).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::new();
    fs::write(folder.file(), "Dear diary, ".repeat(400)).unwrap();
    let refusal = open(&folder.file()).await.unwrap_err();
    assert_eq!(refusal.code(), "not_ours");
    assert!(refusal.to_string().contains("vpp.db"), "{refusal}");
    assert!(fs::read_to_string(folder.file()).unwrap().starts_with("Dear diary"));
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_not_touched() {
    for schema in ["CREATE TABLE notes (text TEXT)", "CREATE TABLE schema_version (version INT)"] {
        let folder = Folder::new();
        let theirs = Connection::open(folder.file()).unwrap();
        theirs.execute(schema, []).unwrap();
        drop(theirs);
        let before = fs::read(folder.file()).unwrap();
        assert_eq!(open(&folder.file()).await.unwrap_err().code(), "not_ours", "{schema}");
        assert_eq!(fs::read(folder.file()).unwrap(), before, "{schema}");
    }
}

#[tokio::test]
async fn a_file_in_a_folder_that_is_not_there_is_refused_by_name() {
    let folder = Folder::new();
    let path = folder.path().join("nowhere").join("vpp.db");
    let refusal = open(&path).await.unwrap_err();
    let reason = refusal.to_string();
    assert!(reason.contains("nowhere") && reason.contains("folder exists"), "{reason}");
    assert_eq!(open(Path::new("")).await.unwrap_err().code(), "backend");
}

#[tokio::test]
async fn no_file_name_has_a_special_meaning() {
    let folder = Folder::new();
    for name in [":memory:", "file:x.db?mode=memory", "a b;'\".db"] {
        let path = folder.path().join(name);
        save(&open(&path).await.unwrap(), furnished("secret")).await.unwrap();
        let again = open(&path).await.unwrap();
        assert_eq!(again.load(&acme(), &everything()).await.unwrap().transaction, 1, "{name}");
        assert!(fs::metadata(&path).unwrap().len() > 0, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_a_new_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let store = open(&folder.file()).await.unwrap();
    save(&store, furnished("secret")).await.unwrap();
    let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let modes: Vec<_> = files
        .iter()
        .map(|file| {
            (file.file_name().into_string().unwrap(), file.metadata().unwrap().permissions().mode() & 0o777)
        })
        .collect();
    let expected = ["vpp.db", "vpp.db-shm", "vpp.db-wal"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, expected);
}
