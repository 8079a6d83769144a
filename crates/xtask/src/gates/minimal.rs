//! The oldest versions of our dependencies that the manifests allow. An embedder's lock file may hold them.

use std::{env, fs, path::Path};

use super::tools::{judge, no_nightly};
use crate::{
    error::TaskError,
    report::{Report, Violation},
    workspace::Workspace,
};

/// Where the lock file with the oldest versions goes. The committed one is not touched.
const LOCK_FILE: &str = "target/minimal-versions/Cargo.lock";

/// Resolves direct dependencies to their oldest versions, then checks the published crates with them.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let nightly = workspace.nightly();
    if !nightly.succeeds_silently(&["--version"]).unwrap_or(false) {
        return Ok(Report { notes: Vec::new(), violations: vec![no_nightly()] });
    }
    let lock_file = workspace.root().join(LOCK_FILE);
    forget(&lock_file)?;
    let elsewhere = format!("resolver.lockfile-path={:?}", lock_file.display().to_string());
    nightly.read(&["-Zdirect-minimal-versions", "--config", &elsewhere, "generate-lockfile"])?;
    if !lock_file.is_file() {
        return Ok(Report { notes: Vec::new(), violations: vec![too_old()] });
    }
    let exclude = workspace.exclude_unpublished()?;
    let exclude: Vec<_> = exclude.iter().map(String::as_str).collect();
    let check = ["--config", &elsewhere, "check", "--quiet", "--locked", "--workspace", "--all-features"];
    let check = [&check[..], &exclude].concat();
    // The nightly resolves; what compiles is the compiler of CI, whose artifacts can be used again.
    let rustc = compiler(env::var_os("CARGO").as_deref().map(Path::new));
    let rustc = rustc.iter().map(|rustc| ("RUSTC", rustc.as_str()));
    // No later build has these versions, so incremental state would be kept for nothing.
    let environment: Vec<_> = rustc.chain([("CARGO_INCREMENTAL", "0")]).collect();
    let passed = nightly.succeeds_with(&check, &environment)?;
    Ok(Report::new(format!("oldest versions are in {LOCK_FILE}"), judge(&check, passed)))
}

/// Removes the lock file of the last run, so that what is found afterwards is new.
fn forget(lock_file: &Path) -> Result<(), TaskError> {
    let folder = lock_file.parent().unwrap_or(lock_file);
    let failed = |done| move |source| TaskError::File { path: lock_file.to_owned(), done, source };
    fs::create_dir_all(folder).map_err(failed("created"))?;
    if lock_file.exists() { fs::remove_file(lock_file).map_err(failed("removed")) } else { Ok(()) }
}

/// The compiler beside the cargo that runs this program, if it is there.
fn compiler(cargo: Option<&Path>) -> Option<String> {
    let rustc = cargo?.with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
    rustc.is_file().then(|| rustc.display().to_string())
}

/// Before 1.97 the lock file could not be put elsewhere without another flag.
fn too_old() -> Violation {
    Violation::new(
        "nightly",
        "is older than 1.97 and wrote the lock file of the workspace",
        "run `git checkout Cargo.lock` and `rustup update nightly`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_of_the_last_run_is_forgotten() {
        let folder = env::temp_dir().join(format!("xtask-minimal-{}", std::process::id()));
        let lock_file = folder.join("Cargo.lock");
        forget(&lock_file).unwrap();
        fs::write(&lock_file, "old").unwrap();
        forget(&lock_file).unwrap();
        let is_gone = !lock_file.exists() && folder.is_dir();
        fs::remove_dir_all(&folder).unwrap();
        assert!(is_gone);
    }

    #[test]
    fn the_compiler_is_the_one_beside_cargo() {
        assert_eq!(compiler(None), None);
        assert_eq!(compiler(Some(Path::new("no/such/folder/cargo"))), None);
    }
}
