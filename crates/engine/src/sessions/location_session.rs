//! The session of a location: the one place in all processes from which calls to Apple about it leave.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    decide::assignments::decide_orphans,
    id::{LocationId, TenantId},
    location::LocationRows,
    plan::Call,
    seats::Epoch,
    token::{ContentToken, TokenOperation},
    transaction::{Decision, Job, JobKind},
};
use mdm_vpp_ports::{
    AssignmentService, Lease, LocationScope, Requests, ServiceError, ServiceLimits, StoreError,
};

use super::{
    Entered, HELD_ELSEWHERE_SECONDS, LEASE_SECONDS, SessionError, Sessions,
    pace::{permit, permit_read, stop},
};
use crate::context::{Context, one_token, requests_scope};

/// A lease with fewer seconds left is renewed before the next call: it has to outlast the longest call, with some
/// seconds for the transactions around it.
const RENEWED_BELOW_SECONDS: i64 = 80;
/// The longest that the port lets a call take (60 seconds), and some.
const LONGEST_CALL_SECONDS: i64 = 65;
/// After this many seconds a location is tried again that another task of this process is in. Our choice.
const HELD_HERE_SECONDS: i64 = 1;

/// The right to call Apple about a location now, with what calls need: lease, pace, secret and limits.
pub(crate) struct LocationSession<'p> {
    sessions: &'p Sessions,
    tenant: &'p TenantId,
    lease: Lease,
    /// When the lease was asked for, UTC, by this process's clock. The lease was granted later, so it lasts at least as
    /// long from here, whatever the store's clock says.
    leased_at: DateTime<Utc>,
    service: Arc<dyn AssignmentService>,
    secret: ContentToken,
    generation: u32,
    limits: ServiceLimits,
    running: RunningJob,
    _entered: Entered<'p>,
}

/// How taking the session of a location ended.
pub(crate) enum Acquire<'p> {
    /// This process has it.
    Acquired(Box<LocationSession<'p>>),
    /// Another process or task has it, or this process has no service for assignments.
    HeldElsewhere {
        /// After how many seconds it is worth trying again.
        seconds: i64,
    },
    /// The token's status forbids the operation.
    Forbidden,
    /// The location has no token any more.
    Gone,
}

/// Takes the session of a location for a job, and cleans up after an earlier session.
pub(crate) async fn acquire<'p>(
    sessions: &'p Sessions,
    tenant: &'p TenantId,
    location: &LocationId,
    kind: &JobKind,
) -> Result<Acquire<'p>, SessionError> {
    let context = sessions.context();
    let operation = match kind {
        JobKind::SendRequests { .. } | JobKind::Subscribe { .. } => TokenOperation::Write,
        _ => TokenOperation::Sync,
    };
    let Some(service) = context.assignments().cloned() else {
        return Ok(Acquire::HeldElsewhere { seconds: LEASE_SECONDS });
    };
    let loaded = context.store().load(tenant, &one_token(location)).await?;
    let Some(token) = loaded.token(location) else { return Ok(Acquire::Gone) };
    if !token.status(context.now()).allows(operation) {
        return Ok(Acquire::Forbidden);
    }
    let Some(entered) = sessions.enter(location) else {
        return Ok(Acquire::HeldElsewhere { seconds: HELD_HERE_SECONDS });
    };
    let limits = service.limits().await?;
    let leased_at = context.now();
    let Some(lease) = sessions.hold(tenant, location, limits.pace).await? else {
        return Ok(Acquire::HeldElsewhere { seconds: HELD_ELSEWHERE_SECONDS });
    };
    clean_up(sessions, tenant, &lease).await?;
    // After the lease: a secret that was renewed by the process before us is read as it is now.
    let stored = context.store().content_token(tenant, location).await?;
    Ok(Acquire::Acquired(Box::new(LocationSession {
        sessions,
        tenant,
        lease,
        leased_at,
        service,
        secret: stored.content_token,
        generation: stored.generation,
        limits,
        running: RunningJob { kind: kind.clone(), requeue_at: Arc::default() },
        _entered: entered,
    })))
}

/// Takes requests as lost that were written and not heard of: by a session of an earlier lease, which was over when ours
/// began, or by a session of this lease that broke off, because no other task is in the location now.
async fn clean_up(sessions: &Sessions, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
    if !sessions.needs_clean_up(lease) {
        return Ok(());
    }
    // Requests of this epoch are among them, so they are compared with the next one.
    let (next, now) = (Epoch(lease.epoch.0.saturating_add(1)), sessions.context().now());
    let scope = requests_scope(lease, Requests::Open);
    let decide = move |rows: &LocationRows| decide_orphans(rows, next, now, now);
    sessions.context().save_location(tenant, scope, decide).await?;
    // Only after the save: a failed one is tried again by the next session.
    sessions.answer_saved(lease);
    Ok(())
}

impl<'p> LocationSession<'p> {
    pub(crate) const fn sessions(&self) -> &'p Sessions {
        self.sessions
    }

    pub(crate) const fn context(&self) -> &'p Context {
        self.sessions.context()
    }

    pub(crate) const fn tenant(&self) -> &'p TenantId {
        self.tenant
    }

    pub(crate) const fn lease(&self) -> &Lease {
        &self.lease
    }

    pub(crate) const fn location(&self) -> &LocationId {
        &self.lease.location
    }

    pub(crate) const fn limits(&self) -> &ServiceLimits {
        &self.limits
    }

    pub(crate) const fn service(&self) -> &Arc<dyn AssignmentService> {
        &self.service
    }

    pub(crate) const fn secret(&self) -> &ContentToken {
        &self.secret
    }

    /// Which secret of the token the session has.
    pub(crate) const fn generation(&self) -> u32 {
        self.generation
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.context().now()
    }

    /// A scope with the location's own row and nothing else, without the lease: for loading, which needs none.
    pub(crate) fn scope(&self) -> LocationScope {
        LocationScope::of(self.location().clone())
    }

    /// Loads rows of the location as of one moment; `None` when it has no token any more.
    pub(crate) async fn load(&self, scope: LocationScope) -> Result<Option<LocationRows>, StoreError> {
        self.context().load_location(self.tenant, scope).await
    }

    /// Saves a decision that cannot be refused.
    pub(crate) async fn save(
        &self,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        self.decide(scope, move |rows| (decide(rows), ())).await
    }

    /// Saves a decision that cannot be refused, and answers what it answered.
    pub(crate) async fn decide<A: Send + Default + 'static>(
        &self,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> (Decision, A) + Send + Sync + 'static,
    ) -> Result<A, StoreError> {
        let running = self.running.clone();
        let decide = move |rows: &LocationRows| {
            let (decision, answer) = decide(rows);
            (running.keep_back(decision), answer)
        };
        self.context().decide_location(self.tenant, scope, decide).await
    }

    /// When the running job runs again by its own decisions, UTC.
    pub(crate) fn requeue_at(&self) -> Option<DateTime<Utc>> {
        *self.running.requeue_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a reading call at the pace of the location.
    pub(crate) async fn read<T>(
        &self,
        call: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, SessionError> {
        let under_way = permit_read(self.sessions, &self.lease, self.limits.pace).await?;
        let answer = call.await;
        drop(under_way);
        answer.map_err(|error| self.heed(error).into())
    }

    /// Waits until a writing call may leave.
    pub(crate) async fn permit_write(&self) -> Result<(), SessionError> {
        Ok(permit(self.sessions, &self.lease, self.limits.pace, Call::Write).await?)
    }

    /// Lets no call leave for as long as Apple asked to wait, if it did, and hands the error on.
    pub(crate) fn heed(&self, error: ServiceError) -> ServiceError {
        stop(self.sessions, &self.lease, self.limits.pace, Some(&error));
        error
    }

    /// Whether the lease is about to end.
    pub(crate) fn needs_renewal(&self) -> bool {
        self.seconds_left() < RENEWED_BELOW_SECONDS
    }

    /// Renews the lease when it is about to end.
    pub(crate) async fn renew_lease(&mut self) -> Result<(), StoreError> {
        if !self.needs_renewal() {
            return Ok(());
        }
        let asked_at = self.now();
        match self.sessions.hold(self.tenant, &self.lease.location, self.limits.pace).await? {
            Some(lease) if lease.epoch == self.lease.epoch => {
                (self.lease, self.leased_at) = (lease, asked_at);
                Ok(())
            }
            // A greater epoch means that the lease was over for a while: another process may have had it in between.
            _ => Err(StoreError::LeaseLost { location: self.location().clone() }),
        }
    }

    /// Refuses a writing call that the lease might not outlast: another session could begin while it is under way, and
    /// would read the location before Apple has carried it out.
    pub(crate) fn expect_to_outlast_a_call(&self) -> Result<(), StoreError> {
        if self.seconds_left() >= LONGEST_CALL_SECONDS {
            return Ok(());
        }
        Err(StoreError::LeaseLost { location: self.location().clone() })
    }

    /// How many seconds the lease lasts at least, by this process's clock. A clock that was set back says nothing, so
    /// nothing is left then.
    fn seconds_left(&self) -> i64 {
        let age = self.now().signed_duration_since(self.leased_at).num_seconds();
        if age < 0 { 0 } else { LEASE_SECONDS.saturating_sub(age) }
    }

    /// Enqueues a job about the location.
    pub(crate) async fn enqueue(
        &self,
        kind: impl FnOnce(LocationId) -> JobKind,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let job = Job::at(kind(self.location().clone()), at);
        self.context().store().enqueue(self.tenant, &[job]).await
    }
}

/// The job that a session carries out, and when it runs again by its own decisions.
///
/// The row of a running job stays until the job ends, so that a process that dies leaves it. A decision that enqueued
/// the same kind for later would meet that row, which keeps the earlier time, and the job would run again at once. So
/// what a decision enqueues of the running kind is kept back here until the row is replaced.
#[derive(Clone)]
struct RunningJob {
    kind: JobKind,
    requeue_at: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl RunningJob {
    fn keep_back(&self, mut decision: Decision) -> Decision {
        let of_this_kind = |job: &&Job| job.kind == self.kind;
        if let Some(at) = decision.jobs.iter().filter(of_this_kind).map(|job| job.at).min() {
            decision.jobs.retain(|job| job.kind != self.kind);
            let mut requeue_at = self.requeue_at.lock().unwrap_or_else(PoisonError::into_inner);
            *requeue_at = Some(requeue_at.map_or(at, |earlier| earlier.min(at)));
        }
        decision
    }
}
