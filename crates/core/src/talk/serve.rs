//! Wishes that wait: a license that is free goes to who waits longest.

use chrono::{DateTime, Utc};

use super::{TalkRows, WaitingChange, ledger::Ledger, wish::begin};
use crate::turn::Decision;

/// Gives licenses that are free to those who wait for them, as far as they reach.
///
/// `rows` has to hold waiting wishes, their pools, the seats that are wished and the members of their users.
#[must_use]
pub fn decide_serving(rows: &TalkRows, now: DateTime<Utc>) -> Decision {
    let mut ledger = Ledger::open(rows, now);
    for wish in &rows.waiting {
        let is_free =
            ledger.pool(&wish.seat.asset).is_some_and(|pool| pool.free().is_none_or(|free| free > 0));
        if is_free {
            ledger.changes.waiting.insert(wish.seat.clone(), WaitingChange::End);
            begin(rows, &mut ledger, &wish.seat, now);
        }
    }
    ledger.close()
}
