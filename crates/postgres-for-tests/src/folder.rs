//! Folders of servers, which no other account may read or change.

use std::{
    fs,
    io::{self, Read as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    ServerError,
    account::{Account, number},
};

/// Names the file in an error of the operating system.
pub(crate) fn on(path: &Path) -> impl Fn(io::Error) -> ServerError + '_ {
    move |source| ServerError::File { path: path.to_owned(), source }
}

/// The folder in which all processes of this account find each other's servers.
pub(crate) fn meeting_place() -> Result<PathBuf, ServerError> {
    let own = number(&["-u"])?;
    let path = std::env::temp_dir().join(format!("mdm-vpp-postgres-{own}"));
    match fs::DirBuilder::new().mode(0o711).create(&path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(on(&path)(error)),
        _ => {}
    }
    // Another account may have made it first, to read what the tests send.
    let found = fs::symlink_metadata(&path).map_err(on(&path))?;
    if found.is_dir() && found.uid() == own && found.permissions().mode() & 0o022 == 0 {
        return Ok(path);
    }
    Err(on(&path)(io::Error::other("it belongs to another account; delete it")))
}

/// Makes a folder for a server, with one for its data and one for the processes that use it.
pub(crate) fn new_folder(account: &Account) -> Result<PathBuf, ServerError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = meeting_place()?.join(format!("server-{}-{nanoseconds}-{number}", process::id()));
    for (path, mode) in [(path.clone(), 0o711), (path.join("users"), 0o700), (path.join("data"), 0o700)] {
        fs::DirBuilder::new().mode(mode).create(&path).map_err(on(&path))?;
    }
    for name in ["log", "password"] {
        write(&path.join(name), &if name == "log" { String::new() } else { random()? })?;
    }
    if let Some((user, group)) = account.other {
        for name in ["data", "password"] {
            let path = path.join(name);
            chown(&path, Some(user), Some(group)).map_err(on(&path))?;
        }
    }
    Ok(path)
}

/// Writes a file for its owner alone, as a whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), ServerError> {
    let begun = path.with_extension("begun");
    fs::write(&begun, "").map_err(on(&begun))?;
    fs::set_permissions(&begun, fs::Permissions::from_mode(0o600)).map_err(on(&begun))?;
    fs::write(&begun, text).map_err(on(&begun))?;
    fs::rename(&begun, path).map_err(on(path))
}

/// Random text for a password.
fn random() -> Result<String, ServerError> {
    let path = Path::new("/dev/urandom");
    let mut bytes = [0_u8; 16];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut bytes)).map_err(on(path))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
