//! What a store may do wrong with seats, talks and leases.

use std::sync::Arc;

use chrono::{DurationRound, TimeDelta};
use mdm_vpp_core::{
    id::{LocationId, SerialNumber, TenantId},
    location::{LocationChanges, LocationRows, SeatChange},
    seats::{Epoch, Holder, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{
    Decide, Declined, Lease, LeaseHolder, LoadScope, LocationScope, Seats, Store, StoreError, VppUsers,
};

use crate::talk_twin::TalkTwin;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mistake {
    None,
    LoadsAllSeats,
    IgnoresTheLimitOfSeats,
    LeavesOutSeatsOfRequests,
    ForgetsFences,
    ForgetsTries,
    TakesUsersForDevices,
    NeverForgetsSeats,
    CutsTouchesOff,
    ForgetsOpenRequests,
    LeavesOutMembersOfSeats,
    ForgetsOccupied,
    ForgetsTheWalk,
    KeepsOldPages,
    SortsWaitingByKey,
    ShowsOtherTenants,
    HidesRefusals,
    SavesTheTalkFirst,
    SavesHalfOfATalk,
    GrantsEveryLease,
    RepeatsEpochs,
    NeverEndsLeases,
    IgnoresLeases,
    LeasesToAnybody,
    ForgetsBeyondTenThousand,
}

struct Given(Result<Decision, Declined>);

impl Decide for Given {
    fn decide(&self, _: &Loaded) -> Result<Decision, Declined> {
        self.0.clone()
    }
}

impl TalkTwin {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn spoilt_scope(&self, scope: &LoadScope) -> LoadScope {
        let mut scope = scope.clone();
        if let Some(LocationScope { lease, seats, users: members, .. }) = &mut scope.location {
            match (self.mistake, &mut *seats) {
                (Mistake::LoadsAllSeats, _) => *seats = Seats::After(None, usize::MAX),
                (Mistake::LeavesOutSeatsOfRequests, Seats::OfRequests) => *seats = Seats::None,
                (
                    Mistake::IgnoresTheLimitOfSeats,
                    Seats::WithNextAction(_, limit) | Seats::After(_, limit),
                ) => {
                    *limit = usize::MAX;
                }
                (Mistake::IgnoresLeases, _) => *lease = None,
                (Mistake::LeavesOutMembersOfSeats, _) if *members == VppUsers::OfSeats => {
                    *members = VppUsers::None;
                }
                _ => {}
            }
        }
        scope
    }

    fn spoilt_rows(&self, rows: &mut LocationRows) {
        for seat in rows.seats.values_mut() {
            match self.mistake {
                Mistake::ForgetsFences => seat.fence = None,
                Mistake::ForgetsTries => seat.tries = 0,
                _ => {}
            }
        }
        match self.mistake {
            Mistake::ForgetsOpenRequests => rows.requests.truncate(1),
            Mistake::ForgetsOccupied => rows.pools.values_mut().for_each(|pool| pool.occupied = 0),
            Mistake::ForgetsTheWalk => rows.state.full_read = None,
            Mistake::SortsWaitingByKey => rows.waitlist.sort_by(|a, b| a.seat.cmp(&b.seat)),
            _ => {}
        }
    }

    fn spoilt_changes(&self, talk: &mut LocationChanges) {
        match self.mistake {
            Mistake::KeepsOldPages => talk.forget_full_read_pages = false,
            Mistake::NeverForgetsSeats => talk.seats.retain(|_, change| *change != SeatChange::Forget),
            Mistake::ForgetsBeyondTenThousand => {
                talk.seats = std::mem::take(&mut talk.seats).into_iter().take(10_000).collect();
            }
            _ => {}
        }
        let seats = std::mem::take(&mut talk.seats);
        talk.seats = seats.into_iter().map(|(key, change)| self.spoilt_seat(key, change)).collect();
    }

    fn spoilt_seat(&self, mut key: SeatKey, mut change: SeatChange) -> (SeatKey, SeatChange) {
        if let (Mistake::TakesUsersForDevices, Holder::User { client_user_id }) = (self.mistake, &key.holder)
            && let Ok(serial_number) = SerialNumber::new(client_user_id.as_str())
        {
            key.holder = Holder::Device { serial_number };
            if let SeatChange::Put(seat) = &mut change {
                seat.key = key.clone();
            }
        }
        if let (Mistake::CutsTouchesOff, SeatChange::Put(seat)) = (self.mistake, &mut change) {
            seat.touched_at = seat.touched_at.duration_trunc(TimeDelta::microseconds(1)).unwrap();
        }
        (key, change)
    }

    pub(crate) async fn loads(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        let mut loaded = self.inner.load(tenant, &self.spoilt_scope(scope)).await?;
        if loaded.location.is_none() && self.makes(Mistake::ShowsOtherTenants) {
            for tenant in ["acme", "globex"] {
                let other = self.inner.load(&TenantId::new(tenant).unwrap(), scope).await?;
                loaded.location = loaded.location.or(other.location);
            }
        }
        loaded.location.iter_mut().for_each(|rows| self.spoilt_rows(rows));
        Ok(loaded)
    }

    pub(crate) async fn takes_turn(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let decision = decide.decide(&self.loads(tenant, scope).await?);
        let decision = decision.map(|mut decision| {
            self.spoilt_changes(&mut decision.location);
            decision
        });
        let scope = self.spoilt_scope(scope);
        if let (Mistake::SavesTheTalkFirst, Ok(decision), Some(talk)) =
            (self.mistake, &decision, &scope.location)
            && !decision.tokens.is_empty()
        {
            return Err(StoreError::UnknownToken { location: talk.location.clone() });
        }
        let saved = self.inner.transact(tenant, &scope, Arc::new(Given(decision.clone()))).await;
        match (saved, decision) {
            (Err(error), Ok(decision)) if self.makes(Mistake::SavesHalfOfATalk) => {
                let talk = LocationChanges { state: decision.location.state, ..LocationChanges::default() };
                let half = Decision { location: talk, ..Decision::default() };
                self.inner.transact(tenant, &scope, Arc::new(Given(Ok(half)))).await.ok();
                Err(error)
            }
            (Err(_), _) if self.makes(Mistake::HidesRefusals) => Ok(()),
            (saved, _) => saved,
        }
    }

    pub(crate) async fn leases(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let somebody = LeaseHolder("somebody".to_owned());
        let talker = if self.makes(Mistake::GrantsEveryLease) { &somebody } else { talker };
        let lease = match self.inner.lease(tenant, location, talker, period).await {
            Err(StoreError::UnknownToken { .. }) if self.makes(Mistake::LeasesToAnybody) => None,
            lease => lease?,
        };
        let epoch = |lease: Lease| {
            let epoch = if self.makes(Mistake::RepeatsEpochs) { Epoch(1) } else { lease.epoch };
            Lease { epoch, ..lease }
        };
        Ok(lease.map(epoch))
    }

    pub(crate) async fn ends_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        if self.makes(Mistake::NeverEndsLeases) { Ok(()) } else { self.inner.end_lease(tenant, lease).await }
    }
}
