//! Pools: one asset in one location, where licenses are counted.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::{Asset, AssetKey, Counts, Platform, PricingParam, ProductType, runs_on_macos_only},
    id::{AdamId, LocationId},
};

/// Age below which counts are not read again because an install lacks a license, in seconds. Ours: a queue of waiting
/// installs must not make one read follow another.
const COUNTS_STAND_SECONDS: i64 = 30;

/// One asset in one location: its licenses as Apple counted them, and the seats that these counts may not show yet.
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
    /// Whether an assigned license can be revoked.
    pub revocable: bool,
    /// The platforms it runs on; empty when Apple does not say.
    pub supported_platforms: BTreeSet<Platform>,
    /// The license counts, as they were read.
    pub counts: Counts,
    /// When the read of these counts began, UTC.
    pub counted_at: DateTime<Utc>,
    /// Whether Apple listed the asset in that read. If not, the counts are the last that were seen.
    pub listed: bool,
    /// Seats that are desired or not known to be absent, foreign ones included.
    #[serde(default)]
    pub occupied: u64,
    /// Licenses that were assigned and may not be in the counts yet.
    #[serde(default)]
    pub uncounted: u64,
    /// The part of `uncounted` that Apple has not listed yet.
    #[serde(default)]
    pub unconfirmed: u64,
    /// Seats that were released since the counts were read. While an install waits, the counts should be read again.
    #[serde(default)]
    pub returned: u64,
}

impl Pool {
    /// Makes the pool of an asset that was read at `read_at` (UTC).
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

    /// Returns this pool of fresh counts with the seats of `known`, the pool as it is stored now. `before` is the pool
    /// as it was stored before the counts were read.
    ///
    /// Fresh counts include every license that Apple had listed by then. Without `before`, or when other counts were
    /// saved meanwhile, that cannot be told, so all licenses stay uncounted until the next read.
    #[must_use]
    pub fn counting_as(self, known: &Self, before: Option<&Self>) -> Self {
        let before = before.filter(|before| before.counted_at == known.counted_at);
        // Only what Apple listed since the read began may be missing in its counts.
        let confirmed = known.confirmed().saturating_sub(before.map_or(0, Self::confirmed));
        Self {
            occupied: known.occupied,
            uncounted: known.unconfirmed.saturating_add(confirmed),
            unconfirmed: known.unconfirmed,
            returned: known.returned.saturating_sub(before.map_or(0, |before| before.returned)),
            ..self
        }
    }

    /// Licenses that may be given out; `None` means without limit, and an asset that Apple no longer lists has none. See
    /// [`Counts::free`].
    #[must_use]
    pub const fn free(&self) -> Option<u64> {
        if self.listed { self.counts.free(self.occupied, self.uncounted) } else { Some(0) }
    }

    /// When the counts should be read again for an install that lacks a license, UTC; `None` when a read would tell
    /// nothing new.
    ///
    /// A read helps when licenses were released since the last one, because the counts do not show them. It also helps
    /// when Apple has listed assignments since, because these are subtracted although the counts may include them.
    #[must_use]
    pub fn count_again_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = self.returned > 0 || self.confirmed() > 0;
        let is_behind = self.listed && since && matches!(self.counts, Counts::Limited { .. });
        let stand = TimeDelta::seconds(COUNTS_STAND_SECONDS);
        is_behind.then(|| self.counted_at.checked_add_signed(stand).unwrap_or(now).max(now))
    }

    /// Whether a license is withheld only because the counts may be out of date: by the total one is free, by what is
    /// available none is.
    #[must_use]
    pub const fn is_held_back_by_counts(&self) -> bool {
        let Counts::Limited { total, .. } = self.counts else { return false };
        self.listed && total > self.occupied && matches!(self.free(), Some(0))
    }

    /// The number of licenses that Apple has listed since the counts were read.
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
