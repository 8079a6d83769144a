//! What the store says about an app.

use std::collections::BTreeSet;

use crate::id::AdamId;

/// An entry of a national store, as a lookup by id finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreListing {
    /// The store's id.
    pub adam_id: AdamId,
    /// The name in the store.
    pub name: String,
    /// The bundle id, where the store tells it.
    pub bundle_id: Option<String>,
    /// An icon of about 512 pixels, as a URL.
    pub icon_url: Option<String>,
    /// Whether it is a custom (B2B) app, made for the organization alone.
    pub custom_app: bool,
    /// The families of devices it runs on, in Apple's words: `iphone`, `ipad`, `mac` and so on.
    pub device_families: BTreeSet<String>,
}

impl StoreListing {
    /// Whether it runs on Macs and nowhere else.
    #[must_use]
    pub fn is_macos_only(&self) -> bool {
        self.device_families.len() == 1 && self.device_families.contains("mac")
    }
}
