//! The seats that a transaction asks for.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    seats::{Holder, NextAction, Request, Seat, SeatKey},
};
use mdm_vpp_ports::{Seats, StoreError};

use super::{
    pool_numbers::PoolNumbers,
    work::{Parameters, Work},
};
use crate::rows::{
    seat,
    seat_code::{holder_code, next_action_code},
};

const READING: &str = "reading the seats of a location";

/// How many pools are looked into at once for the seats after a key, at most.
const MOST_POOLS: usize = 16;

/// Loads seats of a location that belongs to the tenant. The numbers are those of all pools that are asked about.
pub(super) async fn load(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    seats: &Seats,
    requests: &[Request],
) -> Result<BTreeMap<SeatKey, Seat>, StoreError> {
    let looking = Looking { work, numbers, location: numbers.location };
    let found = match seats {
        Seats::None => Vec::new(),
        Seats::These(keys) => looking.these(keys).await?,
        Seats::OfAsset(asset) => looking.of_asset(asset).await?,
        Seats::OfHolder(holder) => looking.of_holder(holder).await?,
        Seats::OfRequests => looking.these(&requests.iter().flat_map(Request::seats).collect()).await?,
        Seats::WithNextAction(agendas, limit) => looking.on_agenda(agendas, *limit).await?,
        Seats::After(after, limit) => looking.after(after.as_ref(), *limit).await?,
    };
    Ok(found.into_iter().map(|seat| (seat.key.clone(), seat)).collect())
}

struct Looking<'w, 'c> {
    work: &'w Work<'c>,
    numbers: &'w PoolNumbers<'w>,
    location: &'w LocationId,
}

impl Looking<'_, '_> {
    async fn these(&self, keys: &BTreeSet<SeatKey>) -> Result<Vec<Seat>, StoreError> {
        let keys = keys.iter().filter(|key| key.location == *self.location);
        let known = keys.filter_map(|key| Some((self.numbers.of(&key.asset)?, holder_code(&key.holder))));
        let (pools, holders): (Vec<i32>, Vec<String>) = known.unzip();
        if pools.is_empty() {
            return Ok(Vec::new());
        }
        // One look by the key for each: joined, the server may read all seats of all locations for some hundred of them.
        let sql = "SELECT found.pool, found.holder, desired, observed, touched_at, under_way
                   FROM unnest($1::integer[], $2::text[]) AS these (pool, holder)
                   CROSS JOIN LATERAL (SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                                       WHERE seats.pool = these.pool AND seats.holder = these.holder
                                       LIMIT 1) AS found";
        self.select(sql, &[&pools, &holders]).await
    }

    async fn of_asset(&self, asset: &AssetKey) -> Result<Vec<Seat>, StoreError> {
        let Some(pool) = self.numbers.of(asset) else { return Ok(Vec::new()) };
        let sql = "SELECT pool, holder, desired, observed, touched_at, under_way FROM seats WHERE pool = $1";
        self.select(sql, &[&pool]).await
    }

    /// A holder has a seat in few of the pools, and one look at each is quick: no index for it is worth its place.
    async fn of_holder(&self, holder: &Holder) -> Result<Vec<Seat>, StoreError> {
        let pools: Vec<i32> = self.numbers.iter().map(|(_, pool)| pool).collect();
        let sql = "SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                   WHERE pool = ANY($1) AND holder = $2";
        self.select(sql, &[&pools, &holder_code(holder)]).await
    }

    /// The oldest of each pool and agenda by the index, and the oldest of them all.
    async fn on_agenda(&self, agendas: &BTreeSet<NextAction>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let pools: Vec<i32> = self.numbers.iter().map(|(_, pool)| pool).collect();
        let agendas: Vec<&str> = agendas.iter().map(|agenda| next_action_code(*agenda)).collect();
        let sql = "SELECT found.pool, found.holder, desired, observed, found.touched_at, under_way
                   FROM unnest($1::integer[]) WITH ORDINALITY AS asked (pool, place)
                   CROSS JOIN unnest($2::text[]) AS wanted (next_action)
                   CROSS JOIN LATERAL (SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                                       WHERE seats.pool = asked.pool AND seats.next_action = wanted.next_action
                                       ORDER BY touched_at, holder LIMIT $3) AS found
                   ORDER BY found.touched_at, asked.place, found.holder LIMIT $3";
        self.select(sql, &[&pools, &agendas, &rows_at_most(limit)]).await
    }

    /// Some pools at once in the order of keys, more when they hold few seats, until there are enough.
    async fn after(&self, after: Option<&SeatKey>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let begin = match after {
            Some(key) if key.location > *self.location => return Ok(Vec::new()),
            Some(key) if key.location == *self.location => Some(key),
            _ => None,
        };
        let later = self.numbers.iter().filter(|(asset, _)| begin.is_none_or(|key| **asset >= key.asset));
        // No holder has the empty code, so all come after it.
        let (mut holders, mut pools) = (Vec::new(), Vec::new());
        for (asset, pool) in later {
            let same = begin.filter(|key| *asset == key.asset);
            holders.push(same.map(|key| holder_code(&key.holder)).unwrap_or_default());
            pools.push(pool);
        }
        let sql = "SELECT found.pool, found.holder, desired, observed, touched_at, under_way
                   FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (pool, holder, place)
                   CROSS JOIN LATERAL (SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                                       WHERE seats.pool = asked.pool AND seats.holder > asked.holder
                                       ORDER BY holder LIMIT $3) AS found
                   ORDER BY asked.place, found.holder LIMIT $3";
        let (mut found, mut at_once) = (Vec::new(), 1);
        while !pools.is_empty() && found.len() < limit {
            let now = at_once.min(pools.len());
            let (some, from): (Vec<i32>, Vec<String>) = pools.drain(..now).zip(holders.drain(..now)).unzip();
            let most = rows_at_most(limit.saturating_sub(found.len()));
            found.extend(self.select(sql, &[&some, &from, &most]).await?);
            at_once = MOST_POOLS.min(at_once.saturating_mul(2));
        }
        Ok(found)
    }

    async fn select(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Seat>, StoreError> {
        let rows = self.work.doing(READING).rows(sql, parameters).await?;
        rows.iter().map(|row| seat::read(self.location, self.numbers.asset(row)?, row)).collect()
    }
}

/// A limit as SQL has it.
fn rows_at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
