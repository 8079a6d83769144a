//! Wishes that wait: a license that is free goes to who waits longest.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::assign::begin;
use crate::{
    location::{LocationRows, WaitlistChange},
    transaction::DecisionBuilder,
};
use crate::{
    seats::SeatKey,
    transaction::{Decision, JobKind},
};

/// Gives licenses that are free to those who wait for them, as far as they reach, and says how many were served. Who has
/// got the license meanwhile, from another product for example, keeps it and waits no more. When licenses have come back and
/// the counts do not show them yet, the counts are to be read again.
///
/// `rows` has to hold waiting wishes, their pools, the seats of `among` and the users of their users. Wishes for other
/// seats are left alone, for nobody has looked whether there is a seat.
#[must_use]
pub fn decide_fill_waitlist(
    rows: &LocationRows,
    among: &BTreeSet<SeatKey>,
    now: DateTime<Utc>,
) -> (Decision, usize) {
    let mut ledger = DecisionBuilder::open(rows, now);
    for wish in rows.waitlist.iter().filter(|wish| among.contains(&wish.seat)) {
        let pool = ledger.pool(&wish.seat.asset);
        let is_free = pool.is_some_and(|pool| pool.free().is_none_or(|free| free > 0));
        let has_it = ledger.seat(&wish.seat).is_some_and(|seat| seat.desired.is_assigned());
        if is_free || has_it {
            ledger.changes.waitlist.insert(wish.seat.clone(), WaitlistChange::Remove);
            begin(rows, &mut ledger, &wish.seat, now);
        } else if let Some(at) = pool.and_then(|pool| pool.count_again_at(now)) {
            ledger.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
        }
    }
    let served = ledger.changes.waitlist.len();
    (ledger.close(), served)
}
