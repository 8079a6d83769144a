//! The seats that a transaction asks for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    seats::{Holder, NextAction, Request, Seat, SeatKey},
};
use mdm_vpp_ports::{Seats, StoreError};
use rusqlite::{Params, Transaction, params};

use super::{failure::failed, pool_numbers::PoolNumbers, pool_rows, seat_rows::select_seats};
use crate::{
    kept,
    rows::{
        seat,
        seat_code::{holder_code, next_action_code},
    },
};

const READING: &str = "reading the seats of a location";

/// Loads seats of a location that belongs to the tenant.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    seats: &Seats,
    requests: &[Request],
) -> Result<BTreeMap<SeatKey, Seat>, StoreError> {
    let looking = Looking { transaction, location };
    let found = match seats {
        Seats::None => Vec::new(),
        Seats::These(keys) => looking.these(keys.iter())?,
        Seats::OfAsset(asset) => looking.of_asset(asset)?,
        Seats::OfHolder(holder) => looking.of_holder(holder)?,
        Seats::OfRequests => {
            let keys: BTreeSet<SeatKey> = requests.iter().flat_map(Request::seats).collect();
            looking.these(keys.iter())?
        }
        Seats::WithNextAction(agendas, limit) => looking.on_agenda(agendas, *limit)?,
        Seats::After(after, limit) => looking.after(after.as_ref(), *limit)?,
    };
    Ok(found.into_iter().map(|seat| (seat.key.clone(), seat)).collect())
}

struct Looking<'t, 'c> {
    transaction: &'t Transaction<'c>,
    location: &'t LocationId,
}

impl Looking<'_, '_> {
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

    /// A holder has a seat in few of the pools, and one look at each is quick: no index for it is worth its place.
    fn of_holder(&self, holder: &Holder) -> Result<Vec<Seat>, StoreError> {
        let holder = holder_code(holder);
        let mut found = Vec::new();
        for (asset, pool) in pool_rows::all_numbers(self.transaction, self.location)? {
            self.one(&asset, pool, &holder, &mut found)?;
        }
        Ok(found)
    }

    /// Pool by pool in the order of keys. Once there are enough, a later pool has to have older ones.
    fn on_agenda(&self, agendas: &BTreeSet<NextAction>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let mut oldest: Vec<SeatKey> = Vec::new();
        let mut touched: Vec<(DateTime<Utc>, SeatKey)> = Vec::new();
        let mut newest = i64::MAX;
        for (asset, pool) in pool_rows::all_numbers(self.transaction, self.location)? {
            for agenda in agendas {
                self.touched(&asset, pool, *agenda, newest, limit, &mut touched)?;
            }
            if touched.len() > limit {
                touched.sort_unstable();
                touched.truncate(limit);
            }
            if touched.len() == limit {
                newest = touched.iter().map(|(at, _)| kept::due_micros(*at)).max().unwrap_or(newest);
            }
        }
        oldest.extend(touched.into_iter().map(|(_, key)| key));
        self.these(oldest.iter())
    }

    /// The oldest of a pool with an agenda that were touched before a time.
    fn touched(
        &self,
        asset: &AssetKey,
        pool: i64,
        agenda: NextAction,
        before: i64,
        limit: usize,
        found: &mut Vec<(DateTime<Utc>, SeatKey)>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT pool, holder, touched_at FROM seats
                   WHERE pool = ?1 AND next_action = ?2 AND touched_at < ?3
                   ORDER BY touched_at, holder LIMIT ?4";
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed(READING))?;
        let mut rows = statement
            .query(params![pool, next_action_code(agenda), before, rows_at_most(limit)])
            .map_err(failed(READING))?;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            found.push(seat::touched(self.location, asset, row)?);
        }
        Ok(())
    }

    fn after(&self, after: Option<&SeatKey>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let begin = match after {
            Some(key) if key.location > *self.location => return Ok(Vec::new()),
            Some(key) if key.location == *self.location => Some(key),
            _ => None,
        };
        let mut found = Vec::new();
        for (asset, pool) in pool_rows::all_numbers(self.transaction, self.location)? {
            if begin.is_some_and(|key| asset < key.asset) {
                continue;
            }
            if found.len() >= limit {
                break;
            }
            // No holder has the empty code, so all come after it.
            let same = begin.filter(|key| asset == key.asset);
            let holder = same.map(|key| holder_code(&key.holder)).unwrap_or_default();
            let sql = select_seats!("WHERE pool = ?1 AND holder > ?2 ORDER BY holder LIMIT ?3");
            let limit = rows_at_most(limit.saturating_sub(found.len()));
            self.select(sql, params![pool, holder, limit], &asset, &mut found)?;
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
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed(READING))?;
        let mut rows = statement.query(params).map_err(failed(READING))?;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            found.push(seat::read(self.location, asset, row)?);
        }
        Ok(())
    }
}

/// A limit as SQL has it.
fn rows_at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
