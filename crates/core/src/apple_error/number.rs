//! The number of an error of Apple.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Apple's `errorNumber`. Programs use it rather than the text, because texts change between Apple's releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorNumber(pub u32);

impl fmt::Display for ErrorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
