//! What a location owns: an app or book in one quality, and its seats.

use serde::{Deserialize, Serialize};

use super::holder::Holder;
use super::ids::AdamId;
use super::listing::{ListingKind, StoreListing};
use super::roll::Roll;

/// The total that Apple shows for an unlimited asset when a client does not ask for unlimited assets apart
/// (Apple's documentation). It is the largest 32-bit number: never add to it in 32 bits.
pub const UNLIMITED: i64 = 2_147_483_647;

/// The quality of an asset. Apps are always `Standard`; a book can be owned in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PricingParam {
    /// Standard quality.
    #[default]
    Standard,
    /// High quality.
    HighQuality,
}

/// Apps and books are counted and filtered apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProductType {
    App,
    Book,
}

/// What identifies an asset within a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetKey {
    /// The app or book.
    pub adam_id: AdamId,
    /// Its quality.
    pub pricing_param: PricingParam,
}

impl AssetKey {
    /// An asset in a given quality. `AssetKey::from(adam_id)` means standard quality.
    pub const fn new(adam_id: AdamId, pricing_param: PricingParam) -> Self {
        Self { adam_id, pricing_param }
    }
}

impl From<AdamId> for AssetKey {
    fn from(adam_id: AdamId) -> Self {
        Self::new(adam_id, PricingParam::Standard)
    }
}

/// The seats of an asset. Numbers are 64 bits wide so that [`UNLIMITED`] never overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seats {
    /// Bought: `total` is what can be assigned in all.
    Bought { total: i64 },
    /// Free and without limit (since 2026, Apple's documentation).
    Unlimited,
}

/// An asset of a location.
#[derive(Clone, Debug)]
pub(crate) struct OwnedAsset {
    pub(crate) kind: ListingKind,
    pub(crate) device_assignable: bool,
    pub(crate) seats: Seats,
    /// Seats that were given back in the portal.
    pub(crate) retired: i64,
    /// Seats whose holders the service does not know one by one.
    pub(crate) elsewhere: i64,
    /// Who holds a seat, as shown to clients.
    pub(crate) holders: Roll<Holder>,
    /// How many more seats are assigned than is shown.
    pub(crate) unseen: i64,
}

impl OwnedAsset {
    pub(crate) fn of(listing: &StoreListing, seats: Seats) -> Self {
        let device_assignable = listing.device_assignable && listing.kind != ListingKind::Book;
        Self {
            kind: listing.kind,
            device_assignable,
            seats,
            retired: 0,
            elsewhere: 0,
            holders: Roll::default(),
            unseen: 0,
        }
    }

    /// The same asset without a seat.
    pub(crate) fn like(other: &Self) -> Self {
        Self {
            kind: other.kind,
            device_assignable: other.device_assignable,
            seats: Seats::Bought { total: 0 },
            retired: 0,
            elsewhere: 0,
            holders: Roll::default(),
            unseen: 0,
        }
    }

    /// Books stay with whoever got them (Apple's documentation).
    pub(crate) fn revocable(&self) -> bool {
        self.kind != ListingKind::Book
    }

    pub(crate) fn product_type(&self) -> ProductType {
        if self.kind == ListingKind::Book { ProductType::Book } else { ProductType::App }
    }

    pub(crate) fn is_unlimited(&self) -> bool {
        self.seats == Seats::Unlimited
    }

    pub(crate) fn total(&self) -> i64 {
        match self.seats {
            Seats::Bought { total } => total,
            Seats::Unlimited => UNLIMITED,
        }
    }

    /// Seats assigned, as shown to clients.
    pub(crate) fn assigned(&self) -> i64 {
        self.elsewhere.saturating_add(i64::try_from(self.holders.len()).unwrap_or(i64::MAX))
    }

    /// Seats available, as shown to clients.
    pub(crate) fn available(&self) -> i64 {
        self.total().saturating_sub(self.assigned()).max(0)
    }

    /// Seats that can be assigned or given back; all that is not shown yet is counted.
    pub(crate) fn free(&self) -> i64 {
        match self.seats {
            Seats::Unlimited => i64::MAX,
            Seats::Bought { total } => total.saturating_sub(self.assigned()).saturating_sub(self.unseen),
        }
    }
}
