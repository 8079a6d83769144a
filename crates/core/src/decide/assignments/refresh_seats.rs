//! Seats that waited for a time to pass or for their user, and what was read of users.

use chrono::{DateTime, Utc};

use crate::{
    id::ClientUserId,
    seats::{VppUserEvent, VppUserStatus},
    transaction::Decision,
};
use crate::{location::LocationRows, transaction::DecisionBuilder};

/// Takes in what was read of users, and decides again about all seats among the rows: those whose fence has passed are
/// looked at, those whose user is registered by now are queued.
///
/// `rows` has to hold the users that were read, and the seats with their pools and users.
#[must_use]
pub fn decide_refresh_seats(
    rows: &LocationRows,
    read: &[(ClientUserId, VppUserStatus)],
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Decision {
    let mut ledger = DecisionBuilder::open(rows, now);
    for (client_user_id, status) in read {
        let event = VppUserEvent::Read { status: *status, begun_at };
        if let Some(after) = rows.users.get(client_user_id).and_then(|member| member.after(&event, now)) {
            ledger.changes.users.push(after);
        }
    }
    for key in rows.seats.keys() {
        ledger.look_again(key);
    }
    ledger.close()
}
