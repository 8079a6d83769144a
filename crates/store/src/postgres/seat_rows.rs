//! Saving seats, each in a narrow row of its pool, many with one statement.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    location::SeatChange,
    seats::{Seat, SeatKey},
};
use mdm_vpp_ports::StoreError;

use super::{pool_numbers::PoolNumbers, work::Work};
use crate::{
    kept,
    rows::{
        document::json,
        seat_code::{UnderWay, desired_code, holder_code, next_action_code, observed_code},
    },
};

const WRITING: &str = "writing the seats of a location";

/// The columns of seats that are put.
#[derive(Default)]
struct Columns {
    touched_at: Vec<i64>,
    pools: Vec<i32>,
    holders: Vec<String>,
    wants: Vec<String>,
    seen: Vec<&'static str>,
    agendas: Vec<Option<&'static str>>,
    under_way: Vec<Option<String>>,
}

impl Columns {
    fn push(&mut self, pool: i32, seat: &Seat) -> Result<(), StoreError> {
        self.touched_at.push(kept::touch_micros(seat.touched_at));
        self.pools.push(pool);
        self.holders.push(holder_code(&seat.key.holder));
        self.wants.push(desired_code(seat.desired));
        self.seen.push(observed_code(seat.observed));
        self.agendas.push(seat.next_action().map(next_action_code));
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
    let mut put = Columns::default();
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
        let Columns { touched_at, pools, holders, wants, seen, agendas, under_way } = &put;
        doing.change(sql, &[touched_at, pools, holders, wants, seen, agendas, under_way]).await?;
    }
    if !pools.is_empty() {
        let sql = "DELETE FROM seats USING unnest($1::integer[], $2::text[]) AS gone (pool, holder)
                   WHERE seats.pool = gone.pool AND seats.holder = gone.holder";
        doing.change(sql, &[&pools, &holders]).await?;
    }
    Ok(())
}
