//! The suite finds what a store does wrong with a location's assignments and leases: each mistake below makes it fail.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, SerialNumber, TenantId},
    location::{LocationChanges, LocationRows, SeatChange},
    seats::{Epoch, Holder, SeatKey},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    Decide, Declined, Lease, LeaseHolder, LoadScope, LocationScope, Receipt, ReceivedNotification, Seats,
    Store, StoreError, StoredContentToken, TenantJob, VppUsers, conformance::store::checks,
};
use mdm_vpp_store::memory::MemoryStore;

use crate::fixture::ring;

fn with(mistake: Mistake) -> Arc<dyn Store> {
    Arc::new(SpoiltStore { inner: MemoryStore::new(ring()), mistake })
}

macro_rules! finds {
    ($($test:ident: $mistake:ident, $check:ident;)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                assert_eq!(checks::$check(with(Mistake::None)).await, Ok(()));
                assert!(checks::$check(with(Mistake::$mistake)).await.is_err());
            }
        )+
    };
}

finds! {
    a_store_that_loads_all_seats: LoadsAllSeats, a_scope_loads_exactly_the_seats_it_names;
    a_store_without_limits_for_pages_of_seats: IgnoresTheLimitOfSeats, seats_come_in_pages_by_key;
    a_store_without_limits_for_a_next_action: IgnoresTheLimitOfSeats, seats_with_a_next_action_come_by_their_last_touch;
    a_store_that_leaves_out_seats_of_requests: LeavesOutSeatsOfRequests, seats_come_with_their_requests;
    a_store_that_forgets_fences: ForgetsFences, a_seat_comes_back_as_it_was_saved;
    a_store_that_forgets_tries: ForgetsTries, a_seat_comes_back_as_it_was_saved;
    a_store_that_takes_users_for_devices: TakesUsersForDevices, holders_are_told_apart;
    a_store_that_never_forgets_seats: NeverForgetsSeats, a_forgotten_seat_is_gone;
    a_store_that_cuts_touches_off: CutsTouchesOff, a_touch_is_never_read_back_as_an_earlier_one;
    a_store_that_forgets_open_requests: ForgetsOpenRequests, requests_come_back_alone_and_while_they_are_open;
    a_store_that_leaves_out_members: LeavesOutUsersOfSeats, users_come_back_as_they_are_asked_for;
    a_store_that_forgets_how_many_seats_a_pool_has: ForgetsOccupied, pools_come_with_the_seats_that_were_counted;
    a_store_that_forgets_the_full_read: ForgetsTheFullRead, the_state_of_a_location_comes_back;
    a_store_that_keeps_old_pages: KeepsOldPages, the_pages_of_a_full_read_are_kept_until_they_are_forgotten;
    a_store_that_sorts_the_waitlist_by_key: SortsTheWaitlistByKey, the_longest_wait_comes_first;
    a_store_that_shows_locations_of_other_tenants: ShowsOtherTenants, locations_do_not_meet;
    a_store_that_hides_what_is_misplaced: HidesRefusals, changes_of_a_location_need_their_place;
    a_store_that_saves_a_location_before_its_token: SavesTheLocationFirst, a_location_can_begin_with_its_token;
    a_store_that_saves_half_of_a_location: SavesHalfOfALocation, a_refused_transaction_saves_nothing_of_a_location;
    a_store_that_grants_every_lease: GrantsEveryLease, one_holder_has_a_lease_and_renews_it;
    a_store_that_repeats_epochs: RepeatsEpochs, a_lease_that_is_over_is_taken_with_a_greater_epoch;
    a_store_that_never_ends_leases: NeverEndsLeases, a_lease_can_be_given_back;
    a_store_that_ignores_leases: IgnoresLeases, a_transaction_with_a_lost_lease_saves_nothing;
    a_store_that_leases_to_any_tenant: LeasesToAnyTenant, only_an_own_location_can_be_leased;
    a_store_that_forgets_beyond_ten_thousand: ForgetsBeyondTenThousand, twenty_thousand_seats_are_one_transaction;
}

/// A memory store that makes one mistake; all else is as it should be.
pub(crate) struct SpoiltStore {
    pub(crate) inner: MemoryStore,
    pub(crate) mistake: Mistake,
}

#[async_trait]
impl Store for SpoiltStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.saves(tenant, scope, decide).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        self.loads(tenant, scope).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.leases(tenant, location, holder, period).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.ends_lease(tenant, lease).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.inner.content_token(tenant, location).await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.inner.enqueue(tenant, due).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.inner.record_notification(notification).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.inner.due_jobs(now, limit).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.inner.jobs_of_location(tenant, location).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.inner.next_due().await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.inner.audit_since(tenant, after, limit).await
    }
}

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
    LeavesOutUsersOfSeats,
    ForgetsOccupied,
    ForgetsTheFullRead,
    KeepsOldPages,
    SortsTheWaitlistByKey,
    ShowsOtherTenants,
    HidesRefusals,
    SavesTheLocationFirst,
    SavesHalfOfALocation,
    GrantsEveryLease,
    RepeatsEpochs,
    NeverEndsLeases,
    IgnoresLeases,
    LeasesToAnyTenant,
    ForgetsBeyondTenThousand,
}

struct Given(Result<Decision, Declined>);

impl Decide for Given {
    fn decide(&self, _: &Loaded) -> Result<Decision, Declined> {
        self.0.clone()
    }
}

impl SpoiltStore {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn spoilt_scope(&self, scope: &LoadScope) -> LoadScope {
        let mut scope = scope.clone();
        if let Some(LocationScope { lease, seats, users, .. }) = &mut scope.location {
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
                (Mistake::LeavesOutUsersOfSeats, _) if *users == VppUsers::OfSeats => {
                    *users = VppUsers::None;
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
            Mistake::ForgetsTheFullRead => rows.state.full_read = None,
            Mistake::SortsTheWaitlistByKey => rows.waitlist.sort_by(|a, b| a.seat.cmp(&b.seat)),
            _ => {}
        }
    }

    fn spoilt_changes(&self, changes: &mut LocationChanges) {
        match self.mistake {
            Mistake::KeepsOldPages => changes.forget_full_read_pages = false,
            Mistake::NeverForgetsSeats => changes.seats.retain(|_, change| *change != SeatChange::Forget),
            Mistake::ForgetsBeyondTenThousand => {
                changes.seats = std::mem::take(&mut changes.seats).into_iter().take(10_000).collect();
            }
            _ => {}
        }
        let seats = std::mem::take(&mut changes.seats);
        changes.seats = seats.into_iter().map(|(key, change)| self.spoilt_seat(key, change)).collect();
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

    pub(crate) async fn saves(
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
        if let (Mistake::SavesTheLocationFirst, Ok(decision), Some(location)) =
            (self.mistake, &decision, &scope.location)
            && !decision.tokens.is_empty()
        {
            return Err(StoreError::UnknownToken { location: location.location.clone() });
        }
        let saved = self.inner.transact(tenant, &scope, Arc::new(Given(decision.clone()))).await;
        match (saved, decision) {
            (Err(error), Ok(decision)) if self.makes(Mistake::SavesHalfOfALocation) => {
                let location =
                    LocationChanges { state: decision.location.state, ..LocationChanges::default() };
                let half = Decision { location, ..Decision::default() };
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
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let same = LeaseHolder("the same holder".to_owned());
        let holder = if self.makes(Mistake::GrantsEveryLease) { &same } else { holder };
        let lease = match self.inner.lease(tenant, location, holder, period).await {
            Err(StoreError::UnknownToken { .. }) if self.makes(Mistake::LeasesToAnyTenant) => None,
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
