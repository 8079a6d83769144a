//! Why a command could not do its work at all. What it finds wrong is a `Violation` instead.

use std::{error::Error as _, io, path::PathBuf};

use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum TaskError {
    #[error("this program does not know its workspace: start it as `cargo xtask`")]
    NoWorkspace,
    #[error("cannot start `{call}`")]
    NotStarted {
        call: String,
        #[source]
        source: io::Error,
    },
    #[error("`{call}` failed: {stderr}")]
    Failed { call: String, stderr: String },
    #[error("cannot read the metadata of the workspace")]
    Metadata(#[from] cargo_metadata::Error),
    #[error("the metadata of the workspace has no resolved graph: update cargo")]
    NoGraph,
    #[error("`{}` could not be {done}", path.display())]
    File {
        path: PathBuf,
        done: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("cannot print the result")]
    Output(#[source] io::Error),
    #[error("the error class `{0}` has no words in the generated page: add them in crates/xtask/src/pages")]
    NoWords(&'static str),
}

impl TaskError {
    /// The error with its causes, on one line.
    pub(crate) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_once_with_its_causes() {
        let source = io::Error::other("disk full");
        let error = TaskError::File { path: "docs/a.md".into(), done: "written", source };
        assert_eq!(error.with_causes(), "`docs/a.md` could not be written: disk full");
        assert_eq!(TaskError::NoGraph.with_causes(), TaskError::NoGraph.to_string());
    }
}
