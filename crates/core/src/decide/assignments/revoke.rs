//! Revoking: a person takes back every license of a token, an app or a holder, whoever gave it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    location::{LocationRows, Revoke, WaitlistChange},
    transaction::DecisionBuilder,
};
use crate::{
    plan::{KeepsBecause, Outcome, Report, ReportLine},
    policy::{AppEffect, Grace},
    seats::{DepartureTrigger, Desired, Observed, Progress, Seat, SeatEvent, SeatKey, UnassignReason},
    transaction::Decision,
};

/// Decides that seats are wanted no more, foreign ones too, and that waiting wishes for them end; says of each what
/// becomes of it. What is revoked already, or on its way back, is not in the report and does not change. What was given
/// up on its way back is tried again.
///
/// A license that Apple does not take back is kept, and its line says so
/// ([`KeepsBecause::Irrevocable`]). One that was not given yet is not given any more, revocable or not.
///
/// `rows` has to hold the seats and waiting wishes, their pools and the users of their users. Where not all fit into
/// one transaction, the wishes come first: a license that goes back must not go to the next one who is to have none.
pub fn decide_revoke(
    rows: &LocationRows,
    revoke: &Revoke,
    now: DateTime<Utc>,
) -> (Decision, Report<SeatKey>) {
    let mut ledger = DecisionBuilder::open(rows, now);
    let mut outcomes = BTreeMap::new();
    for wish in rows.waitlist.iter().filter(|wish| revoke.names(&wish.seat)) {
        ledger.changes.waitlist.insert(wish.seat.clone(), WaitlistChange::Remove);
        outcomes.insert(wish.seat.clone(), Outcome::NotGiven);
    }
    for seat in rows.seats.values().filter(|seat| revoke.names(&seat.key)) {
        if let Some(outcome) = take_back(&mut ledger, seat) {
            outcomes.insert(seat.key.clone(), outcome);
        }
    }
    let line = |(id, outcome)| ReportLine { id, outcome, abandons: None };
    (ledger.close(), Report { lines: outcomes.into_iter().map(line).collect() })
}

fn take_back(ledger: &mut DecisionBuilder<'_>, seat: &Seat) -> Option<Outcome> {
    let given_up = matches!(seat.progress, Progress::GivenUp { .. });
    let event = match seat.desired {
        Desired::Unassigned { .. } if given_up && seat.observed != Observed::Unassigned => SeatEvent::Retry,
        Desired::Unassigned { .. } => return None,
        Desired::Assigned { .. } => {
            SeatEvent::DesiredChanged { desired: Desired::Unassigned { because: UnassignReason::Revoked } }
        }
    };
    let irrevocable = ledger.pool(&seat.key.asset).is_some_and(|pool| !pool.revocable);
    if irrevocable && !is_surely_absent(seat) {
        return Some(Outcome::Keeps { seat: seat.key.clone(), because: KeepsBecause::Irrevocable });
    }
    ledger.happen(&seat.key, &event);
    Some(Outcome::Loses {
        seat: seat.key.clone(),
        trigger: DepartureTrigger::DistributionStopped,
        app: AppEffect::Keep,
        grace: Grace::None,
    })
}

/// Whether there is nothing at Apple, and nothing that was sent can bring it there.
fn is_surely_absent(seat: &Seat) -> bool {
    seat.observed == Observed::Unassigned && seat.is_at_rest() && seat.fence.is_none()
}
