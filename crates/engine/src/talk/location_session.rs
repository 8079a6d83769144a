//! The session of a location: the one process that may call Apple about it now.

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
    calls::{ELSEWHERE_SECONDS, SessionError, session_error},
    pace::later,
    running_job::RunningJob,
    scopes,
};
use crate::{transact::one_token, vpp::Context};

/// How long a lease is.
const LEASE_SECONDS: i64 = 120;
/// A lease with less than this left is renewed before the next call: a call may take as long as the port allows, and the
/// lease has to outlast it.
const RENEWED_BELOW_SECONDS: i64 = 80;
/// As long as the port lets a call take, and some.
const LONGEST_CALL_SECONDS: i64 = 65;

/// Who this process is to the store, and what it knows of its own talks.
pub(crate) struct Sessions {
    id: LeaseHolder,
    /// The epoch in which a location was cleaned up last.
    cleaned: Mutex<BTreeMap<LocationId, Epoch>>,
    /// The locations about which somebody talks in this process now.
    active: Mutex<BTreeSet<LocationId>>,
    /// The locations with a request that was written and of which nothing was heard or saved yet.
    unanswered: Mutex<BTreeSet<LocationId>>,
    /// The lease of each location that this process talked about last, with its tenant and its pace.
    held: Mutex<BTreeMap<LocationId, HeldLease>>,
    /// When something was made due last that may end as it did before, and of which generation the token was.
    hourly: Mutex<BTreeMap<JobKind, (u32, DateTime<Utc>)>>,
}

#[derive(Clone)]
struct HeldLease {
    tenant: TenantId,
    lease: Lease,
    pace: PaceLimits,
}

/// The lease and the pace with which this process talks about a location; `None` when it never did.
pub(super) fn pace_of(state: &Sessions, location: &LocationId) -> Option<(Lease, PaceLimits)> {
    locked(&state.held).get(location).map(|held| (held.lease.clone(), held.pace))
}

/// The right to talk about a location, with what is needed for it.
pub(crate) struct LocationSession<'p> {
    pub(super) parts: &'p Context,
    pub(super) tenant: &'p TenantId,
    pub(super) lease: Lease,
    /// When the lease was asked for, UTC, by this process's clock: it is no older, whatever the store's clock says.
    leased_at: DateTime<Utc>,
    pub(super) service: Arc<dyn AssignmentService>,
    pub(super) secret: ContentToken,
    pub(super) generation: u32,
    pub(super) limits: ServiceLimits,
    pub(super) carried: RunningJob,
    _entered: Entered<'p>,
}

/// Nobody else in this process talks about the location meanwhile.
pub(crate) struct Entered<'p> {
    state: &'p Sessions,
    location: LocationId,
}

/// Whether this process may talk now.
pub(crate) enum Acquire<'p> {
    /// It may.
    Acquired(Box<LocationSession<'p>>),
    /// Somebody else talks, or this process has no service to talk to.
    HeldElsewhere {
        /// After so many seconds it is worth looking again.
        seconds: i64,
    },
    /// The token's status forbids it.
    Forbidden,
    /// Its token was deleted.
    Gone,
}

impl Sessions {
    /// A new session for every start of a process.
    pub(crate) fn new() -> Self {
        let id = getrandom::u64().unwrap_or_default();
        let id = LeaseHolder(format!("{id:016x}-{}", std::process::id()));
        Self {
            id,
            cleaned: Mutex::default(),
            active: Mutex::default(),
            unanswered: Mutex::default(),
            held: Mutex::default(),
            hourly: Mutex::default(),
        }
    }

    /// Takes the transaction of a location in this process, if nobody has it.
    pub(crate) fn enter(&self, location: &LocationId) -> Option<Entered<'_>> {
        let free = locked(&self.active).insert(location.clone());
        free.then(|| Entered { state: self, location: location.clone() })
    }

    /// A request is about to be written. Until it was heard of, whoever talks next has to look for it.
    pub(super) fn request_written(&self, location: &LocationId) {
        locked(&self.unanswered).insert(location.clone());
    }

    /// What became of the request is saved.
    pub(super) fn answer_saved(&self, location: &LocationId) {
        locked(&self.unanswered).remove(location);
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

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        locked(&self.state.active).remove(&self.location);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Context {
    /// Takes the lease of a location, and cleans up after an earlier session.
    pub(super) async fn acquire<'p>(
        &'p self,
        tenant: &'p TenantId,
        location: &LocationId,
        kind: &JobKind,
    ) -> Result<Acquire<'p>, SessionError> {
        let operation = match kind {
            JobKind::SendRequests { .. } | JobKind::Subscribe { .. } => TokenOperation::Write,
            _ => TokenOperation::Sync,
        };
        let Some(service) = self.assignments.clone() else {
            return Ok(Acquire::HeldElsewhere { seconds: LEASE_SECONDS });
        };
        let loaded = self.store.load(tenant, &one_token(location)).await?;
        let Some(token) = loaded.token(location) else { return Ok(Acquire::Gone) };
        if !token.status(self.clock.now()).allows(operation) {
            return Ok(Acquire::Forbidden);
        }
        let Some(turn) = self.sessions.enter(location) else {
            return Ok(Acquire::HeldElsewhere { seconds: 1 });
        };
        let limits = service.limits().await.map_err(session_error)?;
        let leased_at = self.clock.now();
        let Some(lease) = self.hold(tenant, location, limits.pace).await? else {
            return Ok(Acquire::HeldElsewhere { seconds: ELSEWHERE_SECONDS });
        };
        self.clean_up(tenant, &lease).await?;
        let stored = self.store.content_token(tenant, location).await?;
        Ok(Acquire::Acquired(Box::new(LocationSession {
            parts: self,
            tenant,
            lease,
            leased_at,
            service,
            secret: stored.content_token,
            generation: stored.generation,
            limits,
            carried: RunningJob::new(kind.clone()),
            _entered: turn,
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
            let held = HeldLease { tenant: tenant.clone(), lease: lease.clone(), pace };
            locked(&self.sessions.held).insert(location.clone(), held);
        }
        Ok(lease)
    }

    /// Gives back the leases of all locations about which nobody talks in this process now.
    pub(crate) async fn give_back_leases(&self) -> Result<(), StoreError> {
        let locations: Vec<LocationId> = locked(&self.sessions.held).keys().cloned().collect();
        for location in locations {
            // Nobody begins to talk meanwhile.
            let Some(_turn) = self.sessions.enter(&location) else { continue };
            let held = locked(&self.sessions.held).remove(&location);
            if let Some(held) = held {
                self.store.end_lease(&held.tenant, &held.lease).await?;
            }
        }
        Ok(())
    }

    /// Leases a location, or renews the lease; `None` while another process has it.
    async fn lease(&self, tenant: &TenantId, location: &LocationId) -> Result<Option<Lease>, StoreError> {
        self.store.lease(tenant, location, &self.sessions.id, TimeDelta::seconds(LEASE_SECONDS)).await
    }

    /// What was written and not heard of is lost: by a session of an earlier lease, which was over when ours began, or in
    /// this process by a talk that broke off, for nobody else talks here now.
    async fn clean_up(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        let location = &lease.location;
        let cleaned = locked(&self.sessions.cleaned).get(location) == Some(&lease.epoch);
        if cleaned && !locked(&self.sessions.unanswered).contains(location) {
            return Ok(());
        }
        let scope = scopes::requests_scope(lease, Requests::Open, Seats::OfRequests);
        let (next, now) = (Epoch(lease.epoch.0.saturating_add(1)), self.clock.now());
        self.save_location(tenant, scope, move |rows| decide_orphans(rows, next, now, now)).await?;
        self.sessions.answer_saved(location);
        locked(&self.sessions.cleaned).insert(location.clone(), lease.epoch);
        Ok(())
    }
}

impl LocationSession<'_> {
    pub(super) const fn location(&self) -> &LocationId {
        &self.lease.location
    }

    /// Whether the lease is about to end.
    pub(super) fn needs_renewal(&self) -> bool {
        self.seconds_left() < RENEWED_BELOW_SECONDS
    }

    /// Renews the lease when it is about to end.
    pub(super) async fn renew_lease(&mut self) -> Result<(), StoreError> {
        if !self.needs_renewal() {
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
