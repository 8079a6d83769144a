//! The rows of a location while a decision changes them: what was changed is seen by what comes after it.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::location::{LocationChanges, LocationRows, SeatChange};
use crate::{
    catalog::{AssetKey, Pool},
    id::ClientUserId,
    seats::{
        Applied, Gate, Holder, NextAction, Observed, Seat, SeatEvent, SeatKey, VppUser, apply,
        decide_next_action,
    },
    transaction::{Decision, Job, JobKind},
};

/// Seats that are to be sent wait so long for others that may share their request, in seconds.
pub const LINGER_SECONDS: i64 = 2;

pub(crate) struct DecisionBuilder<'a> {
    rows: &'a LocationRows,
    now: DateTime<Utc>,
    pub(crate) changes: LocationChanges,
    pools: BTreeMap<AssetKey, Pool>,
    due: BTreeMap<JobKind, DateTime<Utc>>,
}

impl<'a> DecisionBuilder<'a> {
    pub(crate) fn open(rows: &'a LocationRows, now: DateTime<Utc>) -> Self {
        let (pools, due) = (BTreeMap::new(), BTreeMap::new());
        Self { rows, now, changes: LocationChanges::default(), pools, due }
    }

    pub(crate) fn seat(&self, key: &SeatKey) -> Option<&Seat> {
        match self.changes.seats.get(key) {
            Some(SeatChange::Put(seat)) => Some(seat),
            Some(SeatChange::Forget) => None,
            None => self.rows.seats.get(key),
        }
    }

    pub(crate) fn pool(&self, asset: &AssetKey) -> Option<&Pool> {
        self.pools.get(asset).or_else(|| self.rows.pools.get(asset))
    }

    /// Lets something happen to a seat, decides about it, and notes what comes next. Nothing for one that is not
    /// there.
    pub(crate) fn happen(&mut self, key: &SeatKey, event: &SeatEvent) {
        let Some(before) = self.seat(key).cloned() else { return };
        match apply(&before, event, self.now) {
            Applied::Unchanged => {}
            Applied::Forgotten => self.put(key, Some(&before), None),
            Applied::Changed { seat } => self.settle(Some(&before), &seat),
        }
    }

    /// Begins a seat, decides about it, and notes what comes next.
    pub(crate) fn begin(&mut self, seat: &Seat) {
        self.settle(None, seat);
    }

    /// Decides about a seat although nothing happened to it: because its user or the time may let it go on.
    pub(crate) fn look_again(&mut self, key: &SeatKey) {
        if let Some(seat) = self.seat(key).cloned() {
            self.settle(Some(&seat), &seat);
        }
    }

    fn settle(&mut self, before: Option<&Seat>, seat: &Seat) {
        let decision = decide_next_action(seat, self.gate(&seat.key.holder), self.now);
        self.follow(seat, decision.next);
        let key = seat.key.clone();
        let after = decision.applied.or_unchanged(seat);
        if before != after.as_ref() {
            self.put(&key, before, after);
        }
    }

    /// Changes a seat, and what its pool counts.
    fn put(&mut self, key: &SeatKey, before: Option<&Seat>, after: Option<Seat>) {
        if let Some(pool) = self.pool(&key.asset) {
            let counted = counted(pool, before, after.as_ref());
            let came_back = counted.occupied < pool.occupied;
            let confirmed = counted.unconfirmed < pool.unconfirmed && counted.is_held_back_by_counts();
            if counted != *pool {
                self.pools.insert(key.asset.clone(), counted);
            }
            if came_back || confirmed {
                self.enqueue(JobKind::FillWaitlist { location: key.location.clone() }, self.now);
            }
        }
        let change = after.map_or(SeatChange::Forget, SeatChange::Put);
        self.changes.seats.insert(key.clone(), change);
    }

    /// Whether the holder of a seat can be given a license now.
    pub(crate) fn gate(&self, holder: &Holder) -> Gate {
        match holder {
            Holder::Device { .. } => Gate::Open,
            Holder::User { client_user_id } => self.user(client_user_id).map_or(Gate::NotYet, VppUser::gate),
        }
    }

    pub(crate) fn user(&self, client_user_id: &ClientUserId) -> Option<&VppUser> {
        let changed = self.changes.users.iter().rfind(|member| member.client_user_id == *client_user_id);
        changed.or_else(|| self.rows.users.get(client_user_id))
    }

    fn is_to_be_read(&self, holder: &Holder) -> bool {
        match holder {
            Holder::Device { .. } => false,
            Holder::User { client_user_id } => self.user(client_user_id).is_none_or(VppUser::is_to_be_read),
        }
    }

    /// Enqueues the job that does what comes next.
    fn follow(&mut self, seat: &Seat, next: Option<NextAction>) {
        let location = || seat.key.location.clone();
        match next {
            None | Some(NextAction::AwaitAnswer | NextAction::GivenUp) => {}
            // Apple does not know the user yet: they are read again when Apple notifies of them, or with the next sync.
            Some(NextAction::AwaitUser) if !self.is_to_be_read(&seat.key.holder) => {}
            Some(NextAction::Send) => {
                self.enqueue(JobKind::SendRequests { location: location() }, lingering(self.now))
            }
            Some(NextAction::ReadDelta) => {
                let at = lingering(seat.readable_at(self.now));
                self.enqueue(JobKind::ReadDelta { location: location() }, at);
            }
            Some(NextAction::ReadBack) => {
                self.enqueue(JobKind::ReadBack { location: location() }, seat.readable_at(self.now))
            }
            Some(NextAction::AwaitFence) => {
                let until = seat.fence.map_or(self.now, |fence| fence.until);
                self.enqueue(JobKind::ReleaseFences { location: location() }, until);
            }
            // A read has to begin after what touched the user.
            Some(NextAction::AwaitUser) => {
                let at = self.now.checked_add_signed(TimeDelta::milliseconds(1)).unwrap_or(self.now);
                self.enqueue(JobKind::RefreshUsers { location: location() }, at);
            }
        }
    }

    /// Something becomes due; of two times the earlier one counts.
    pub(crate) fn enqueue(&mut self, kind: JobKind, at: DateTime<Utc>) {
        let earliest = self.due.entry(kind).or_insert(at);
        *earliest = at.min(*earliest);
    }

    pub(crate) fn close(self) -> Decision {
        Decision {
            location: self.changes,
            pools: self.pools.into_values().collect(),
            jobs: self.due.into_iter().map(|(kind, at)| Job::at(kind, whole_microseconds(at))).collect(),
            ..Decision::default()
        }
    }
}

/// A pool after one of its seats changed.
fn counted(pool: &Pool, before: Option<&Seat>, after: Option<&Seat>) -> Pool {
    let mut counted = pool.clone();
    let occupied = |seat: Option<&Seat>| seat.is_some_and(Seat::is_occupied);
    match (occupied(before), occupied(after)) {
        (false, true) => counted.occupied = counted.occupied.saturating_add(1),
        (true, false) => {
            counted.occupied = counted.occupied.saturating_sub(1);
            counted.returned = counted.returned.saturating_add(1);
        }
        _ => {}
    }
    match (is_unconfirmed(before), is_unconfirmed(after)) {
        (false, true) => {
            counted.unconfirmed = counted.unconfirmed.saturating_add(1);
            counted.uncounted = counted.uncounted.saturating_add(1);
        }
        (true, false) => {
            counted.unconfirmed = counted.unconfirmed.saturating_sub(1);
            // What Apple lists by now may still be missing in the counts; what was never given is not.
            if !occupied(after) {
                counted.uncounted = counted.uncounted.saturating_sub(1);
            }
        }
        _ => {}
    }
    counted
}

/// Whether a license was given out, or may have been, that Apple does not list.
fn is_unconfirmed(seat: Option<&Seat>) -> bool {
    seat.is_some_and(|seat| seat.is_occupied() && seat.observed != Observed::Assigned)
}

/// A time as stores keep when something is due, rounded up: what is due must not be looked at before its time has come.
pub(crate) fn whole_microseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    let whole = at.trunc_subsecs(6);
    let rounded =
        if whole == at { at } else { whole.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(at) };
    rounded.max(at)
}

fn lingering(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::seconds(LINGER_SECONDS)).unwrap_or(at)
}
