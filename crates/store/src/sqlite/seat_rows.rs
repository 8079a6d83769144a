//! Seats, each in a narrow row of its pool.

use mdm_vpp_core::{location::SeatChange, seats::SeatKey};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::{failure::failed, pool_numbers::PoolNumbers};
use crate::{
    kept,
    rows::{
        document::json,
        seat_code::{UnderWay, desired_code, holder_code, next_action_code, observed_code},
    },
};

const WRITING: &str = "writing the seats of a location";

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
    let mut forget = transaction
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
                    kept::touch_micros(seat.touched_at),
                    under_way,
                ])
            }
            SeatChange::Forget => match numbers.of(&key.asset) {
                Some(pool) => forget.execute(params![pool, holder]),
                None => Ok(0),
            },
        }
        .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The columns that a seat is read from.
macro_rules! select_seats {
    ($rest:literal) => {
        concat!("SELECT pool, holder, desired, observed, touched_at, under_way FROM seats ", $rest)
    };
}
pub(super) use select_seats;
