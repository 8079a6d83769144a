//! The reasons why there is no server.

use std::{fmt, io, path::PathBuf};

/// The reason why there is no server.
#[derive(Debug)]
pub enum ServerError {
    /// The programs of PostgreSQL are not installed.
    NotInstalled,
    /// PostgreSQL refuses to run as root, and no other account can be used.
    NoAccount {
        /// The missing account or program.
        missing: &'static str,
    },
    /// A program could not be run, or failed.
    Program {
        /// Its name.
        name: &'static str,
        /// Its output.
        said: String,
    },
    /// A file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled => f.write_str(
                "these tests need the programs of PostgreSQL (`initdb` and `postgres`), in the PATH or where Debian \
                 puts them: install the package `postgresql`, or as root on Debian run `cargo xtask test`, which does",
            ),
            Self::NoAccount { missing } => {
                write!(f, "cannot start PostgreSQL: it does not run as root, and there is no {missing}; install the package `postgresql`")
            }
            Self::Program { name, said } => write!(f, "`{name}` failed: {said}"),
            Self::File { path, source } => write!(f, "`{}` cannot be used: {source}", path.display()),
        }
    }
}

impl std::error::Error for ServerError {}
