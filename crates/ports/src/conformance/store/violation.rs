//! A promise that a store did not keep.

use thiserror::Error;

/// A promise of the port that a store did not keep.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the store breaks a promise: {check}; {step}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct Violation {
    /// The promise, as a sentence.
    pub check: &'static str,
    /// What was looked at when it showed.
    pub step: String,
    /// What a store has to do.
    pub expected: String,
    /// What this one did.
    pub found: String,
}
