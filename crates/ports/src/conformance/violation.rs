//! A promise of a port that was not kept.

use thiserror::Error;

/// A promise of a port that an implementation did not keep.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a promise is broken: {check}; {step}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct Violation {
    /// The promise, as a sentence.
    pub check: &'static str,
    /// What was looked at when it showed.
    pub step: String,
    /// What an implementation has to do.
    pub expected: String,
    /// What this one did.
    pub found: String,
}
