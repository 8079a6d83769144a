//! Seats that were given up because there were not enough licenses: tried again when there are.

use chrono::{DateTime, Utc};

use super::{TalkRows, ledger::Ledger};
use crate::{
    apple_error::ErrorClass,
    catalog::Counts,
    seats::{Motion, Pool, Seat, SeatError, SeatEvent},
    turn::Decision,
};

/// Tries seats again of which Apple said that there are not enough licenses, once counts that are newer show some. What
/// was given up for another reason is left to whoever asks for it again.
///
/// `rows` has to hold seats that were given up, with their pools and members.
#[must_use]
pub fn decide_retrying(rows: &TalkRows, now: DateTime<Utc>) -> Decision {
    let mut ledger = Ledger::open(rows, now);
    for (key, seat) in &rows.seats {
        let there_are_some = rows.pools.get(&key.asset).is_some_and(|pool| has_one_for(pool, seat));
        if lacked_a_license(seat) && there_are_some {
            ledger.happen(key, &SeatEvent::TryAgain);
        }
    }
    ledger.close()
}

fn lacked_a_license(seat: &Seat) -> bool {
    let Motion::GivenUp { error: SeatError::Apple { error } } = &seat.motion else { return false };
    let class = error.number.map(|number| ErrorClass::of(number, 0));
    seat.want.is_hold() && class == Some(ErrorClass::NotEnoughLicenses)
}

/// Whether counts that were read after the seat was given up leave a license for it, which is occupied by it already.
fn has_one_for(pool: &Pool, seat: &Seat) -> bool {
    let fresh = pool.counted_at > seat.touched_at;
    match pool.counts {
        Counts::Unlimited { .. } => fresh,
        Counts::Limited { total, available, .. } => fresh && total >= pool.occupied && available > 0,
    }
}
