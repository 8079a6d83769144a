//! Seats. There may be millions of them, so each has a narrow row in its pool instead of a document: a tenth of the room.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::SeatChange,
    seats::{Holder, NextAction, Request, Seat, SeatKey},
};
use mdm_vpp_ports::{Seats, StoreError};
use rusqlite::{Params, Row, Transaction, params};

use super::{
    driver::{self, failed, rows_at_most},
    pool_numbers::PoolNumbers,
};
use crate::{
    documents::json,
    rows::{
        seat,
        seat_code::{UnderWay, desired_code, holder_code, next_action_code, observed_code},
    },
    times::{due_micros, touch_micros},
};

const READING: &str = "reading the seats of a location";
const WRITING: &str = "writing the seats of a location";

/// The columns that a seat is read from.
macro_rules! select_seats {
    ($rest:literal) => {
        concat!("SELECT pool, holder, desired, observed, touched_at, under_way FROM seats ", $rest)
    };
}

/// Inserts, replaces or deletes seats.
pub(super) fn save<'c>(
    transaction: &Transaction<'_>,
    numbers: &PoolNumbers<'_>,
    changes: impl IntoIterator<Item = (&'c SeatKey, &'c SeatChange)>,
) -> Result<(), StoreError> {
    let mut put = transaction
        .prepare_cached(
            "INSERT INTO seats (pool, holder, desired, observed, next_action, touched_at, under_way)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (pool, holder) DO UPDATE SET
                 desired = excluded.desired,
                 observed = excluded.observed,
                 next_action = excluded.next_action,
                 touched_at = excluded.touched_at,
                 under_way = excluded.under_way",
        )
        .map_err(failed(WRITING))?;
    let mut delete = transaction
        .prepare_cached("DELETE FROM seats WHERE pool = ?1 AND holder = ?2")
        .map_err(failed(WRITING))?;
    for (key, change) in changes {
        let holder = holder_code(&key.holder);
        match change {
            SeatChange::Put(seat) => {
                let under_way = UnderWay::of(seat).as_ref().map(json).transpose()?;
                put.execute(params![
                    numbers.of_known(&key.asset)?,
                    holder,
                    desired_code(seat.desired),
                    observed_code(seat.observed),
                    seat.next_action().map(next_action_code),
                    touch_micros(seat.touched_at),
                    under_way,
                ])
            }
            SeatChange::Forget => match numbers.of(&key.asset) {
                Some(pool) => delete.execute(params![pool, holder]),
                // Without its pool there is no seat.
                None => Ok(0),
            },
        }
        .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// Loads seats of a location that belongs to the tenant.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    seats: &Seats,
    requests: &[Request],
) -> Result<BTreeMap<SeatKey, Seat>, StoreError> {
    let finder = Finder { transaction, location };
    let found = match seats {
        Seats::None => Vec::new(),
        Seats::These(keys) => finder.these(keys.iter())?,
        Seats::OfAsset(asset) => finder.of_asset(asset)?,
        Seats::OfHolder(holder) => finder.of_holder(holder)?,
        Seats::OfRequests => {
            let keys: BTreeSet<SeatKey> = requests.iter().flat_map(Request::seats).collect();
            finder.these(keys.iter())?
        }
        Seats::WithNextAction(actions, limit) => finder.with_next_action(actions, *limit)?,
        Seats::After(after, limit) => finder.after(after.as_ref(), *limit)?,
    };
    Ok(found.into_iter().map(|seat| (seat.key.clone(), seat)).collect())
}

/// Finds the seats of one location.
struct Finder<'t, 'c> {
    transaction: &'t Transaction<'c>,
    location: &'t LocationId,
}

impl Finder<'_, '_> {
    fn these<'k>(&self, keys: impl Iterator<Item = &'k SeatKey> + Clone) -> Result<Vec<Seat>, StoreError> {
        let keys = keys.filter(|key| key.location == *self.location);
        let assets: BTreeSet<&AssetKey> = keys.clone().map(|key| &key.asset).collect();
        let numbers = PoolNumbers::load(self.transaction, self.location, assets)?;
        let mut found = Vec::new();
        for key in keys {
            if let Some(pool) = numbers.of(&key.asset) {
                self.one(&key.asset, pool, &holder_code(&key.holder), &mut found)?;
            }
        }
        Ok(found)
    }

    fn of_asset(&self, asset: &AssetKey) -> Result<Vec<Seat>, StoreError> {
        let numbers = PoolNumbers::load(self.transaction, self.location, [asset].into())?;
        let mut found = Vec::new();
        if let Some(pool) = numbers.of(asset) {
            self.select(select_seats!("WHERE pool = ?1"), params![pool], asset, &mut found)?;
        }
        Ok(found)
    }

    /// A holder has seats in few pools, and one search by key in each pool is quick. An index by holder would cost more
    /// room than it saves time.
    fn of_holder(&self, holder: &Holder) -> Result<Vec<Seat>, StoreError> {
        let holder = holder_code(holder);
        let mut found = Vec::new();
        for (asset, pool) in PoolNumbers::load_all(self.transaction, self.location)?.iter() {
            self.one(asset, pool, &holder, &mut found)?;
        }
        Ok(found)
    }

    /// Searches pool by pool in the order of keys. Once the limit is reached, a seat of a later pool counts only if it
    /// was touched earlier than the newest one found, because equal times come by key.
    fn with_next_action(
        &self,
        actions: &BTreeSet<NextAction>,
        limit: usize,
    ) -> Result<Vec<Seat>, StoreError> {
        let mut touched: Vec<(DateTime<Utc>, SeatKey)> = Vec::new();
        let mut newest = i64::MAX;
        for (asset, pool) in PoolNumbers::load_all(self.transaction, self.location)?.iter() {
            for action in actions {
                self.touched(asset, pool, *action, newest, limit, &mut touched)?;
            }
            if touched.len() > limit {
                touched.sort_unstable();
                touched.truncate(limit);
            }
            if touched.len() == limit {
                newest = touched.iter().map(|(at, _)| due_micros(*at)).max().unwrap_or(newest);
            }
        }
        let oldest: Vec<SeatKey> = touched.into_iter().map(|(_, key)| key).collect();
        self.these(oldest.iter())
    }

    /// The seats of a pool with a next action that were touched before a time, the oldest first.
    fn touched(
        &self,
        asset: &AssetKey,
        pool: i64,
        action: NextAction,
        before: i64,
        limit: usize,
        found: &mut Vec<(DateTime<Utc>, SeatKey)>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT pool, holder, touched_at FROM seats
                   WHERE pool = ?1 AND next_action = ?2 AND touched_at < ?3
                   ORDER BY touched_at, holder LIMIT ?4";
        let params = params![pool, next_action_code(action), before, rows_at_most(limit)];
        let read = |row: &Row<'_>| seat::touched(self.location, asset, row);
        found.extend(driver::select::<_, Vec<_>>(self.transaction, READING, sql, params, read)?);
        Ok(())
    }

    fn after(&self, after: Option<&SeatKey>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let begin = match after {
            Some(key) if key.location > *self.location => return Ok(Vec::new()),
            Some(key) if key.location == *self.location => Some(key),
            _ => None,
        };
        let mut found = Vec::new();
        for (asset, pool) in PoolNumbers::load_all(self.transaction, self.location)?.iter() {
            if begin.is_some_and(|key| *asset < key.asset) {
                continue;
            }
            if found.len() >= limit {
                break;
            }
            // No holder has the empty code, so all of them come after it.
            let same = begin.filter(|key| *asset == key.asset);
            let holder = same.map(|key| holder_code(&key.holder)).unwrap_or_default();
            let sql = select_seats!("WHERE pool = ?1 AND holder > ?2 ORDER BY holder LIMIT ?3");
            let limit = rows_at_most(limit.saturating_sub(found.len()));
            self.select(sql, params![pool, holder, limit], asset, &mut found)?;
        }
        Ok(found)
    }

    fn one(
        &self,
        asset: &AssetKey,
        pool: i64,
        holder: &str,
        found: &mut Vec<Seat>,
    ) -> Result<(), StoreError> {
        self.select(select_seats!("WHERE pool = ?1 AND holder = ?2"), params![pool, holder], asset, found)
    }

    fn select(
        &self,
        sql: &str,
        params: impl Params,
        asset: &AssetKey,
        found: &mut Vec<Seat>,
    ) -> Result<(), StoreError> {
        let read = |row: &Row<'_>| seat::seat(self.location, asset, row);
        found.extend(driver::select::<_, Vec<_>>(self.transaction, READING, sql, params, read)?);
        Ok(())
    }
}
