//! A promise of a port that was not kept.

use thiserror::Error;

/// A promise of a port that an implementation did not keep.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a promise is broken: {check}; {step}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct Violation {
    /// The promise, as a sentence.
    pub check: &'static str,
    /// The step of the check that found it.
    pub step: String,
    /// What an implementation must do.
    pub expected: String,
    /// What this implementation did.
    pub found: String,
}
