//! Wishes that wait for a license.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{WaitlistChange, WaitlistEntry},
    seats::SeatKey,
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::{failure::failed, pool_numbers::PoolNumbers};
use crate::{
    kept,
    rows::{seat, seat_code::holder_code},
};

const READING: &str = "reading who waits";
const WRITING: &str = "writing who waits";

/// Inserts, replaces or deletes wishes.
pub(super) fn save<'c>(
    transaction: &Transaction<'_>,
    numbers: &PoolNumbers<'_>,
    changes: impl IntoIterator<Item = (&'c SeatKey, &'c WaitlistChange)>,
) -> Result<(), StoreError> {
    let mut wait = transaction
        .prepare_cached(
            "INSERT INTO waitlist (pool, holder, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (pool, holder) DO UPDATE SET since = excluded.since",
        )
        .map_err(failed(WRITING))?;
    let mut end = transaction
        .prepare_cached("DELETE FROM waitlist WHERE pool = ?1 AND holder = ?2")
        .map_err(failed(WRITING))?;
    for (key, change) in changes {
        let holder = holder_code(&key.holder);
        match change {
            WaitlistChange::Add(wish) => {
                let since = kept::touch_micros(wish.since);
                wait.execute(params![numbers.of_known(&key.asset)?, holder, since])
            }
            WaitlistChange::Remove => match numbers.of(&key.asset) {
                Some(pool) => end.execute(params![pool, holder]),
                None => Ok(0),
            },
        }
        .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// Who waits for these assets, at most so many for each: who waits longest comes first, and then by key.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    assets: &BTreeMap<AssetKey, usize>,
) -> Result<Vec<WaitlistEntry>, StoreError> {
    let numbers = PoolNumbers::load(transaction, location, assets.keys().collect())?;
    let mut statement = transaction
        .prepare_cached(
            "SELECT pool, holder, since FROM waitlist WHERE pool = ?1 ORDER BY since, holder LIMIT ?2",
        )
        .map_err(failed(READING))?;
    let mut found = Vec::new();
    for (asset, limit) in assets {
        let Some(pool) = numbers.of(asset) else { continue };
        let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![pool, limit]).map_err(failed(READING))?;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            found.push(seat::waiting(location, asset, row)?);
        }
    }
    found.sort_unstable_by(|a, b| (a.since, &a.seat).cmp(&(b.since, &b.seat)));
    Ok(found)
}
