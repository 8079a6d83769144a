//! The right to call Apple about a location: who holds it, at which pace calls leave, and what this process keeps of a
//! location between two calls.

mod error;
mod location_entry;
mod location_session;
mod pace;
mod pages;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    plan::{Pace, PaceLimits},
    seats::Epoch,
    transaction::JobKind,
};
use mdm_vpp_ports::{Lease, LeaseHolder, StoreError};

pub(crate) use error::{JobOutcome, SessionError};
use location_entry::{HeldLease, LocationEntry};
pub(crate) use location_entry::{LONGEST_SUPPRESSION_MINUTES, is_suppression};
pub(crate) use location_session::{Acquire, LocationSession, acquire};
pub(crate) use pace::{paced, pay_for_pages, permit_read, stop};
pub(crate) use pages::{MOST_PAGES, is_out_of_range, next_page, too_many_pages};

use crate::context::{Context, later};

/// How long a lease is granted for, in seconds. Our choice: a process that dies keeps others from a location for this
/// time, and a session renews it before each call that it might not outlast.
const LEASE_SECONDS: i64 = 120;

/// After this many seconds a location is tried again that another process holds. Our choice.
pub(crate) const HELD_ELSEWHERE_SECONDS: i64 = 10;

/// The sessions of this process: who it is to the store, and what it keeps of each location.
pub(crate) struct Sessions {
    context: Context,
    holder: LeaseHolder,
    /// All process-local state of a location, in one place and behind one lock. An entry goes when nothing in it is
    /// worth keeping: when the location is left, when its lease was given back, and whenever the worker counts the
    /// suppressed ones. So a process that sees a million locations in its life keeps only those it works on now.
    locations: Mutex<BTreeMap<LocationId, LocationEntry>>,
}

/// The only task of this process that works on a location, until it is dropped.
pub(crate) struct Entered<'p> {
    sessions: &'p Sessions,
    location: LocationId,
}

impl Sessions {
    /// A new holder of leases for every start of a process: the store takes two starts for two processes, because what
    /// the first one sent and never heard of has to be looked for.
    pub(crate) fn new(context: Context) -> Self {
        let id = getrandom::u64().unwrap_or_default();
        let holder = LeaseHolder(format!("{id:016x}-{}", std::process::id()));
        Self { context, holder, locations: Mutex::default() }
    }

    pub(crate) const fn context(&self) -> &Context {
        &self.context
    }

    /// Enters a location; `None` while another task of this process is in it.
    pub(crate) fn enter(&self, location: &LocationId) -> Option<Entered<'_>> {
        let free = self.with(location, LocationEntry::enter);
        free.then(|| Entered { sessions: self, location: location.clone() })
    }

    /// Enters a location and leases it, for a job that makes its calls without a session; `None` while another task or
    /// another process has it. Without a service for assignments no session ever runs, so there is nothing to lease.
    pub(crate) async fn enter_leased(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Option<Entered<'_>>, StoreError> {
        let Some(entered) = self.enter(location) else { return Ok(None) };
        if let Some(service) = self.context.assignments() {
            let limits = service.limits().await.unwrap_or_default();
            if self.hold(tenant, location, limits.pace).await?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(entered))
    }

    /// Leases a location, or renews its lease, and keeps with which pace; `None` while another process has it.
    async fn hold(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        pace: PaceLimits,
    ) -> Result<Option<Lease>, StoreError> {
        let lease = self.lease(tenant, location).await?;
        if let Some(lease) = &lease {
            let held = HeldLease { tenant: tenant.clone(), lease: lease.clone(), pace };
            let now = self.context.now();
            self.with(location, |entry| entry.hold(held, now));
        }
        Ok(lease)
    }

    async fn lease(&self, tenant: &TenantId, location: &LocationId) -> Result<Option<Lease>, StoreError> {
        let period = TimeDelta::seconds(LEASE_SECONDS);
        self.context.store().lease(tenant, location, &self.holder, period).await
    }

    /// Gives back the leases of all locations that no task of this process is in, so that another process need not wait
    /// for their end.
    pub(crate) async fn give_back_leases(&self) -> Result<(), StoreError> {
        let held: Vec<LocationId> = {
            let entries = self.entries();
            let held = entries.iter().filter(|(_, entry)| entry.held().is_some());
            held.map(|(location, _)| location.clone()).collect()
        };
        for location in held {
            // Being in it keeps other tasks from beginning a session with the lease that ends here.
            let Some(_entered) = self.enter(&location) else { continue };
            let Some(held) = self.with(&location, LocationEntry::take_held) else { continue };
            self.context.store().end_lease(&held.tenant, &held.lease).await?;
            self.with(&location, LocationEntry::lease_ended);
        }
        Ok(())
    }

    /// The lease and the pace with which this process works on a location; `None` when it holds none.
    fn held(&self, location: &LocationId) -> Option<(Lease, PaceLimits)> {
        let entries = self.entries();
        let held = entries.get(location)?.held()?;
        Some((held.lease.clone(), held.pace))
    }

    /// Whether an earlier session of the location may have left a request of which nothing was heard.
    fn needs_clean_up(&self, lease: &Lease) -> bool {
        self.with(&lease.location, |entry| !entry.is_clean(lease.epoch))
    }

    /// A request is about to be written. Until its answer is saved, the next session has to look for it.
    pub(crate) fn request_written(&self, lease: &Lease) {
        self.with(&lease.location, LocationEntry::request_written);
    }

    /// No request is left of which nothing was heard.
    pub(crate) fn answer_saved(&self, lease: &Lease) {
        self.with(&lease.location, |entry| entry.answer_saved(lease.epoch));
    }

    /// When a job shall run that may end as it did before: at once, and then once an hour; at once again when the token
    /// has another generation. `kind` is about a location.
    pub(crate) fn at_most_hourly(
        &self,
        kind: &JobKind,
        generation: u32,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        kind.location()
            .map_or(now, |location| self.with(location, |entry| entry.at_most_hourly(kind, generation, now)))
    }

    /// Leaves the jobs of a location alone for some seconds, without touching their rows.
    pub(crate) fn suppress(&self, tenant: &TenantId, location: &LocationId, seconds: i64) {
        let until = later(self.context.now(), TimeDelta::seconds(seconds));
        self.with(location, |entry| entry.suppress(tenant.clone(), until));
    }

    /// Until when the jobs of a location are left alone; `None` when they are not.
    pub(crate) fn suppressed_until(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        self.entries().get(location)?.suppressed_until(tenant, now)
    }

    /// How many locations are suppressed. Entries that hold nothing worth keeping go meanwhile: the count has to look
    /// at each entry anyway.
    pub(crate) fn count_suppressed(&self, now: DateTime<Utc>) -> usize {
        let mut entries = self.entries();
        entries.retain(|_, entry| entry.is_worth_keeping(now));
        entries.values().filter(|entry| entry.is_suppressed(now)).count()
    }

    /// Does something with the pace of a lease; each lease begins with an empty bucket.
    fn with_pace<T>(
        &self,
        lease: &Lease,
        limits: PaceLimits,
        now: DateTime<Utc>,
        act: impl FnOnce(&mut Pace) -> T,
    ) -> T {
        self.with(&lease.location, |entry| act(entry.pace(lease.epoch, limits, now)))
    }

    fn read_ended(&self, location: &LocationId, epoch: Epoch) {
        if let Some(entry) = self.entries().get_mut(location) {
            entry.read_ended(epoch);
        }
    }

    fn with<T>(&self, location: &LocationId, act: impl FnOnce(&mut LocationEntry) -> T) -> T {
        act(self.entries().entry(location.clone()).or_default())
    }

    /// Never held across an `await`.
    fn entries(&self) -> MutexGuard<'_, BTreeMap<LocationId, LocationEntry>> {
        self.locations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let now = self.sessions.context.now();
        if let Entry::Occupied(mut entry) = self.sessions.entries().entry(self.location.clone()) {
            entry.get_mut().leave();
            if !entry.get().is_worth_keeping(now) {
                entry.remove();
            }
        }
    }
}
