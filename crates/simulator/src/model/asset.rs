//! An asset that a location owns: an app or book in one quality, and its seats.

use super::collections::Roll;
use crate::apple::{Holder, ListingKind, ProductType, StoreListing, UNLIMITED};

/// The seats of an asset. Numbers are 64 bits wide so that [`UNLIMITED`] never overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seats {
    /// Bought: `total` can be assigned in all.
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
    /// The holders, as shown to clients.
    pub(crate) holders: Roll<Holder>,
    /// How many more seats are held in truth than are shown; negative when fewer are.
    pub(crate) hidden: i64,
}

impl OwnedAsset {
    pub(crate) fn of(listing: &StoreListing, seats: Seats) -> Self {
        let device_assignable = listing.device_assignable && listing.kind != ListingKind::Book;
        Self::without_holders(listing.kind, device_assignable, seats)
    }

    /// The same asset without a seat, for another location.
    pub(crate) fn like(other: &Self) -> Self {
        Self::without_holders(other.kind, other.device_assignable, Seats::Bought { total: 0 })
    }

    fn without_holders(kind: ListingKind, device_assignable: bool, seats: Seats) -> Self {
        Self { kind, device_assignable, seats, retired: 0, elsewhere: 0, holders: Roll::default(), hidden: 0 }
    }

    /// Whether an assignment can be taken back. Books cannot (Apple's documentation).
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

    /// Seats that can be assigned or given back, in truth.
    pub(crate) fn free(&self) -> i64 {
        match self.seats {
            Seats::Unlimited => i64::MAX,
            Seats::Bought { total } => total.saturating_sub(self.assigned()).saturating_sub(self.hidden),
        }
    }
}
