//! What is packed, and into what.

use serde::{Deserialize, Serialize};

use crate::catalog::AssetKey;

/// One request: every asset for every holder. Both lists are in order, without duplicates, and never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedRequest<H> {
    /// The assets.
    pub assets: Vec<AssetKey>,
    /// The holders, all of one kind.
    pub holders: Vec<H>,
}

impl<H> PackedRequest<H> {
    /// How many pairs it covers: Apple's `numRequested`.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.assets.len().saturating_mul(self.holders.len())
    }
}
