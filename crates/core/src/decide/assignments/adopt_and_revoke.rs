//! What a person decides about many licenses of a location at once: to adopt foreign ones, or to revoke them whatever
//! gave them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::assign::{assign_directly, loses};
use crate::{
    location::{Adopt, LocationRows, Revoke},
    plan::{KeepsBecause, Outcome, Report, ReportLine},
    seats::{Desired, Observed, Progress, Seat, SeatEvent, SeatKey, UnassignReason},
    transaction::{Decision, DecisionBuilder, JobKind},
};

/// Delay between adopting licenses and reading the counts again, in minutes. Our choice: by then most of the licenses
/// were read; until then they count as given out, as if they were not in the counts.
const COUNTED_AGAIN_MINUTES: i64 = 2;

/// Decides that foreign licenses are assigned directly by us from now on, and says which ones ([`Outcome::Reuses`]).
/// Nothing is sent for them, because they are there. They are read once more, and one that was taken back meanwhile is
/// assigned again, as any direct assignment is. The counts are read again after that: until then licenses of the asset
/// that are free may look as if they were given out.
///
/// `rows` has to hold the seats, their pools and the rows of their users. What is ours already is left alone.
pub fn decide_adopt(rows: &LocationRows, adopt: &Adopt, now: DateTime<Utc>) -> (Decision, Report<SeatKey>) {
    let mut builder = DecisionBuilder::new(rows, now);
    let mut lines = Vec::new();
    for seat in rows.seats.values().filter(|seat| !seat.is_ours() && adopt.names(&seat.key)) {
        assign_directly(rows, &mut builder, &seat.key, now);
        let outcome = Outcome::Reuses { seat: seat.key.clone() };
        lines.push(ReportLine { id: seat.key.clone(), outcome, abandons: None });
    }
    if !lines.is_empty() {
        let wait = TimeDelta::minutes(COUNTED_AGAIN_MINUTES);
        let at = now.checked_add_signed(wait).unwrap_or(now);
        builder.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
    }
    (builder.finish(), Report { lines })
}

/// Decides that seats are desired no more, foreign ones too, and that entries of the waitlist for them end; says of
/// each what becomes of it. What is revoked already, or on its way back, is not in the report and does not change. What
/// was given up on its way back is tried again.
///
/// A license that Apple does not take back is kept, and its line says so ([`KeepsBecause::Irrevocable`]). One that was
/// not given yet is not given any more, revocable or not.
///
/// `rows` has to hold the seats and their entries of the waitlist, their pools and the rows of their users. Where not
/// all fit into one transaction, the waitlist comes first: a license that goes back must not go to the next entry that
/// is to have none.
pub fn decide_revoke(
    rows: &LocationRows,
    revoke: &Revoke,
    now: DateTime<Utc>,
) -> (Decision, Report<SeatKey>) {
    let mut builder = DecisionBuilder::new(rows, now);
    let mut outcomes = BTreeMap::new();
    for entry in rows.waitlist.iter().filter(|entry| revoke.names(&entry.seat)) {
        builder.remove_from_waitlist(&entry.seat);
        outcomes.insert(entry.seat.clone(), Outcome::NotGiven);
    }
    for seat in rows.seats.values().filter(|seat| revoke.names(&seat.key)) {
        if let Some(outcome) = revoke_one(&mut builder, seat) {
            outcomes.insert(seat.key.clone(), outcome);
        }
    }
    let line = |(id, outcome)| ReportLine { id, outcome, abandons: None };
    (builder.finish(), Report { lines: outcomes.into_iter().map(line).collect() })
}

fn revoke_one(builder: &mut DecisionBuilder<'_>, seat: &Seat) -> Option<Outcome> {
    let is_given_up = matches!(seat.progress, Progress::GivenUp { .. });
    let event = match seat.desired {
        Desired::Unassigned { .. } if is_given_up && seat.observed != Observed::Unassigned => {
            SeatEvent::Retry
        }
        Desired::Unassigned { .. } => return None,
        Desired::Assigned { .. } => {
            SeatEvent::DesiredChanged { desired: Desired::Unassigned { because: UnassignReason::Revoked } }
        }
    };
    let is_irrevocable = builder.pool(&seat.key.asset).is_some_and(|pool| !pool.revocable);
    if is_irrevocable && !is_surely_unassigned(seat) {
        return Some(Outcome::Keeps { seat: seat.key.clone(), because: KeepsBecause::Irrevocable });
    }
    builder.apply_event(&seat.key, &event);
    Some(loses(&seat.key))
}

/// Whether there is nothing at Apple, and nothing that was sent can bring it there.
fn is_surely_unassigned(seat: &Seat) -> bool {
    seat.observed == Observed::Unassigned && seat.is_at_rest() && seat.fence.is_none()
}
