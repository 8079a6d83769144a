//! Waitlists. Their entries are loaded by asset, the longest wait first, so they have narrow rows instead of documents.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{WaitlistChange, WaitlistEntry},
    seats::SeatKey,
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::{
    driver::{failed, rows_at_most, select},
    pool_numbers::PoolNumbers,
};
use crate::{
    rows::{seat, seat_code::holder_code},
    times::touch_micros,
};

const READING: &str = "reading a waitlist";
const WRITING: &str = "writing a waitlist";

/// Inserts, replaces or deletes entries.
pub(super) fn save<'c>(
    transaction: &Transaction<'_>,
    numbers: &PoolNumbers<'_>,
    changes: impl IntoIterator<Item = (&'c SeatKey, &'c WaitlistChange)>,
) -> Result<(), StoreError> {
    let mut put = transaction
        .prepare_cached(
            "INSERT INTO waitlist (pool, holder, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (pool, holder) DO UPDATE SET since = excluded.since",
        )
        .map_err(failed(WRITING))?;
    let mut delete = transaction
        .prepare_cached("DELETE FROM waitlist WHERE pool = ?1 AND holder = ?2")
        .map_err(failed(WRITING))?;
    for (key, change) in changes {
        let holder = holder_code(&key.holder);
        match change {
            WaitlistChange::Add(entry) => {
                put.execute(params![numbers.of_known(&key.asset)?, holder, touch_micros(entry.since)])
            }
            WaitlistChange::Remove => match numbers.of(&key.asset) {
                Some(pool) => delete.execute(params![pool, holder]),
                // Without its pool there is no entry.
                None => Ok(0),
            },
        }
        .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The first entries of these assets' waitlists: the longest wait first, then by key.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    assets: &BTreeMap<AssetKey, usize>,
) -> Result<Vec<WaitlistEntry>, StoreError> {
    let numbers = PoolNumbers::load(transaction, location, assets.keys().collect())?;
    let sql = "SELECT pool, holder, since FROM waitlist WHERE pool = ?1 ORDER BY since, holder LIMIT ?2";
    let mut found: Vec<WaitlistEntry> = Vec::new();
    for (asset, limit) in assets {
        let Some(pool) = numbers.of(asset) else { continue };
        let read = |row: &rusqlite::Row<'_>| seat::waitlist_entry(location, asset, row);
        let entries: Vec<_> = select(transaction, READING, sql, params![pool, rows_at_most(*limit)], read)?;
        found.extend(entries);
    }
    found.sort_unstable_by(|a, b| (a.since, &a.seat).cmp(&(b.since, &b.seat)));
    Ok(found)
}
