//! Licenses that have become free: for the waitlist in its order, and for seats that were given up for lack of one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::assign::assign_directly;
use crate::{
    apple_error::ErrorClass,
    catalog::{AssetKey, Counts, Pool},
    location::LocationRows,
    seats::{Progress, Seat, SeatError, SeatEvent, SeatKey},
    transaction::{Decision, DecisionBuilder, JobKind},
};

/// Gives free licenses to the waitlist as far as they reach, and says how many entries got one. A holder that has got
/// the license meanwhile, from another product for example, keeps it and waits no more. When licenses have come back
/// and the counts do not show them yet, a read of the counts is enqueued.
///
/// `rows` has to hold entries of the waitlist, their pools, the seats of `among` and the rows of their users. Other
/// entries are left alone, because whether they have a seat was not loaded.
#[must_use]
pub fn decide_fill_waitlist(
    rows: &LocationRows,
    among: &BTreeSet<SeatKey>,
    now: DateTime<Utc>,
) -> (Decision, usize) {
    let mut builder = DecisionBuilder::new(rows, now);
    let mut filled = BTreeSet::new();
    for entry in rows.waitlist.iter().filter(|entry| among.contains(&entry.seat)) {
        let pool = builder.pool(&entry.seat.asset);
        let is_free = pool.is_some_and(|pool| pool.free().is_none_or(|free| free > 0));
        let has_it = builder.seat(&entry.seat).is_some_and(|seat| seat.desired.is_assigned());
        if is_free || has_it {
            builder.remove_from_waitlist(&entry.seat);
            assign_directly(rows, &mut builder, &entry.seat, now);
            filled.insert(&entry.seat);
        } else if let Some(at) = pool.and_then(|pool| pool.count_again_at(now)) {
            builder.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
        }
    }
    (builder.finish(), filled.len())
}

/// Tries seats again for which Apple said that there are not enough licenses, once counts that are newer show some, and
/// at most as many as they show; the seat that was given up first comes first. What was given up for another reason is
/// left until it is assigned again.
///
/// `rows` has to hold seats that were given up, with their pools and users.
#[must_use]
pub fn decide_retry_given_up(rows: &LocationRows, now: DateTime<Utc>) -> Decision {
    let mut lacking: BTreeMap<&AssetKey, Vec<&Seat>> = BTreeMap::new();
    for seat in rows.seats.values().filter(|seat| lacked_a_license(seat)) {
        lacking.entry(&seat.key.asset).or_default().push(seat);
    }
    let mut builder = DecisionBuilder::new(rows, now);
    for (asset, mut seats) in lacking {
        let Some(pool) = rows.pools.get(asset) else { continue };
        seats.sort_by_key(|seat| (seat.touched_at, &seat.key));
        let available = available(pool, seats.len() as u64);
        // Counts that are no newer than the refusal showed licenses then too, and Apple refused all the same.
        let fresh = seats.iter().filter(|seat| pool.counted_at > seat.touched_at);
        let again: Vec<&Seat> = fresh.copied().take(available).collect();
        for seat in &again {
            builder.apply_event(&seat.key, &SeatEvent::Retry);
        }
        if let Some(at) = pool.count_again_at(now).filter(|_| again.len() < seats.len()) {
            builder.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
        }
    }
    builder.finish()
}

fn lacked_a_license(seat: &Seat) -> bool {
    let Progress::GivenUp { error: SeatError::Apple { error } } = &seat.progress else { return false };
    // Only a number says so; a status alone never does.
    let class = error.number.map(|number| ErrorClass::of(number, 0));
    seat.desired.is_assigned() && class == Some(ErrorClass::NotEnoughLicenses)
}

/// How many licenses the counts show that are not on their way to others. Seats that lack one count as given out,
/// because they are still desired, but Apple gave them none.
fn available(pool: &Pool, lacking: u64) -> usize {
    let on_their_way = pool.uncounted.saturating_sub(lacking);
    match pool.counts {
        Counts::Unlimited { .. } => usize::MAX,
        Counts::Limited { available, .. } => {
            usize::try_from(available.saturating_sub(on_their_way)).unwrap_or(usize::MAX)
        }
    }
}
