//! A pool: one asset of one location, where its licenses are counted.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::{Asset, AssetKey, Counts, Platform, PricingParam, ProductType, runs_on_macos_only},
    id::{AdamId, LocationId},
};

/// Counts that were read so short ago are not read again for who lacks a license, in seconds. Our choice.
const COUNTS_STAND_SECONDS: i64 = 30;

/// One asset of one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// The location that owns the licenses.
    pub location: LocationId,
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality.
    pub pricing_param: PricingParam,
    /// App or book.
    pub product_type: ProductType,
    /// Whether a license may be assigned to a device.
    pub device_assignable: bool,
    /// Whether an assigned license may be taken back.
    pub revocable: bool,
    /// The platforms it runs on; empty when Apple does not say.
    pub supported_platforms: BTreeSet<Platform>,
    /// The licenses, as they were read.
    pub counts: Counts,
    /// How fresh that is: when the reading began, UTC.
    pub counted_at: DateTime<Utc>,
    /// Whether Apple listed the asset then. If not, the counts are the last that were seen.
    pub listed: bool,
    /// Seats that are wanted, or not surely absent; foreign ones too.
    #[serde(default)]
    pub occupied: u64,
    /// Licenses that were given out and may not be in the counts yet.
    #[serde(default)]
    pub uncounted: u64,
    /// Of those, the ones that Apple has not listed yet.
    #[serde(default)]
    pub unconfirmed: u64,
    /// Seats that have come back since the counts were read: while somebody waits, they should be read again.
    #[serde(default)]
    pub returned: u64,
}

impl Pool {
    /// The pool of an asset that was read.
    #[must_use]
    pub fn of(location: &LocationId, asset: &Asset, read_at: DateTime<Utc>) -> Self {
        Self {
            location: location.clone(),
            adam_id: asset.adam_id,
            pricing_param: asset.pricing_param.clone(),
            product_type: asset.product_type.clone(),
            device_assignable: asset.device_assignable,
            revocable: asset.revocable,
            supported_platforms: asset.supported_platforms.clone(),
            counts: asset.counts,
            counted_at: read_at,
            listed: true,
            occupied: 0,
            uncounted: 0,
            unconfirmed: 0,
            returned: 0,
        }
    }

    /// The same with fresh counts, and with the seats of the pool as it is now; `before` is the pool as it was before
    /// the counts were read. A license that Apple had listed by then is in the counts. Without `before`, or when other
    /// counts came meanwhile, all are taken as not counted: the next counts say more.
    #[must_use]
    pub fn counting_as(self, known: &Self, before: Option<&Self>) -> Self {
        let before = before.filter(|before| before.counted_at == known.counted_at);
        let confirmed = known.confirmed().saturating_sub(before.map_or(0, Self::confirmed));
        Self {
            occupied: known.occupied,
            uncounted: known.unconfirmed.saturating_add(confirmed),
            unconfirmed: known.unconfirmed,
            returned: known.returned.saturating_sub(before.map_or(0, |before| before.returned)),
            ..self
        }
    }

    /// Licenses that may be given out; `None` means without limit. None of an asset that Apple lists no more. See
    /// [`Counts::free`].
    #[must_use]
    pub const fn free(&self) -> Option<u64> {
        if self.listed { self.counts.free(self.occupied, self.uncounted) } else { Some(0) }
    }

    /// When the counts should be read again for somebody who lacks a license, UTC: licenses have come back since, and the
    /// counts do not show them, or were listed since, and are subtracted though they may be counted. `None` when reading again would tell nothing new.
    #[must_use]
    pub fn count_again_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = self.returned > 0 || self.confirmed() > 0;
        let is_behind = self.listed && since && matches!(self.counts, Counts::Limited { .. });
        let stand = TimeDelta::seconds(COUNTS_STAND_SECONDS);
        is_behind.then(|| self.counted_at.checked_add_signed(stand).unwrap_or(now).max(now))
    }

    /// Whether only counts that may be behind stand between a license and who waits for it.
    #[must_use]
    pub const fn is_held_back_by_counts(&self) -> bool {
        let Counts::Limited { total, .. } = self.counts else { return false };
        self.listed && total > self.occupied && matches!(self.free(), Some(0))
    }

    /// Licenses that Apple has listed since the counts were read.
    const fn confirmed(&self) -> u64 {
        self.uncounted.saturating_sub(self.unconfirmed)
    }

    /// Whether it runs on macOS and nowhere else; `None` when Apple does not say.
    #[must_use]
    pub fn is_macos_only(&self) -> Option<bool> {
        runs_on_macos_only(&self.supported_platforms)
    }

    /// The key within the location.
    #[must_use]
    pub fn key(&self) -> AssetKey {
        AssetKey { adam_id: self.adam_id, pricing_param: self.pricing_param.clone() }
    }
}
