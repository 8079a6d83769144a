//! What tells the assets of a location apart.

use serde::{Deserialize, Serialize};

use super::PricingParam;
use crate::id::AdamId;

/// An asset within a location. Apple tells its licenses apart by these two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetKey {
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality.
    pub pricing_param: PricingParam,
}
