//! Direct assignments: licenses for the holders that the embedder names, without a distribution.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    catalog::{AssetKey, Pool, ProductType},
    id::{LocationId, UserId},
    location::LocationRows,
    plan::{KeepsBecause, Outcome, Report, ReportLine, WaitsFor},
    policy::{AppEffect, Grace, NotRelevant, ReleaseBound, TooManyReleases},
    seats::{
        AssignReason, DepartureTrigger, Desired, Holder, Observed, Progress, Seat, SeatEvent, SeatKey,
        UnassignReason, VppUser,
    },
    transaction::{Decision, DecisionBuilder},
};

const DIRECT: Desired = Desired::Assigned { because: AssignReason::Direct };

/// The holders that shall have a license of an asset, and no others: a holder that was assigned directly before and is
/// not in the list loses the license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentList {
    /// The asset.
    pub asset: AssetKey,
    /// The holders.
    pub holders: BTreeSet<Holder>,
    /// How many licenses the list may release without a confirmation; `None` when a person has confirmed it.
    pub bound: Option<ReleaseBound>,
}

/// What changes in the direct assignments of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssignmentChange {
    /// Some seats are assigned and some unassigned: [`decide_assign`] and [`decide_unassign`] in one decision.
    Seats {
        /// Seats to assign.
        assign: BTreeSet<SeatKey>,
        /// Seats to unassign, as far as they were assigned directly.
        unassign: BTreeSet<SeatKey>,
    },
    /// Exactly these holders shall have a license: [`decide_set_assignment_list`].
    List {
        /// The asset.
        asset: AssetKey,
        /// The holders.
        holders: BTreeSet<Holder>,
        /// How many licenses the list may release without a confirmation; `None` when a person has confirmed it.
        bound: Option<ReleaseBound>,
    },
}

/// Why a change of direct assignments is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssignmentRefusal {
    /// A seat is in another location than the one that is changed.
    #[error(
        "cannot change the seat of {}: it is in location `{}`, but the change is for location `{location}`; send it to \
         `{}`",
        seat.holder, seat.location, seat.location
    )]
    OtherLocation {
        /// The seat.
        seat: Box<SeatKey>,
        /// The location that is changed.
        location: LocationId,
    },
    /// A seat is to be assigned and unassigned in one change.
    #[error(
        "cannot change the seat of {}: the change both assigns and unassigns app `{}`; name it once",
        seat.holder, seat.asset.adam_id
    )]
    AssignedAndUnassigned {
        /// The seat.
        seat: Box<SeatKey>,
    },
    /// A list would release more licenses than may go without a confirmation.
    #[error(transparent)]
    TooManyReleases(#[from] TooManyReleases),
}

impl AssignmentRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherLocation { .. } => "other_location",
            Self::AssignedAndUnassigned { .. } => "assigned_and_unassigned",
            Self::TooManyReleases(_) => "too_many_releases",
        }
    }
}

/// Decides that seats are assigned directly, and says of each seat what becomes of it. Assigning what is assigned
/// already changes nothing.
///
/// The waitlist comes first: a seat that is not there yet takes a free license only when no entry waits for the asset;
/// otherwise it joins the waitlist.
///
/// `rows` has to hold the seats that are named, their pools, the rows of their users, and the waitlist of each asset.
///
/// # Errors
///
/// [`AssignmentRefusal::OtherLocation`].
pub fn decide_assign(
    rows: &LocationRows,
    seats: &BTreeSet<SeatKey>,
    now: DateTime<Utc>,
) -> Result<(Decision, Report<SeatKey>), AssignmentRefusal> {
    check_location(rows, seats)?;
    Ok(change(rows, seats, &BTreeSet::new(), now))
}

/// Decides that seats are assigned directly no more, and says of each seat what becomes of it. A seat that is desired
/// for another reason, for example an install, is left alone; one on the waitlist leaves it.
///
/// `rows` has to hold the seats that are named, their pools, the rows of their users, and the waitlist of each asset.
///
/// # Errors
///
/// [`AssignmentRefusal::OtherLocation`].
pub fn decide_unassign(
    rows: &LocationRows,
    seats: &BTreeSet<SeatKey>,
    now: DateTime<Utc>,
) -> Result<(Decision, Report<SeatKey>), AssignmentRefusal> {
    check_location(rows, seats)?;
    Ok(change(rows, &BTreeSet::new(), seats, now))
}

/// Decides that the holders of a list, and no others, are assigned directly an asset, and says of each seat what
/// becomes of it.
///
/// `rows` has to hold all seats and the whole waitlist of the asset, all pools of the location, and the users of the
/// users that the list names.
///
/// # Errors
///
/// [`AssignmentRefusal::TooManyReleases`].
pub fn decide_set_assignment_list(
    rows: &LocationRows,
    list: &AssignmentList,
    now: DateTime<Utc>,
) -> Result<(Decision, Report<SeatKey>), AssignmentRefusal> {
    let key = |holder: &Holder| SeatKey {
        location: rows.state.location.clone(),
        asset: list.asset.clone(),
        holder: holder.clone(),
    };
    let assign: BTreeSet<SeatKey> = list.holders.iter().map(key).collect();
    let is_left_out = |seat: &&SeatKey| seat.asset == list.asset && !assign.contains(*seat);
    let direct = rows.seats.values().filter(|seat| seat.desired == DIRECT).map(|seat| &seat.key);
    let released: Vec<&SeatKey> = direct.filter(is_left_out).collect();
    if let Some(bound) = list.bound {
        // The share is of all licenses of the location: a list for one small app is not a mistake by itself.
        let occupied = rows.pools.values().map(|pool| pool.occupied).fold(0, u64::saturating_add);
        bound.check(released.len() as u64, occupied)?;
    }
    let waiting = rows.waitlist.iter().map(|entry| &entry.seat).filter(is_left_out);
    let unassign = released.into_iter().chain(waiting).cloned().collect();
    Ok(change(rows, &assign, &unassign, now))
}

/// Decides about a change of direct assignments, as [`decide_assign`], [`decide_unassign`] and
/// [`decide_set_assignment_list`] do, and says of each seat what becomes of it.
///
/// # Errors
///
/// [`AssignmentRefusal`].
pub fn decide_change_assignments(
    rows: &LocationRows,
    asked: &AssignmentChange,
    now: DateTime<Utc>,
) -> Result<(Decision, Report<SeatKey>), AssignmentRefusal> {
    match asked {
        AssignmentChange::Seats { assign, unassign } => {
            check_location(rows, assign)?;
            check_location(rows, unassign)?;
            match assign.intersection(unassign).next() {
                Some(seat) => Err(AssignmentRefusal::AssignedAndUnassigned { seat: Box::new(seat.clone()) }),
                None => Ok(change(rows, assign, unassign, now)),
            }
        }
        AssignmentChange::List { asset, holders, bound } => {
            let list = AssignmentList { asset: asset.clone(), holders: holders.clone(), bound: *bound };
            decide_set_assignment_list(rows, &list, now)
        }
    }
}

fn check_location(rows: &LocationRows, seats: &BTreeSet<SeatKey>) -> Result<(), AssignmentRefusal> {
    let location = &rows.state.location;
    match seats.iter().find(|seat| seat.location != *location) {
        Some(seat) => {
            Err(AssignmentRefusal::OtherLocation { seat: Box::new(seat.clone()), location: location.clone() })
        }
        None => Ok(()),
    }
}

fn change(
    rows: &LocationRows,
    assign: &BTreeSet<SeatKey>,
    unassign: &BTreeSet<SeatKey>,
    now: DateTime<Utc>,
) -> (Decision, Report<SeatKey>) {
    let mut builder = DecisionBuilder::new(rows, now);
    let line = |id: &SeatKey, outcome| ReportLine { id: id.clone(), outcome, abandons: None };
    let mut lines = Vec::new();
    // Releases come first: a seat that was not sent yet frees its license for what is assigned.
    for seat in unassign {
        lines.push(line(seat, unassign_one(rows, &mut builder, seat)));
    }
    for seat in assign {
        lines.push(line(seat, assign_one(rows, &mut builder, seat, now)));
    }
    lines.sort_by(|one, other| one.id.cmp(&other.id));
    (builder.finish(), Report { lines })
}

fn unassign_one(rows: &LocationRows, builder: &mut DecisionBuilder<'_>, key: &SeatKey) -> Outcome {
    if rows.waitlist.iter().any(|entry| entry.seat == *key) {
        builder.remove_from_waitlist(key);
    }
    if builder.seat(key).is_none_or(|seat| seat.desired != DIRECT) {
        return Outcome::NotGiven;
    }
    if builder.pool(&key.asset).is_some_and(|pool| !pool.revocable) {
        return Outcome::Keeps { seat: key.clone(), because: KeepsBecause::Irrevocable };
    }
    let desired = Desired::Unassigned { because: UnassignReason::NotNeeded };
    builder.apply_event(key, &SeatEvent::DesiredChanged { desired });
    loses(key)
}

/// What a report says of a license that goes back by an act, not by an event of its device.
pub(super) fn loses(seat: &SeatKey) -> Outcome {
    Outcome::Loses {
        seat: seat.clone(),
        trigger: DepartureTrigger::DistributionStopped,
        app: AppEffect::Keep,
        grace: Grace::None,
    }
}

fn assign_one(
    rows: &LocationRows,
    builder: &mut DecisionBuilder<'_>,
    key: &SeatKey,
    now: DateTime<Utc>,
) -> Outcome {
    let Some(pool) = builder.pool(&key.asset) else {
        return Outcome::NotRelevant { why: NotRelevant::NotOwned };
    };
    if let Err(why) = possible(pool, &key.holder) {
        return Outcome::NotRelevant { why };
    }
    let is_free = pool.free().is_none_or(|free| free > 0);
    if let Some(seat) = builder.seat(key) {
        let (is_assigned, is_ours) = (seat.desired.is_assigned(), seat.is_ours());
        if is_assigned && is_ours && matches!(seat.progress, Progress::GivenUp { .. }) {
            // Assigning again what was given up is how a person asks for another try.
            builder.apply_event(key, &SeatEvent::Retry);
            return Outcome::Reuses { seat: key.clone() };
        }
        if is_assigned && is_ours {
            return Outcome::Keeps { seat: key.clone(), because: KeepsBecause::Chosen };
        }
        // The seat occupies a license already, so it needs no free one.
        assign_directly(rows, builder, key, now);
        return Outcome::Reuses { seat: key.clone() };
    }
    let waits = Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: None };
    if rows.waitlist.iter().any(|entry| entry.seat == *key) {
        return waits;
    }
    let is_behind_others = rows.waitlist.iter().any(|entry| entry.seat.asset == key.asset);
    if !is_free || is_behind_others {
        builder.add_to_waitlist(key);
        return waits;
    }
    assign_directly(rows, builder, key, now);
    Outcome::Gains { seat: key.clone() }
}

/// Begins a seat for which a license is free, or makes the one that is there desired.
pub(super) fn assign_directly(
    rows: &LocationRows,
    builder: &mut DecisionBuilder<'_>,
    key: &SeatKey,
    now: DateTime<Utc>,
) {
    add_user(builder, &key.holder, now);
    if builder.seat(key).is_some() {
        return builder.apply_event(key, &SeatEvent::DesiredChanged { desired: DIRECT });
    }
    // What a full read did not list is not there.
    let observed = if rows.state.fully_read_at.is_some() { Observed::Unassigned } else { Observed::Unknown };
    builder.begin(&Seat::new(key.clone(), DIRECT, observed, now));
}

/// Adds the user of a seat who is not among the rows: they have to be read before they can hold a license.
fn add_user(builder: &mut DecisionBuilder<'_>, holder: &Holder, now: DateTime<Utc>) {
    let Holder::User { client_user_id } = holder else { return };
    if builder.user(client_user_id).is_some() {
        return;
    }
    if let Ok(user) = UserId::new(client_user_id.as_str()) {
        builder.put_user(VppUser::new(builder.location().clone(), client_user_id.clone(), user, now));
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
