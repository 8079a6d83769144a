//! What is packed, and into what.

use serde::{Deserialize, Serialize};

use crate::{catalog::PricingParam, id::AdamId, seats::PoolKey};

/// An asset as a request names it: Apple tells the pools of a location apart by these two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetKey {
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality.
    pub pricing_param: PricingParam,
}

impl From<PoolKey> for AssetKey {
    fn from((adam_id, pricing_param): PoolKey) -> Self {
        Self { adam_id, pricing_param }
    }
}

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
