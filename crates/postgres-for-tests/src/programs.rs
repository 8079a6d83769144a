//! The programs of PostgreSQL, and where they are found.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::ServerError;

/// The folder of Debian and its relatives, with a folder for each major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs that create and run a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    pub(crate) initdb: PathBuf,
    pub(crate) postgres: PathBuf,
}

impl Programs {
    /// Finds the programs in the `PATH`, or else the newest version in the folder of Debian.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotInstalled`] says what to install.
    pub fn find() -> Result<Self, ServerError> {
        let path = env::var_os("PATH").unwrap_or_default();
        Self::find_in(env::split_paths(&path), Path::new(DEBIAN)).ok_or(ServerError::NotInstalled)
    }

    fn find_in(folders: impl Iterator<Item = PathBuf>, versions: &Path) -> Option<Self> {
        folders.chain(by_version(versions)).find_map(|folder| {
            let programs = Self { initdb: folder.join("initdb"), postgres: folder.join("postgres") };
            (programs.initdb.is_file() && programs.postgres.is_file()).then_some(programs)
        })
    }
}

/// The folders of programs of all versions, the newest first.
fn by_version(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = found
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for name in ["initdb", "postgres"] {
            fs::write(folder.join(name), "").unwrap();
        }
    }

    #[test]
    fn the_path_comes_first_then_the_newest_version() {
        let root = env::temp_dir().join(format!("mdm-vpp-programs-{}", std::process::id()));
        let (path, versions) = (root.join("path"), root.join("versions"));
        let find = || Programs::find_in([path.clone()].into_iter(), &versions);
        assert_eq!(find(), None);
        for version in ["9", "15", "common"] {
            install(&versions.join(version).join("bin"));
        }
        assert_eq!(find().unwrap().postgres, versions.join("15/bin/postgres"));
        install(&path);
        assert_eq!(find().unwrap().initdb, path.join("initdb"));
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn the_error_for_missing_programs_says_what_to_install() {
        let reported = ServerError::NotInstalled.to_string();
        assert!(reported.contains("`postgresql`") && reported.contains("cargo xtask test"), "{reported}");
    }
}
