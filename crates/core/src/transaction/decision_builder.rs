//! The rows of a location while a decision changes them: what was changed is seen by what comes after it.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::{
    catalog::{AssetKey, Pool},
    id::{ClientUserId, LocationId},
    location::{LocationChanges, LocationRows, LocationState, SeatChange, WaitlistChange, WaitlistEntry},
    seats::{
        Applied, Gate, Holder, NextAction, Observed, Request, RequestNumber, Seat, SeatEvent, SeatKey,
        VppUser, apply, decide_next_action,
    },
    transaction::{Decision, Job, JobKind},
};

/// How long seats that are to be sent wait for others that may share their request, in seconds. Our choice: long enough
/// for the devices of one act to come together, too short for a person to notice.
pub const LINGER_SECONDS: i64 = 2;

/// Builds a decision about one location: it applies events to seats, keeps what their pools count, and enqueues the
/// jobs that do what comes next.
pub(crate) struct DecisionBuilder<'a> {
    rows: &'a LocationRows,
    now: DateTime<Utc>,
    changes: LocationChanges,
    pools: BTreeMap<AssetKey, Pool>,
    jobs: BTreeMap<JobKind, DateTime<Utc>>,
}

impl<'a> DecisionBuilder<'a> {
    pub(crate) fn new(rows: &'a LocationRows, now: DateTime<Utc>) -> Self {
        let (pools, jobs) = (BTreeMap::new(), BTreeMap::new());
        Self { rows, now, changes: LocationChanges::default(), pools, jobs }
    }

    pub(crate) const fn location(&self) -> &LocationId {
        &self.rows.state.location
    }

    /// A seat as it is by now.
    pub(crate) fn seat(&self, key: &SeatKey) -> Option<&Seat> {
        match self.changes.seats.get(key) {
            Some(SeatChange::Put(seat)) => Some(seat),
            Some(SeatChange::Forget) => None,
            None => self.rows.seats.get(key),
        }
    }

    /// A pool as it is by now.
    pub(crate) fn pool(&self, asset: &AssetKey) -> Option<&Pool> {
        self.pools.get(asset).or_else(|| self.rows.pools.get(asset))
    }

    /// A user as they are by now.
    pub(crate) fn user(&self, client_user_id: &ClientUserId) -> Option<&VppUser> {
        // The last change counts: one decision may change a user twice.
        let changed = self.changes.users.iter().rfind(|user| user.client_user_id == *client_user_id);
        changed.or_else(|| self.rows.users.get(client_user_id))
    }

    pub(crate) fn has_changed_seats(&self) -> bool {
        !self.changes.seats.is_empty()
    }

    /// Applies an event to a seat, decides about it, and enqueues what comes next. Does nothing when the seat is not
    /// there.
    pub(crate) fn apply_event(&mut self, key: &SeatKey, event: &SeatEvent) {
        let Some(before) = self.seat(key).cloned() else { return };
        match apply(&before, event, self.now) {
            Applied::Unchanged => {}
            Applied::Forgotten => self.put(key, Some(&before), None),
            Applied::Changed { seat } => self.decide(Some(&before), &seat),
        }
    }

    /// Begins a seat, decides about it, and enqueues what comes next.
    pub(crate) fn begin(&mut self, seat: &Seat) {
        self.decide(None, seat);
    }

    /// Decides about a seat to which nothing happened: its user or the time may let it go on.
    pub(crate) fn reconsider(&mut self, key: &SeatKey) {
        if let Some(seat) = self.seat(key).cloned() {
            self.decide(Some(&seat), &seat);
        }
    }

    /// Enqueues a job; of two times the earlier one counts.
    pub(crate) fn enqueue(&mut self, kind: JobKind, at: DateTime<Utc>) {
        let earliest = self.jobs.entry(kind).or_insert(at);
        *earliest = at.min(*earliest);
    }

    pub(crate) fn put_state(&mut self, state: LocationState) {
        self.changes.state = Some(state);
    }

    pub(crate) fn put_user(&mut self, user: VppUser) {
        self.changes.users.push(user);
    }

    pub(crate) fn put_request(&mut self, request: Request) {
        self.changes.requests.push(request);
    }

    /// Forgets requests before a number that await no answer.
    pub(crate) const fn forget_requests_before(&mut self, first: Option<RequestNumber>) {
        self.changes.forget_requests_before = first;
    }

    pub(crate) fn add_to_waitlist(&mut self, seat: &SeatKey) {
        let entry = WaitlistEntry { seat: seat.clone(), since: self.now };
        self.changes.waitlist.insert(seat.clone(), WaitlistChange::Add(entry));
    }

    pub(crate) fn remove_from_waitlist(&mut self, seat: &SeatKey) {
        self.changes.waitlist.insert(seat.clone(), WaitlistChange::Remove);
    }

    /// What was decided.
    pub(crate) fn finish(self) -> Decision {
        Decision {
            location: self.changes,
            pools: self.pools.into_values().collect(),
            jobs: self.jobs.into_iter().map(|(kind, at)| Job::at(kind, whole_microseconds(at))).collect(),
            ..Decision::default()
        }
    }

    fn decide(&mut self, before: Option<&Seat>, seat: &Seat) {
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
            // Apple lists one more license, so it may be in the counts by now; counts that are read again may show one
            // more that is free.
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
    fn gate(&self, holder: &Holder) -> Gate {
        match holder {
            Holder::Device { .. } => Gate::Open,
            Holder::User { client_user_id } => self.user(client_user_id).map_or(Gate::NotYet, VppUser::gate),
        }
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
                self.enqueue(JobKind::SendRequests { location: location() }, lingering(self.now));
            }
            // Other requests end at about the same time: one delta read confirms them all.
            Some(NextAction::ReadDelta) => {
                let at = lingering(seat.readable_at(self.now));
                self.enqueue(JobKind::ReadDelta { location: location() }, at);
                // A delta for another license may have listed this one while its first request was lost, and no later
                // delta lists it again. So the seat is also read back when its fence passes.
                if let Some(fence) = seat.fence {
                    self.enqueue(JobKind::ReleaseFences { location: location() }, fence.until);
                }
            }
            Some(NextAction::ReadBack) => {
                self.enqueue(JobKind::ReadBack { location: location() }, seat.readable_at(self.now));
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

/// A job's time as stores keep it, in whole microseconds. Rounded up, because a job that ran before its time, for
/// example before a fence has passed, would find nothing to do.
pub(crate) fn whole_microseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    let whole = at.trunc_subsecs(6);
    let rounded =
        if whole == at { at } else { whole.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(at) };
    rounded.max(at)
}

fn lingering(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::seconds(LINGER_SECONDS)).unwrap_or(at)
}
