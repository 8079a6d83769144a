//! Wishes that wait for a license.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    location::{WaitlistChange, WaitlistEntry},
    seats::SeatKey,
};
use mdm_vpp_ports::StoreError;

use super::{pool_numbers::PoolNumbers, work::Work};
use crate::{
    kept,
    rows::{seat, seat_code::holder_code},
};

const READING: &str = "reading who waits";
const WRITING: &str = "writing who waits";

/// Inserts, replaces or deletes wishes.
pub(super) async fn save(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    changes: &BTreeMap<SeatKey, WaitlistChange>,
) -> Result<(), StoreError> {
    let (mut since, mut pools, mut holders) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ended_pools, mut ended_holders) = (Vec::new(), Vec::new());
    for (key, change) in changes {
        match change {
            WaitlistChange::Add(wish) => {
                since.push(kept::touch_micros(wish.since));
                pools.push(numbers.of_known(&key.asset)?);
                holders.push(holder_code(&key.holder));
            }
            WaitlistChange::Remove => {
                if let Some(pool) = numbers.of(&key.asset) {
                    ended_pools.push(pool);
                    ended_holders.push(holder_code(&key.holder));
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
    if !ended_pools.is_empty() {
        let sql = "DELETE FROM waitlist USING unnest($1::integer[], $2::text[]) AS ended (pool, holder)
                   WHERE waitlist.pool = ended.pool AND waitlist.holder = ended.holder";
        doing.change(sql, &[&ended_pools, &ended_holders]).await?;
    }
    Ok(())
}

/// Who waits for these assets, at most so many for each: who waits longest comes first, and then by key.
pub(super) async fn load(
    work: &Work<'_>,
    numbers: &PoolNumbers<'_>,
    assets: &BTreeMap<AssetKey, usize>,
) -> Result<Vec<WaitlistEntry>, StoreError> {
    if assets.is_empty() {
        return Ok(Vec::new());
    }
    let limited = assets
        .iter()
        .filter_map(|(asset, limit)| Some((numbers.of(asset)?, i64::try_from(*limit).unwrap_or(i64::MAX))));
    let (pools, limits): (Vec<i32>, Vec<i64>) = limited.unzip();
    let sql = "SELECT found.pool, found.holder, found.since
               FROM unnest($1::integer[], $2::bigint[]) AS asked (pool, most)
               CROSS JOIN LATERAL (SELECT pool, holder, since FROM waitlist WHERE waitlist.pool = asked.pool
                                   ORDER BY since, holder LIMIT asked.most) AS found";
    let rows = work.doing(READING).rows(sql, &[&pools, &limits]).await?;
    let found = rows.iter().map(|row| seat::waiting(numbers.location, numbers.asset(row)?, row));
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable_by(|a, b| (a.since, &a.seat).cmp(&(b.since, &b.seat)));
    Ok(found)
}
