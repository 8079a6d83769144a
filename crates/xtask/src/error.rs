//! Why a command could not do its work at all. What it finds wrong is a `Violation` instead.

use std::{io, path::PathBuf};

use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum TaskError {
    #[error("this program does not know its workspace: start it as `cargo xtask`")]
    NoWorkspace,
    #[error("`cargo {arguments}` could not be started: {source}")]
    NotStarted {
        arguments: String,
        #[source]
        source: io::Error,
    },
    #[error("`cargo {arguments}` failed: {stderr}")]
    Failed { arguments: String, stderr: String },
    #[error("the metadata of the workspace could not be read: {0}")]
    Metadata(#[from] cargo_metadata::Error),
    #[error("the metadata of the workspace has no resolved graph: update cargo")]
    NoGraph,
    #[error("`{}` could not be {done}: {source}", path.display())]
    File {
        path: PathBuf,
        done: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("nobody listens: {0}")]
    Talk(#[source] io::Error),
    #[error("the error class `{0}` has no words in the generated page: add them in crates/xtask/src/pages")]
    NoWords(&'static str),
}
