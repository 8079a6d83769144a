//! What a location owns at Apple.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    catalog::{AssetKey, Counts},
    id::AdamId,
};

/// An app or a book that a location owns, as Apple's asset list shows it. Its key is the id with the pricing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality that was bought.
    pub pricing_param: PricingParam,
    /// App or book.
    pub product_type: ProductType,
    /// Whether a license may be assigned to a device.
    pub device_assignable: bool,
    /// Whether an assigned license may be taken back.
    pub revocable: bool,
    /// The platforms it runs on; empty when Apple does not say.
    pub supported_platforms: BTreeSet<Platform>,
    /// The licenses.
    pub counts: Counts,
}

impl Asset {
    /// The key within the location.
    #[must_use]
    pub fn key(&self) -> AssetKey {
        AssetKey { adam_id: self.adam_id, pricing_param: self.pricing_param.clone() }
    }

    /// Whether it runs on macOS and nowhere else; `None` when Apple does not say.
    #[must_use]
    pub fn is_macos_only(&self) -> Option<bool> {
        runs_on_macos_only(&self.supported_platforms)
    }
}

/// Whether platforms name macOS and nothing else; `None` when they name nothing.
pub(crate) fn runs_on_macos_only(platforms: &BTreeSet<Platform>) -> Option<bool> {
    (!platforms.is_empty()).then(|| platforms.iter().all(|platform| platform == &Platform::MacOs))
}

/// The quality of an asset (`pricingParam`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PricingParam {
    /// Standard quality (`STDQ`): all apps, most books.
    Standard,
    /// High quality (`PLUS`).
    HighQuality,
    /// A quality that this version does not know.
    Other {
        /// Apple's word.
        name: String,
    },
}

/// App or book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProductType {
    /// An app.
    App,
    /// A book: for users only, and never taken back.
    Book,
    /// A type that this version does not know; it is not added to the catalog.
    Other {
        /// Apple's word.
        name: String,
    },
}

/// An operating system that an app runs on; iPadOS counts as iOS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Platform {
    /// iOS and iPadOS.
    Ios,
    /// macOS.
    MacOs,
    /// tvOS.
    TvOs,
    /// visionOS.
    VisionOs,
    /// watchOS.
    WatchOs,
    /// A platform that this version does not know.
    Other {
        /// Apple's word.
        name: String,
    },
}
