//! Drift: where what Apple lists differs from what we have, and nothing that is under way explains it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    location::LocationRows,
    seats::{Desired, Observed, Progress, Seat, SeatKey},
};

/// Where what Apple lists differs from what we have. A seat is in one list at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "drift stays until it is acted on"]
pub struct DriftReport {
    /// When the read began, UTC: before its first request left.
    pub read_at: DateTime<Utc>,
    /// Apple lists them, and no seat of ours stands for them: another product or a person gave them.
    pub foreign: Vec<SeatKey>,
    /// Apple lists them, although we desire them no more and nothing is under way about them.
    pub orphans: Vec<SeatKey>,
    /// We desire them and had them, and Apple does not list them: another product or a person took them.
    pub missing: Vec<SeatKey>,
    /// Assets that Apple does not list among those of the location (any more).
    pub vanished: Vec<VanishedAsset>,
    /// How many seats are queued, in a request, behind a fence, to be read, or were touched since the read began.
    /// About them nothing can be said yet.
    pub under_way: u64,
    /// Whether Apple's list changed while it was read: single assignments may have been missed, so ask again before
    /// anything is repaired.
    pub changed_meanwhile: bool,
}

/// An asset that Apple does not list among those of the location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VanishedAsset {
    /// The asset.
    pub asset: AssetKey,
    /// The seats that we have of it, and the assignments that Apple lists all the same.
    pub seats: Vec<SeatKey>,
}

/// Finds drift, some seats at a time: a location may have a million.
///
/// ```
/// use std::collections::BTreeSet;
/// use chrono::DateTime;
/// use mdm_vpp_core::{
///     catalog::{AssetKey, PricingParam}, decide::assignments::DriftFinder, id::*, location::*, seats::*,
/// };
///
/// let asset = AssetKey { adam_id: AdamId::new(7), pricing_param: PricingParam::Standard };
/// let location = LocationId::new("2049025000431439")?;
/// let holder = Holder::Device { serial_number: SerialNumber::new("C02AAAAAAA02")? };
/// let listed = SeatKey { location: location.clone(), asset: asset.clone(), holder };
/// let rows = LocationRows {
///     state: LocationState::new(location),
///     pools: Default::default(),
///     seats: Default::default(),
///     requests: Vec::new(),
///     users: Default::default(),
///     waitlist: Vec::new(),
///     full_read_pages: Vec::new(),
///     notified_events: Vec::new(),
/// };
/// let mut finder = DriftFinder::new(DateTime::UNIX_EPOCH, BTreeSet::from([asset]));
/// finder.compare(&rows, &BTreeSet::from([listed.clone()]));
/// assert_eq!(finder.report(false).foreign, [listed]);
/// # Ok::<(), TextIdError>(())
/// ```
#[derive(Debug, Clone)]
pub struct DriftFinder {
    begun_at: DateTime<Utc>,
    assets: BTreeSet<AssetKey>,
    foreign: BTreeSet<SeatKey>,
    orphans: BTreeSet<SeatKey>,
    missing: BTreeSet<SeatKey>,
    vanished: BTreeMap<AssetKey, BTreeSet<SeatKey>>,
    under_way: u64,
}

/// What is to be said of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    AsItShouldBe,
    UnderWay,
    Foreign,
    Orphan,
    Missing,
}

impl DriftFinder {
    /// Begins with the assets that Apple lists, and when the read of all began, UTC: before its first request left.
    #[must_use]
    pub const fn new(begun_at: DateTime<Utc>, assets: BTreeSet<AssetKey>) -> Self {
        Self {
            begun_at,
            assets,
            foreign: BTreeSet::new(),
            orphans: BTreeSet::new(),
            missing: BTreeSet::new(),
            vanished: BTreeMap::new(),
            under_way: 0,
        }
    }

    /// Compares the seats of `rows` with the assignments that Apple lists. `rows` has to hold all pools, and every seat
    /// of a stretch of keys; `listed` every assignment of the same stretch.
    pub fn compare(&mut self, rows: &LocationRows, listed: &BTreeSet<SeatKey>) {
        for asset in rows.pools.keys().filter(|asset| !self.assets.contains(asset)) {
            self.vanished.entry(asset.clone()).or_default();
        }
        for seat in rows.seats.values() {
            let is_listed = listed.contains(&seat.key);
            self.say(&seat.key, judge(seat, is_listed, self.begun_at), is_listed || seat.is_occupied());
        }
        for key in listed.iter().filter(|key| !rows.seats.contains_key(*key)) {
            self.say(key, Verdict::Foreign, true);
        }
    }

    fn say(&mut self, key: &SeatKey, verdict: Verdict, is_something: bool) {
        if verdict == Verdict::UnderWay {
            self.under_way = self.under_way.saturating_add(1);
            return;
        }
        if !self.assets.contains(&key.asset) {
            let seats = self.vanished.entry(key.asset.clone()).or_default();
            if is_something {
                seats.insert(key.clone());
            }
            return;
        }
        match verdict {
            Verdict::Foreign => drop(self.foreign.insert(key.clone())),
            Verdict::Orphan => drop(self.orphans.insert(key.clone())),
            Verdict::Missing => drop(self.missing.insert(key.clone())),
            Verdict::AsItShouldBe | Verdict::UnderWay => {}
        }
    }

    /// What was found. `changed_meanwhile` says whether Apple's list changed while it was read.
    pub fn report(self, changed_meanwhile: bool) -> DriftReport {
        let vanished = |(asset, seats): (AssetKey, BTreeSet<SeatKey>)| VanishedAsset {
            asset,
            seats: seats.into_iter().collect(),
        };
        DriftReport {
            read_at: self.begun_at,
            foreign: self.foreign.into_iter().collect(),
            orphans: self.orphans.into_iter().collect(),
            missing: self.missing.into_iter().collect(),
            vanished: self.vanished.into_iter().map(vanished).collect(),
            under_way: self.under_way,
            changed_meanwhile,
        }
    }
}

impl DriftReport {
    /// Whether nothing differs.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.foreign.is_empty()
            && self.orphans.is_empty()
            && self.missing.is_empty()
            && self.vanished.is_empty()
    }
}

fn judge(seat: &Seat, is_listed: bool, begun_at: DateTime<Utc>) -> Verdict {
    if !seat.is_ours() {
        // One that is not listed any more is forgotten by the next full read: it was nothing of ours.
        return if is_listed { Verdict::Foreign } else { Verdict::AsItShouldBe };
    }
    let sent = matches!(seat.progress, Progress::Queued { .. } | Progress::InRequest { .. });
    if sent || seat.fence.is_some() || seat.observed == Observed::Unknown || seat.touched_at >= begun_at {
        return Verdict::UnderWay;
    }
    match (seat.desired, is_listed) {
        (Desired::Unassigned { .. }, true) => Verdict::Orphan,
        (Desired::Assigned { .. }, false)
            if matches!(seat.observed, Observed::Reported | Observed::Assigned) =>
        {
            Verdict::Missing
        }
        _ => Verdict::AsItShouldBe,
    }
}

#[cfg(test)]
#[path = "drift_tests.rs"]
mod tests;
