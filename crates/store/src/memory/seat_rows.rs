//! The seats of a location.

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::ops::Bound;

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    seats::{Holder, NextAction, Seat, SeatKey},
};

use crate::times::stored_touch;

/// Seats by asset and holder, and the keys of those with a next action by the time of their last touch.
#[derive(Default)]
pub(super) struct SeatRows {
    seats: BTreeMap<AssetKey, BTreeMap<Holder, Seat>>,
    by_next_action: BTreeMap<NextAction, BTreeSet<(DateTime<Utc>, SeatKey)>>,
}

impl SeatRows {
    pub(super) fn put(&mut self, seat: Seat) {
        let seat = Seat { touched_at: stored_touch(seat.touched_at), ..seat };
        // The index names a seat by its old touch and action, so the old row goes first.
        self.forget(&seat.key);
        if let Some(action) = seat.next_action() {
            self.by_next_action.entry(action).or_default().insert((seat.touched_at, seat.key.clone()));
        }
        self.seats.entry(seat.key.asset.clone()).or_default().insert(seat.key.holder.clone(), seat);
    }

    pub(super) fn forget(&mut self, key: &SeatKey) {
        let of_asset = self.seats.get_mut(&key.asset);
        let Some(seat) = of_asset.and_then(|seats| seats.remove(&key.holder)) else { return };
        if let Some(rows) = seat.next_action().and_then(|action| self.by_next_action.get_mut(&action)) {
            rows.remove(&(seat.touched_at, seat.key));
        }
    }

    pub(super) fn get(&self, key: &SeatKey) -> Option<&Seat> {
        self.seats.get(&key.asset)?.get(&key.holder).filter(|seat| seat.key == *key)
    }

    pub(super) fn of_asset(&self, asset: &AssetKey) -> btree_map::Values<'_, Holder, Seat> {
        static NONE: BTreeMap<Holder, Seat> = BTreeMap::new();
        self.seats.get(asset).unwrap_or(&NONE).values()
    }

    pub(super) fn of_holder(&self, holder: &Holder) -> impl Iterator<Item = &Seat> {
        self.seats.values().filter_map(move |seats| seats.get(holder))
    }

    /// The first seats with one of these next actions: those touched longest ago, then by key.
    pub(super) fn with_next_action(&self, actions: &BTreeSet<NextAction>, limit: usize) -> Vec<&Seat> {
        let each = actions.iter().filter_map(|action| self.by_next_action.get(action));
        let mut first: Vec<_> = each.flat_map(|rows| rows.iter().take(limit)).collect();
        first.sort_unstable();
        first.into_iter().take(limit).filter_map(|(_, key)| self.get(key)).collect()
    }

    /// The seats after a key, in the order of keys.
    pub(super) fn after(
        &self,
        location: &LocationId,
        after: Option<&SeatKey>,
    ) -> Box<dyn Iterator<Item = &Seat> + '_> {
        match after {
            Some(key) if key.location > *location => Box::new(std::iter::empty()),
            Some(key) if key.location == *location => {
                let holders = (Bound::Excluded(key.holder.clone()), Bound::Unbounded);
                let same = self
                    .seats
                    .get(&key.asset)
                    .into_iter()
                    .flat_map(move |seats| seats.range(holders.clone()).map(|(_, seat)| seat));
                let assets = (Bound::Excluded(key.asset.clone()), Bound::Unbounded);
                Box::new(same.chain(self.seats.range(assets).flat_map(|(_, seats)| seats.values())))
            }
            _ => Box::new(self.seats.values().flat_map(BTreeMap::values)),
        }
    }
}
