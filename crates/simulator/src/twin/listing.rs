//! An entry of the store becomes a type of the core.

use mdm_vpp_core::catalog::StoreListing;
use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::printable_text;

use super::wire::filled;
use crate::wire::{Artwork, Item};

/// Icons are wanted with so many pixels.
const ICON: i64 = 512;

pub(super) fn listing(adam_id: AdamId, item: Item) -> StoreListing {
    StoreListing {
        adam_id,
        name: printable_text(item.name.trim()),
        bundle_id: item.bundle_id.map(|id| printable_text(id.trim())).filter(|id| !id.is_empty()),
        icon_url: icon_url(&item.artwork),
        custom_app: item.is_b2b_custom_app,
        device_families: item.device_families.iter().map(|family| printable_text(family)).collect(),
    }
}

/// The icon whose size comes nearest.
fn icon_url(artwork: &Artwork) -> Option<String> {
    match artwork {
        Artwork::Template { url, .. } => Some(filled(url, ICON)),
        Artwork::Sizes(sizes) => {
            let nearest = sizes.iter().min_by_key(|size| size.width.abs_diff(ICON))?;
            Some(nearest.url.clone())
        }
    }
}
