//! Adopting: licenses that another product gave become ours, without a call that writes.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{TalkRows, ledger::Ledger, wish::begin};
use crate::{
    catalog::AssetKey,
    plan::{Outcome, Report, ReportLine},
    seats::SeatKey,
    turn::{Decision, DueKind},
};

/// The counts are read again so long after licenses were adopted, in minutes. By then the licenses were read, mostly; until
/// then they count as given out, as if they were not in the counts. Our choice.
const COUNTED_AGAIN_MINUTES: i64 = 2;

/// Which licenses of a location are adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Adopt {
    /// All that are not ours.
    All,
    /// Those of one asset: an app, or a book, in one quality.
    App {
        /// The asset.
        asset: AssetKey,
    },
}

impl Adopt {
    /// Whether a seat is among them, if it is somebody else's.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        match self {
            Self::All => true,
            Self::App { asset } => seat.asset == *asset,
        }
    }
}

/// Decides that licenses of somebody else are wished by us from now on, and says which ones
/// ([`Outcome::Reuses`]). Nothing is sent for them: they are there. They are read once more, and one that was taken
/// back meanwhile is given again, as any direct wish is. The counts are read again after that: until then licenses of
/// the asset that are free may look as if they were given out.
///
/// `rows` has to hold the seats, their pools and the members of their users. What is ours already is left alone.
pub fn decide_adopting(rows: &TalkRows, adopt: &Adopt, now: DateTime<Utc>) -> (Decision, Report<SeatKey>) {
    let mut ledger = Ledger::open(rows, now);
    let mut lines = Vec::new();
    for seat in rows.seats.values().filter(|seat| !seat.is_ours() && adopt.names(&seat.key)) {
        begin(rows, &mut ledger, &seat.key, now);
        let outcome = Outcome::Reuses { seat: seat.key.clone() };
        lines.push(ReportLine { id: seat.key.clone(), outcome, abandons: None });
    }
    if !lines.is_empty() {
        let wait = TimeDelta::minutes(COUNTED_AGAIN_MINUTES);
        let at = now.checked_add_signed(wait).unwrap_or(now);
        ledger.due(DueKind::Sync { location: rows.talk.location.clone() }, at);
    }
    (ledger.close(), Report { lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        seats::{
            Seen,
            testing::{asset, device_seat},
        },
        talk::testing::house,
    };

    #[test]
    fn adopted_licenses_are_ours_and_nothing_is_sent_for_them() {
        let mut house = house(5);
        house.walk(&["A", "B", "C"]);
        let _ = house.wish(&["A"], &[]);
        house.walk(&["A", "B", "C"]);
        house.pass(TimeDelta::seconds(1));
        let (decision, report) = decide_adopting(&house.rows, &Adopt::All, house.now);
        let adopted: Vec<_> = report.lines.iter().map(|line| &line.id).collect();
        assert_eq!(adopted, [&device_seat(7, "B"), &device_seat(7, "C")], "the first one is ours already");
        house.save(decision);
        assert!(house.write().is_empty());
        house.walk(&["A", "B", "C"]);
        assert!(house.is_due(|location| DueKind::Sync { location }));
        house.count();
        assert_eq!(house.free(), Some(2), "once the counts were read again");
        assert!(house.rows.seats.values().all(|seat| seat.is_usable() && seat.agenda().is_none()));
        let (again, report) = decide_adopting(&house.rows, &Adopt::All, house.now);
        assert_eq!((again, report.lines.len()), (Decision::default(), 0));
        assert_eq!(house.outcomes(&[], &["B"]), ["loses"], "as any wish of ours");
        assert_eq!(house.write().len(), 1);
    }

    #[test]
    fn a_license_that_was_taken_back_before_it_was_adopted_is_given_again() {
        let mut house = house(5);
        house.walk(&["A"]);
        let (decision, _) = decide_adopting(&house.rows, &Adopt::App { asset: asset(7) }, house.now);
        house.save(decision);
        house.walk(&[]);
        assert_eq!(house.rows.seats[&device_seat(7, "A")].seen, Seen::Absent);
        assert_eq!(house.write().len(), 1);
    }

    #[test]
    fn another_app_is_left_alone() {
        let mut house = house(5);
        house.walk(&["A"]);
        let (decision, report) = decide_adopting(&house.rows, &Adopt::App { asset: asset(8) }, house.now);
        assert_eq!((decision, report.lines.len()), (Decision::default(), 0));
    }
}
