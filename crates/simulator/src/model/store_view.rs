//! The views of the store that a client can ask for.

use super::listing::ListingKind;

/// A view of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreView {
    /// What an organization can have: everything.
    Organization,
    /// Apps for the Mac, and the Mac's side of universal apps.
    Mac,
}

impl StoreView {
    /// Whether this kind of listing is part of the view.
    pub(crate) fn has(self, kind: ListingKind) -> bool {
        self == Self::Organization || matches!(kind, ListingKind::MacApp | ListingKind::UniversalApp)
    }
}
