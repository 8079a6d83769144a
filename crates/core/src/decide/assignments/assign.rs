//! Direct wishes: licenses for these holders, whoever distributes what.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    catalog::{AssetKey, Pool, ProductType},
    id::UserId,
    plan::{KeepsBecause, Outcome, Report, ReportLine, WaitsFor},
    policy::{AppEffect, Grace, NotRelevant, ReleaseBound, TooManyReleases},
    seats::{
        AssignReason, DepartureTrigger, Desired, Holder, Observed, Progress, Seat, SeatEvent, SeatKey,
        UnassignReason, VppUser,
    },
    transaction::Decision,
};
use crate::{
    location::{LocationRows, WaitlistChange, WaitlistEntry},
    transaction::DecisionBuilder,
};

/// What somebody wishes of the licenses of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssignmentChange {
    /// These seats shall be held, and those no more.
    Seats {
        /// Seats that shall be held.
        assign: BTreeSet<SeatKey>,
        /// Seats that shall be held no more, as far as they were wished.
        unassign: BTreeSet<SeatKey>,
    },
    /// Just these holders shall have a license of an asset: whoever was wished before and is not in the list loses it.
    List {
        /// The asset.
        asset: AssetKey,
        /// The holders.
        holders: BTreeSet<Holder>,
        /// How many licenses may go back without anybody being asked; `None` when somebody was asked and confirmed it.
        bound: Option<ReleaseBound>,
    },
}

/// Why a wish is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssignmentRefusal {
    /// A seat is in another location than the one that was asked.
    #[error("{} is wished a license of location `{}`, which is another one: ask that location", seat.holder, seat.location)]
    OtherLocation {
        /// The seat.
        seat: Box<SeatKey>,
    },
    /// A seat is to be given and taken at once.
    #[error("{} is to get and to lose the same license of app `{}`: decide for one", seat.holder, seat.asset.adam_id)]
    AssignedAndUnassigned {
        /// The seat.
        seat: Box<SeatKey>,
    },
    /// A list would take back more than may go without somebody being asked.
    #[error(transparent)]
    TooManyReleases(#[from] TooManyReleases),
}

impl AssignmentRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherLocation { .. } => "other_location",
            Self::AssignedAndUnassigned { .. } => "given_and_taken",
            Self::TooManyReleases(_) => "too_many_releases",
        }
    }
}

/// Decides about direct wishes, and says of each seat what becomes of it.
///
/// `rows` has to hold the pools and the seats that are named, the users of users that are named, and one waiting
/// wish of each asset; for a list, all seats and waiting wishes of the asset and all pools of the location.
///
/// Who is already waiting for an asset comes first: a new wish takes a free license only when nobody waits for one.
///
/// # Errors
///
/// [`AssignmentRefusal`].
pub fn decide_change_assignments(
    rows: &LocationRows,
    change: &AssignmentChange,
    now: DateTime<Utc>,
) -> Result<(Decision, Report<SeatKey>), AssignmentRefusal> {
    let (give, take) = match change {
        AssignmentChange::Seats { assign: give, unassign: take } => (give.clone(), take.clone()),
        AssignmentChange::List { asset, holders, bound: blast_radius } => {
            list(rows, asset, holders, *blast_radius)?
        }
    };
    check(rows, &give, &take)?;
    let mut ledger = DecisionBuilder::open(rows, now);
    let mut report = Report { lines: Vec::new() };
    for seat in take {
        let outcome = take_back(rows, &mut ledger, &seat);
        report.lines.push(ReportLine { id: seat, outcome, abandons: None });
    }
    for seat in give {
        let outcome = give_out(rows, &mut ledger, &seat, now);
        report.lines.push(ReportLine { id: seat, outcome, abandons: None });
    }
    report.lines.sort_by(|one, other| one.id.cmp(&other.id));
    Ok((ledger.close(), report))
}

type GiveAndTake = (BTreeSet<SeatKey>, BTreeSet<SeatKey>);

fn list(
    rows: &LocationRows,
    asset: &AssetKey,
    holders: &BTreeSet<Holder>,
    blast_radius: Option<ReleaseBound>,
) -> Result<GiveAndTake, AssignmentRefusal> {
    let location = &rows.state.location;
    let key = |holder: &Holder| SeatKey {
        location: location.clone(),
        asset: asset.clone(),
        holder: holder.clone(),
    };
    let give: BTreeSet<SeatKey> = holders.iter().map(key).collect();
    let wished = rows.seats.values().filter(|seat| seat.key.asset == *asset && seat.desired == DIRECT);
    let held: BTreeSet<SeatKey> =
        wished.map(|seat| seat.key.clone()).filter(|seat| !give.contains(seat)).collect();
    if let Some(blast_radius) = blast_radius {
        let occupied = rows.pools.values().map(|pool| pool.occupied).fold(0, u64::saturating_add);
        blast_radius.check(held.len() as u64, occupied)?;
    }
    let waiting = rows.waitlist.iter().map(|wish| &wish.seat);
    let waiting = waiting.filter(|seat| seat.asset == *asset && !give.contains(seat)).cloned();
    let take = held.into_iter().chain(waiting).collect();
    Ok((give, take))
}

fn check(
    rows: &LocationRows,
    give: &BTreeSet<SeatKey>,
    take: &BTreeSet<SeatKey>,
) -> Result<(), AssignmentRefusal> {
    if let Some(seat) = give.iter().chain(take).find(|seat| seat.location != rows.state.location) {
        return Err(AssignmentRefusal::OtherLocation { seat: Box::new(seat.clone()) });
    }
    match give.intersection(take).next() {
        Some(seat) => Err(AssignmentRefusal::AssignedAndUnassigned { seat: Box::new(seat.clone()) }),
        None => Ok(()),
    }
}

const DIRECT: Desired = Desired::Assigned { because: AssignReason::Direct };

fn take_back(rows: &LocationRows, ledger: &mut DecisionBuilder<'_>, key: &SeatKey) -> Outcome {
    if rows.waitlist.iter().any(|wish| wish.seat == *key) {
        ledger.changes.waitlist.insert(key.clone(), WaitlistChange::Remove);
    }
    let wished = ledger.seat(key).is_some_and(|seat| seat.desired == DIRECT);
    if !wished {
        return Outcome::NotGiven;
    }
    if ledger.pool(&key.asset).is_some_and(|pool| !pool.revocable) {
        return Outcome::Keeps { seat: key.clone(), because: KeepsBecause::Irrevocable };
    }
    let want = Desired::Unassigned { because: UnassignReason::NotNeeded };
    ledger.happen(key, &SeatEvent::DesiredChanged { desired: want });
    Outcome::Loses {
        seat: key.clone(),
        trigger: DepartureTrigger::DistributionStopped,
        app: AppEffect::Keep,
        grace: Grace::None,
    }
}

fn give_out(
    rows: &LocationRows,
    ledger: &mut DecisionBuilder<'_>,
    key: &SeatKey,
    now: DateTime<Utc>,
) -> Outcome {
    let Some(pool) = ledger.pool(&key.asset) else {
        return Outcome::NotRelevant { why: NotRelevant::NotOwned };
    };
    if let Err(why) = possible(pool, &key.holder) {
        return Outcome::NotRelevant { why };
    }
    let is_free = pool.free().is_none_or(|free| free > 0);
    if let Some(seat) = ledger.seat(key) {
        let held = seat.desired.is_assigned();
        let ours = seat.is_ours();
        if held && ours && matches!(seat.progress, Progress::GivenUp { .. }) {
            // Somebody asks again.
            ledger.happen(key, &SeatEvent::TryAgain);
            return Outcome::Reuses { seat: key.clone() };
        }
        if !held || !ours {
            begin(rows, ledger, key, now);
        }
        let seat = key.clone();
        return match (held, ours) {
            (true, true) => Outcome::Keeps { seat, because: KeepsBecause::Chosen },
            _ => Outcome::Reuses { seat },
        };
    }
    if rows.waitlist.iter().any(|wish| wish.seat == *key) {
        return Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: None };
    }
    let somebody_waits = rows.waitlist.iter().any(|wish| wish.seat.asset == key.asset);
    if !is_free || somebody_waits {
        let wish = WaitlistEntry { seat: key.clone(), since: now };
        ledger.changes.waitlist.insert(key.clone(), WaitlistChange::Add(wish));
        return Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: None };
    }
    begin(rows, ledger, key, now);
    Outcome::Gains { seat: key.clone() }
}

/// Begins a seat for which a license is free, or wants the one that is there.
pub(super) fn begin(
    rows: &LocationRows,
    ledger: &mut DecisionBuilder<'_>,
    key: &SeatKey,
    now: DateTime<Utc>,
) {
    know_user(rows, ledger, &key.holder, now);
    if ledger.seat(key).is_some() {
        return ledger.happen(key, &SeatEvent::DesiredChanged { desired: DIRECT });
    }
    // What a walk that was read to its end did not list is not there.
    let seen = if rows.state.fully_read_at.is_some() { Observed::Unassigned } else { Observed::Unknown };
    ledger.begin(&Seat::new(key.clone(), DIRECT, seen, now));
}

/// A user of whom nothing is known has to be read before he can hold a license.
fn know_user(rows: &LocationRows, ledger: &mut DecisionBuilder<'_>, holder: &Holder, now: DateTime<Utc>) {
    let Holder::User { client_user_id } = holder else { return };
    if ledger.user(client_user_id).is_some() {
        return;
    }
    if let Ok(user) = UserId::new(client_user_id.as_str()) {
        let location = rows.state.location.clone();
        ledger.changes.users.push(VppUser::new(location, client_user_id.clone(), user, now));
    }
}

fn possible(pool: &Pool, holder: &Holder) -> Result<(), NotRelevant> {
    match holder {
        Holder::User { .. } => Ok(()),
        Holder::Device { .. } if pool.product_type == ProductType::Book => Err(NotRelevant::BookOnDevice),
        Holder::Device { .. } if !pool.device_assignable => Err(NotRelevant::NotDeviceAssignable),
        Holder::Device { .. } => Ok(()),
    }
}
