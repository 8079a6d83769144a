//! Seats that waited for a time to pass or for their user, and what was read of users.

use chrono::{DateTime, Utc};

use crate::{
    id::ClientUserId,
    seats::{MemberEvent, MemberStatus},
    transaction::Decision,
};
use crate::{location::TalkRows, transaction::DecisionBuilder};

/// Takes in what was read of users, and decides again about all seats among the rows: those whose fence has passed are
/// looked at, those whose user is registered by now are queued.
///
/// `rows` has to hold the members that were read, and the seats with their pools and members.
#[must_use]
pub fn decide_again(
    rows: &TalkRows,
    read: &[(ClientUserId, MemberStatus)],
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Decision {
    let mut ledger = DecisionBuilder::open(rows, now);
    for (client_user_id, status) in read {
        let event = MemberEvent::Read { status: *status, begun_at };
        if let Some(after) = rows.members.get(client_user_id).and_then(|member| member.after(&event, now)) {
            ledger.changes.members.push(after);
        }
    }
    for key in rows.seats.keys() {
        ledger.look_again(key);
    }
    ledger.close()
}
