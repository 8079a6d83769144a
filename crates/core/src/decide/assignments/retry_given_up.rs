//! Seats that were given up because there were not enough licenses: tried again when there are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    apple_error::ErrorClass,
    catalog::{AssetKey, Counts, Pool},
    seats::{Progress, Seat, SeatError, SeatEvent},
    transaction::{Decision, JobKind},
};
use crate::{location::LocationRows, transaction::DecisionBuilder};

/// Tries seats again of which Apple said that there are not enough licenses, once counts that are newer show some, and no
/// more than they show; who was given up first comes first. What was given up for another reason is left to whoever asks
/// for it again.
///
/// `rows` has to hold seats that were given up, with their pools and users.
#[must_use]
pub fn decide_retry_given_up(rows: &LocationRows, now: DateTime<Utc>) -> Decision {
    let mut lacking: BTreeMap<&AssetKey, Vec<&Seat>> = BTreeMap::new();
    for seat in rows.seats.values().filter(|seat| lacked_a_license(seat)) {
        lacking.entry(&seat.key.asset).or_default().push(seat);
    }
    let mut ledger = DecisionBuilder::open(rows, now);
    for (asset, mut seats) in lacking {
        let Some(pool) = rows.pools.get(asset) else { continue };
        seats.sort_by_key(|seat| (seat.touched_at, &seat.key));
        let available = available(pool, seats.len() as u64);
        let fresh = seats.iter().filter(|seat| pool.counted_at > seat.touched_at);
        let again: Vec<&Seat> = fresh.copied().take(available).collect();
        for seat in &again {
            ledger.happen(&seat.key, &SeatEvent::Retry);
        }
        if let Some(at) = pool.count_again_at(now).filter(|_| again.len() < seats.len()) {
            ledger.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
        }
    }
    ledger.close()
}

fn lacked_a_license(seat: &Seat) -> bool {
    let Progress::GivenUp { error: SeatError::Apple { error } } = &seat.progress else { return false };
    let class = error.number.map(|number| ErrorClass::of(number, 0));
    seat.desired.is_assigned() && class == Some(ErrorClass::NotEnoughLicenses)
}

/// How many licenses the counts show that are not on their way to others. Those that lack one were given none, although
/// they are wanted still.
fn available(pool: &Pool, lacking: u64) -> usize {
    let on_their_way = pool.uncounted.saturating_sub(lacking);
    match pool.counts {
        Counts::Unlimited { .. } => usize::MAX,
        Counts::Limited { available, .. } => {
            usize::try_from(available.saturating_sub(on_their_way)).unwrap_or(usize::MAX)
        }
    }
}
