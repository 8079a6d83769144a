//! Seats. There may be millions of them, so each has a narrow row in its pool instead of a document, and many are written
//! with one statement.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::SeatChange,
    seats::{Holder, NextAction, Request, Seat, SeatKey},
};
use mdm_vpp_ports::{Seats, StoreError};

use super::{
    driver::rows_at_most,
    pool_numbers::PoolNumbers,
    work::{Parameters, Work},
};
use crate::{
    documents::json,
    rows::{
        seat,
        seat_code::{UnderWay, desired_code, holder_code, next_action_code, observed_code},
    },
    times::touch_micros,
};

const READING: &str = "reading the seats of a location";
const WRITING: &str = "writing the seats of a location";

/// The columns of seats that are put, one array for each.
#[derive(Default)]
struct SeatColumns {
    touched_at: Vec<i64>,
    pools: Vec<i32>,
    holders: Vec<String>,
    desired: Vec<String>,
    observed: Vec<&'static str>,
    next_actions: Vec<Option<&'static str>>,
    under_way: Vec<Option<String>>,
}

impl SeatColumns {
    fn push(&mut self, pool: i32, seat: &Seat) -> Result<(), StoreError> {
        self.touched_at.push(touch_micros(seat.touched_at));
        self.pools.push(pool);
        self.holders.push(holder_code(&seat.key.holder));
        self.desired.push(desired_code(seat.desired));
        self.observed.push(observed_code(seat.observed));
        self.next_actions.push(seat.next_action().map(next_action_code));
        self.under_way.push(UnderWay::of(seat).as_ref().map(json).transpose()?);
        Ok(())
    }
}

/// Inserts, replaces or deletes seats.
pub(super) async fn save(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    changes: &BTreeMap<SeatKey, SeatChange>,
) -> Result<(), StoreError> {
    let mut put = SeatColumns::default();
    let (mut pools, mut holders) = (Vec::new(), Vec::new());
    for (key, change) in changes {
        match change {
            SeatChange::Put(seat) => put.push(numbers.of_known(&key.asset)?, seat)?,
            SeatChange::Forget => {
                if let Some(pool) = numbers.of(&key.asset) {
                    pools.push(pool);
                    holders.push(holder_code(&key.holder));
                }
            }
        }
    }
    let doing = work.doing(WRITING);
    if !put.pools.is_empty() {
        let sql = "INSERT INTO seats (touched_at, pool, holder, desired, observed, next_action, under_way)
                   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[],
                                        $6::text[], $7::text[])
                   ON CONFLICT (pool, holder) DO UPDATE SET
                       touched_at = excluded.touched_at,
                       desired = excluded.desired,
                       observed = excluded.observed,
                       next_action = excluded.next_action,
                       under_way = excluded.under_way";
        let SeatColumns { touched_at, pools, holders, desired, observed, next_actions, under_way } = &put;
        doing.change(sql, &[touched_at, pools, holders, desired, observed, next_actions, under_way]).await?;
    }
    if !pools.is_empty() {
        let sql = "DELETE FROM seats USING unnest($1::integer[], $2::text[]) AS deleted (pool, holder)
                   WHERE seats.pool = deleted.pool AND seats.holder = deleted.holder";
        doing.change(sql, &[&pools, &holders]).await?;
    }
    Ok(())
}

/// The largest number of pools that one statement searches for the seats after a key. Ours: the number doubles from one
/// up to this, so that full pools are read alone and nearly empty ones in few round trips.
const MOST_POOLS: usize = 16;

/// Loads seats of a location that belongs to the tenant. The numbers must include those of all pools of the named seats.
pub(super) async fn load(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    seats: &Seats,
    requests: &[Request],
) -> Result<BTreeMap<SeatKey, Seat>, StoreError> {
    let finder = Finder { work, numbers, location: numbers.location };
    let found = match seats {
        Seats::None => Vec::new(),
        Seats::These(keys) => finder.these(keys).await?,
        Seats::OfAsset(asset) => finder.of_asset(asset).await?,
        Seats::OfHolder(holder) => finder.of_holder(holder).await?,
        Seats::OfRequests => finder.these(&requests.iter().flat_map(Request::seats).collect()).await?,
        Seats::WithNextAction(actions, limit) => finder.with_next_action(actions, *limit).await?,
        Seats::After(after, limit) => finder.after(after.as_ref(), *limit).await?,
    };
    Ok(found.into_iter().map(|seat| (seat.key.clone(), seat)).collect())
}

/// Finds the seats of one location.
struct Finder<'w, 'c> {
    work: &'w Work<'c>,
    numbers: &'w PoolNumbers<'w>,
    location: &'w LocationId,
}

impl Finder<'_, '_> {
    async fn these(&self, keys: &BTreeSet<SeatKey>) -> Result<Vec<Seat>, StoreError> {
        let keys = keys.iter().filter(|key| key.location == *self.location);
        let known = keys.filter_map(|key| Some((self.numbers.of(&key.asset)?, holder_code(&key.holder))));
        let (pools, holders): (Vec<i32>, Vec<String>) = known.unzip();
        if pools.is_empty() {
            return Ok(Vec::new());
        }
        // LATERAL with LIMIT makes the server search the key once for each seat. For a plain join it may read all seats of
        // all locations to find some hundred.
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

    /// A holder has seats in few pools, and one search by key in each pool is quick. An index by holder would cost more
    /// room than it saves time.
    async fn of_holder(&self, holder: &Holder) -> Result<Vec<Seat>, StoreError> {
        let pools: Vec<i32> = self.numbers.iter().map(|(_, pool)| pool).collect();
        let sql = "SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                   WHERE pool = ANY($1) AND holder = $2";
        self.select(sql, &[&pools, &holder_code(holder)]).await
    }

    /// The oldest seats of each pool and next action come from the index; the oldest of all of them are the answer.
    async fn with_next_action(
        &self,
        actions: &BTreeSet<NextAction>,
        limit: usize,
    ) -> Result<Vec<Seat>, StoreError> {
        let pools: Vec<i32> = self.numbers.iter().map(|(_, pool)| pool).collect();
        let actions: Vec<&str> = actions.iter().map(|action| next_action_code(*action)).collect();
        let sql = "SELECT found.pool, found.holder, desired, observed, found.touched_at, under_way
                   FROM unnest($1::integer[]) WITH ORDINALITY AS asked (pool, place)
                   CROSS JOIN unnest($2::text[]) AS wanted (next_action)
                   CROSS JOIN LATERAL (SELECT pool, holder, desired, observed, touched_at, under_way FROM seats
                                       WHERE seats.pool = asked.pool AND seats.next_action = wanted.next_action
                                       ORDER BY touched_at, holder LIMIT $3) AS found
                   ORDER BY found.touched_at, asked.place, found.holder LIMIT $3";
        self.select(sql, &[&pools, &actions, &rows_at_most(limit)]).await
    }

    /// Searches the pools in the order of keys, a growing number with each statement, until the limit is reached.
    async fn after(&self, after: Option<&SeatKey>, limit: usize) -> Result<Vec<Seat>, StoreError> {
        let begin = match after {
            Some(key) if key.location > *self.location => return Ok(Vec::new()),
            Some(key) if key.location == *self.location => Some(key),
            _ => None,
        };
        let later = self.numbers.iter().filter(|(asset, _)| begin.is_none_or(|key| **asset >= key.asset));
        // No holder has the empty code, so all of them come after it.
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
        rows.iter().map(|row| seat::seat(self.location, self.numbers.asset(row)?, row)).collect()
    }
}
