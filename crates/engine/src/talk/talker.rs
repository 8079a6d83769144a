//! The talker of a location: the one process that may call Apple about it now.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    decide::assignments::decide_orphans,
    id::{LocationId, TenantId},
    plan::PaceLimits,
    seats::Epoch,
    token::{ContentToken, TokenOperation},
    transaction::JobKind,
};
use mdm_vpp_ports::{AssignmentService, Lease, LeaseHolder, Requests, Seats, ServiceLimits, StoreError};

use super::{
    calls::{ELSEWHERE_SECONDS, TalkError, talk_error},
    pace::later,
    saving::Carried,
    scopes,
};
use crate::{transact::one_token, vpp::Parts};

/// How long a lease is.
const LEASE_SECONDS: i64 = 120;
/// A lease with less than this left is renewed before the next call: a call may take as long as the port allows, and the
/// lease has to outlast it.
const RENEWED_BELOW_SECONDS: i64 = 80;
/// As long as the port lets a call take, and some.
const LONGEST_CALL_SECONDS: i64 = 65;

/// Who this process is to the store, and what it knows of its own talks.
pub(crate) struct TalkerState {
    id: LeaseHolder,
    /// The epoch in which a location was cleaned up last.
    cleaned: Mutex<BTreeMap<LocationId, Epoch>>,
    /// The locations about which somebody talks in this process now.
    talking: Mutex<BTreeSet<LocationId>>,
    /// The locations with a request that was written and of which nothing was heard or saved yet.
    unheard: Mutex<BTreeSet<LocationId>>,
    /// The lease of each location that this process talked about last, with its tenant and its pace.
    held: Mutex<BTreeMap<LocationId, Held>>,
    /// When something was made due last that may end as it did before, and of which generation the token was.
    hourly: Mutex<BTreeMap<JobKind, (u32, DateTime<Utc>)>>,
}

#[derive(Clone)]
struct Held {
    tenant: TenantId,
    lease: Lease,
    pace: PaceLimits,
}

/// The lease and the pace with which this process talks about a location; `None` when it never did.
pub(super) fn pace_of(state: &TalkerState, location: &LocationId) -> Option<(Lease, PaceLimits)> {
    locked(&state.held).get(location).map(|held| (held.lease.clone(), held.pace))
}

/// The right to talk about a location, with what is needed for it.
pub(crate) struct Talker<'p> {
    pub(super) parts: &'p Parts,
    pub(super) tenant: &'p TenantId,
    pub(super) lease: Lease,
    /// When the lease was asked for, UTC, by this process's clock: it is no older, whatever the store's clock says.
    leased_at: DateTime<Utc>,
    pub(super) service: Arc<dyn AssignmentService>,
    pub(super) secret: ContentToken,
    pub(super) generation: u32,
    pub(super) limits: ServiceLimits,
    pub(super) carried: Carried,
    _turn: Turn<'p>,
}

/// Nobody else in this process talks about the location meanwhile.
pub(crate) struct Turn<'p> {
    state: &'p TalkerState,
    location: LocationId,
}

/// Whether this process may talk now.
pub(crate) enum Taking<'p> {
    /// It may.
    Talker(Box<Talker<'p>>),
    /// Somebody else talks, or this process has no service to talk to.
    Elsewhere {
        /// After so many seconds it is worth looking again.
        seconds: i64,
    },
    /// The token's status forbids it.
    Forbidden,
    /// Its token was deleted.
    Gone,
}

impl TalkerState {
    /// A new talker for every start of a process.
    pub(crate) fn new() -> Self {
        let id = getrandom::u64().unwrap_or_default();
        let id = LeaseHolder(format!("{id:016x}-{}", std::process::id()));
        Self {
            id,
            cleaned: Mutex::default(),
            talking: Mutex::default(),
            unheard: Mutex::default(),
            held: Mutex::default(),
            hourly: Mutex::default(),
        }
    }

    /// Takes the transaction of a location in this process, if nobody has it.
    pub(crate) fn turn(&self, location: &LocationId) -> Option<Turn<'_>> {
        let free = locked(&self.talking).insert(location.clone());
        free.then(|| Turn { state: self, location: location.clone() })
    }

    /// A request is about to be written. Until it was heard of, whoever talks next has to look for it.
    pub(super) fn writes(&self, location: &LocationId) {
        locked(&self.unheard).insert(location.clone());
    }

    /// What became of the request is saved.
    pub(super) fn heard(&self, location: &LocationId) {
        locked(&self.unheard).remove(location);
    }

    /// When something shall be done that may end as it did before: at once, and then once an hour. With another generation
    /// of the token at once again.
    pub(super) fn hourly(&self, kind: &JobKind, generation: u32, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = TimeDelta::hours(1);
        let mut hourly = locked(&self.hourly);
        let last = hourly.get(kind).filter(|(of, _)| *of == generation).map(|(_, at)| *at);
        let at = match last {
            Some(last) if last > now && last <= later(now, hour) => last,
            Some(last) if last <= now && now < later(last, hour) => later(last, hour),
            _ => now,
        };
        hourly.insert(kind.clone(), (generation, at));
        at
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        locked(&self.state.talking).remove(&self.location);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Parts {
    /// Takes the lease of a location, and cleans up after an earlier talker.
    pub(super) async fn take<'p>(
        &'p self,
        tenant: &'p TenantId,
        location: &LocationId,
        kind: &JobKind,
    ) -> Result<Taking<'p>, TalkError> {
        let operation = match kind {
            JobKind::SendRequests { .. } | JobKind::Subscribe { .. } => TokenOperation::Write,
            _ => TokenOperation::Sync,
        };
        let Some(service) = self.assignments.clone() else {
            return Ok(Taking::Elsewhere { seconds: LEASE_SECONDS });
        };
        let loaded = self.store.load(tenant, &one_token(location)).await?;
        let Some(token) = loaded.token(location) else { return Ok(Taking::Gone) };
        if !token.status(self.clock.now()).allows(operation) {
            return Ok(Taking::Forbidden);
        }
        let Some(turn) = self.talker.turn(location) else { return Ok(Taking::Elsewhere { seconds: 1 }) };
        let limits = service.limits().await.map_err(talk_error)?;
        let leased_at = self.clock.now();
        let Some(lease) = self.hold(tenant, location, limits.pace).await? else {
            return Ok(Taking::Elsewhere { seconds: ELSEWHERE_SECONDS });
        };
        self.clean_up(tenant, &lease).await?;
        let stored = self.store.content_token(tenant, location).await?;
        Ok(Taking::Talker(Box::new(Talker {
            parts: self,
            tenant,
            lease,
            leased_at,
            service,
            secret: stored.content_token,
            generation: stored.generation,
            limits,
            carried: Carried::new(kind.clone()),
            _turn: turn,
        })))
    }

    /// Leases a location and keeps with which pace; `None` while another process has it.
    pub(super) async fn hold(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        pace: PaceLimits,
    ) -> Result<Option<Lease>, StoreError> {
        let lease = self.lease(tenant, location).await?;
        if let Some(lease) = &lease {
            let held = Held { tenant: tenant.clone(), lease: lease.clone(), pace };
            locked(&self.talker.held).insert(location.clone(), held);
        }
        Ok(lease)
    }

    /// Gives back the leases of all locations about which nobody talks in this process now.
    pub(crate) async fn give_back_leases(&self) -> Result<(), StoreError> {
        let locations: Vec<LocationId> = locked(&self.talker.held).keys().cloned().collect();
        for location in locations {
            // Nobody begins to talk meanwhile.
            let Some(_turn) = self.talker.turn(&location) else { continue };
            let held = locked(&self.talker.held).remove(&location);
            if let Some(held) = held {
                self.store.end_lease(&held.tenant, &held.lease).await?;
            }
        }
        Ok(())
    }

    /// Leases a location, or renews the lease; `None` while another process has it.
    async fn lease(&self, tenant: &TenantId, location: &LocationId) -> Result<Option<Lease>, StoreError> {
        self.store.lease(tenant, location, &self.talker.id, TimeDelta::seconds(LEASE_SECONDS)).await
    }

    /// What was written and not heard of is lost: by a talker of an earlier lease, which was over when ours began, or in
    /// this process by a talk that broke off, for nobody else talks here now.
    async fn clean_up(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        let location = &lease.location;
        let cleaned = locked(&self.talker.cleaned).get(location) == Some(&lease.epoch);
        if cleaned && !locked(&self.talker.unheard).contains(location) {
            return Ok(());
        }
        let scope = scopes::heard(lease, Requests::Open, Seats::OfRequests);
        let (next, now) = (Epoch(lease.epoch.0.saturating_add(1)), self.clock.now());
        self.save_talk(tenant, scope, move |rows| decide_orphans(rows, next, now, now)).await?;
        self.talker.heard(location);
        locked(&self.talker.cleaned).insert(location.clone(), lease.epoch);
        Ok(())
    }
}

impl Talker<'_> {
    pub(super) const fn location(&self) -> &LocationId {
        &self.lease.location
    }

    /// Whether the lease is about to end.
    pub(super) fn has_to_stay(&self) -> bool {
        self.seconds_left() < RENEWED_BELOW_SECONDS
    }

    /// Renews the lease when it is about to end.
    pub(super) async fn stay(&mut self) -> Result<(), StoreError> {
        if !self.has_to_stay() {
            return Ok(());
        }
        let asked_at = self.parts.clock.now();
        match self.parts.lease(self.tenant, self.location()).await? {
            Some(lease) if lease.epoch == self.lease.epoch => {
                (self.lease, self.leased_at) = (lease, asked_at);
                Ok(())
            }
            _ => Err(StoreError::LeaseLost { location: self.location().clone() }),
        }
    }

    /// Whether the lease outlasts a call that leaves now.
    pub(super) fn outlasts_a_call(&self) -> bool {
        self.seconds_left() >= LONGEST_CALL_SECONDS
    }

    /// How long the lease lasts at least, in seconds, by this process's clock. A clock that was set back says nothing.
    fn seconds_left(&self) -> i64 {
        let age = self.parts.clock.now().signed_duration_since(self.leased_at).num_seconds();
        if age < 0 { 0 } else { LEASE_SECONDS.saturating_sub(age) }
    }
}
