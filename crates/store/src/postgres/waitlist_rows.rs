//! Waitlists. Their entries are loaded by asset, the longest wait first, so they have narrow rows instead of documents.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    location::{WaitlistChange, WaitlistEntry},
    seats::SeatKey,
};
use mdm_vpp_ports::StoreError;

use super::{driver::rows_at_most, pool_numbers::PoolNumbers, work::Work};
use crate::{
    rows::{seat, seat_code::holder_code},
    times::touch_micros,
};

const READING: &str = "reading a waitlist";
const WRITING: &str = "writing a waitlist";

/// Inserts, replaces or deletes entries.
pub(super) async fn save(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    changes: &BTreeMap<SeatKey, WaitlistChange>,
) -> Result<(), StoreError> {
    let (mut since, mut pools, mut holders) = (Vec::new(), Vec::new(), Vec::new());
    let (mut removed_pools, mut removed_holders) = (Vec::new(), Vec::new());
    for (key, change) in changes {
        match change {
            WaitlistChange::Add(entry) => {
                since.push(touch_micros(entry.since));
                pools.push(numbers.of_known(&key.asset)?);
                holders.push(holder_code(&key.holder));
            }
            WaitlistChange::Remove => {
                // Without its pool there is no entry.
                if let Some(pool) = numbers.of(&key.asset) {
                    removed_pools.push(pool);
                    removed_holders.push(holder_code(&key.holder));
                }
            }
        }
    }
    let doing = work.doing(WRITING);
    if !pools.is_empty() {
        let sql = "INSERT INTO waitlist (since, pool, holder)
                   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[])
                   ON CONFLICT (pool, holder) DO UPDATE SET since = excluded.since";
        doing.change(sql, &[&since, &pools, &holders]).await?;
    }
    if !removed_pools.is_empty() {
        let sql = "DELETE FROM waitlist USING unnest($1::integer[], $2::text[]) AS removed (pool, holder)
                   WHERE waitlist.pool = removed.pool AND waitlist.holder = removed.holder";
        doing.change(sql, &[&removed_pools, &removed_holders]).await?;
    }
    Ok(())
}

/// The first entries of these assets' waitlists: the longest wait first, then by key.
pub(super) async fn load(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    assets: &BTreeMap<AssetKey, usize>,
) -> Result<Vec<WaitlistEntry>, StoreError> {
    if assets.is_empty() {
        return Ok(Vec::new());
    }
    let limited = assets.iter().filter_map(|(asset, limit)| Some((numbers.of(asset)?, rows_at_most(*limit))));
    let (pools, limits): (Vec<i32>, Vec<i64>) = limited.unzip();
    let sql = "SELECT found.pool, found.holder, found.since
               FROM unnest($1::integer[], $2::bigint[]) AS asked (pool, most)
               CROSS JOIN LATERAL (SELECT pool, holder, since FROM waitlist WHERE waitlist.pool = asked.pool
                                   ORDER BY since, holder LIMIT asked.most) AS found";
    let rows = work.doing(READING).rows(sql, &[&pools, &limits]).await?;
    let found = rows.iter().map(|row| seat::waitlist_entry(numbers.location, numbers.asset(row)?, row));
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable_by(|a, b| (a.since, &a.seat).cmp(&(b.since, &b.seat)));
    Ok(found)
}
