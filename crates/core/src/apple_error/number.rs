//! The number that tells Apple's errors apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Apple's `errorNumber`. Texts change between releases, numbers do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorNumber(pub u32);

impl fmt::Display for ErrorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
