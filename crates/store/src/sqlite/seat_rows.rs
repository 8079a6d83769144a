//! Seats, each in a narrow row of its pool.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    seats::{Holder, Seat, SeatKey},
    talk::SeatChange,
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Row, Transaction, params};

use super::{failure::failed, pool_numbers::PoolNumbers, reading::Reading, save::json};
use crate::{
    kept,
    seat_code::{UnderWay, agenda_code, holder_code, holder_of, seen_code, seen_of, want_code, want_of},
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
            "INSERT INTO seats (pool, holder, want, seen, agenda, touched_at, under_way)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (pool, holder) DO UPDATE SET
                 want = excluded.want,
                 seen = excluded.seen,
                 agenda = excluded.agenda,
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
                    want_code(seat.want),
                    seen_code(seat.seen),
                    seat.agenda().map(agenda_code),
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

/// The columns that [`read`] needs.
macro_rules! select_seats {
    ($rest:literal) => {
        concat!("SELECT pool, holder, want, seen, touched_at, under_way FROM seats ", $rest)
    };
}
pub(super) use select_seats;

/// A row as the seat of an asset.
pub(super) fn read(location: &LocationId, asset: &AssetKey, row: &Row<'_>) -> Result<Seat, StoreError> {
    let reading = Reading::new("seats", &["pool", "holder"], row);
    let under_way: Option<UnderWay> = reading.optional_document("under_way")?;
    let (motion, fence, tries) = UnderWay::parts(under_way);
    Ok(Seat {
        key: SeatKey { location: location.clone(), asset: asset.clone(), holder: holder(&reading)? },
        want: reading.parsed("want", want_of)?,
        seen: reading.parsed("seen", seen_of)?,
        motion,
        fence,
        tries,
        touched_at: touch(&reading, "touched_at")?,
    })
}

/// The holder of a row.
pub(super) fn holder(reading: &Reading<'_>) -> Result<Holder, StoreError> {
    reading.parsed("holder", holder_of)
}

/// A time of touch.
pub(super) fn touch(reading: &Reading<'_>, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
    kept::due_time(reading.number(column)?).ok_or_else(|| reading.unreadable(column, "is no time"))
}
