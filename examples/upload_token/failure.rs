//! Failures, and the exit code of each.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use mdm_vpp::{decide::token::UploadRefusal, engine::UploadError, token::TokenFileError};

/// Why the upload failed.
pub(crate) enum Failure {
    /// The token file cannot be used.
    WrongFile(String),
    /// Anything else.
    Other(String),
}

impl Failure {
    /// Prints the failure in one line; the answer is the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, text) = match self {
            Self::WrongFile(text) => (2, text),
            Self::Other(text) => (1, text),
        };
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(io::stderr(), "error: {line}");
        ExitCode::from(code)
    }

    /// Wraps an error that is not about the token file.
    pub(crate) fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<TokenFileError> for Failure {
    fn from(error: TokenFileError) -> Self {
        Self::WrongFile(error.to_string())
    }
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        match &error {
            UploadError::Refused(UploadRefusal::File(_)) | UploadError::RefusedByApple(_) => {
                Self::WrongFile(error.to_string())
            }
            _ => Self::Other(error.to_string()),
        }
    }
}
