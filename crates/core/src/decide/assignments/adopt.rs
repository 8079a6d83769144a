//! Adopting: licenses that another product gave become ours, without a call that writes.

use chrono::{DateTime, TimeDelta, Utc};

use super::assign::begin;
use crate::{
    location::{Adopt, LocationRows},
    transaction::DecisionBuilder,
};
use crate::{
    plan::{Outcome, Report, ReportLine},
    seats::SeatKey,
    transaction::{Decision, JobKind},
};

/// The counts are read again so long after licenses were adopted, in minutes. By then the licenses were read, mostly; until
/// then they count as given out, as if they were not in the counts. Our choice.
const COUNTED_AGAIN_MINUTES: i64 = 2;

/// Decides that licenses of somebody else are wished by us from now on, and says which ones
/// ([`Outcome::Reuses`]). Nothing is sent for them: they are there. They are read once more, and one that was taken
/// back meanwhile is given again, as any direct wish is. The counts are read again after that: until then licenses of
/// the asset that are free may look as if they were given out.
///
/// `rows` has to hold the seats, their pools and the users of their users. What is ours already is left alone.
pub fn decide_adopt(rows: &LocationRows, adopt: &Adopt, now: DateTime<Utc>) -> (Decision, Report<SeatKey>) {
    let mut ledger = DecisionBuilder::open(rows, now);
    let mut lines = Vec::new();
    for seat in rows.seats.values().filter(|seat| !seat.is_ours() && adopt.names(&seat.key)) {
        begin(rows, &mut ledger, &seat.key, now);
        let outcome = Outcome::Reuses { seat: seat.key.clone() };
        lines.push(ReportLine { id: seat.key.clone(), outcome, abandons: None });
    }
    if !lines.is_empty() {
        let wait = TimeDelta::minutes(COUNTED_AGAIN_MINUTES);
        let at = now.checked_add_signed(wait).unwrap_or(now);
        ledger.enqueue(JobKind::SyncAssets { location: rows.state.location.clone() }, at);
    }
    (ledger.close(), Report { lines })
}
