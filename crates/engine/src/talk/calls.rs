//! Calls of a session: at the pace of the location, and with what becomes of what is due when they fail.

use std::future::Future;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ReadOnlyReason,
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::{ServiceError, StoreError};

use super::{
    location_session::{Acquire, LocationSession},
    pace::{Stopped, later},
};
use crate::{
    calls::rejects_token,
    vpp::Context,
    work_failure::{Failure, call_failure},
};

/// Another process talks about the location: its work is looked at again after this.
pub(crate) const ELSEWHERE_SECONDS: i64 = 10;

/// Why a talk broke off.
pub(crate) enum SessionError {
    Store(StoreError),
    Service(Box<ServiceError>),
    /// Apple asked to leave the location alone.
    Stopped(DateTime<Utc>),
    /// Something that a person has to know, and when it is tried again.
    Hitch(Box<(Failure, Job)>),
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Stopped> for SessionError {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped.until)
    }
}

pub(super) fn session_error(error: ServiceError) -> SessionError {
    SessionError::Service(Box::new(error))
}

/// What is left of something that was due.
pub(crate) enum JobOutcome {
    /// Nothing.
    Done,
    /// It is due again.
    Requeue(Job),
}

impl LocationSession<'_> {
    /// Calls Apple to read.
    pub(super) async fn read<T>(
        &self,
        call: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, SessionError> {
        let under_way = self.parts.permit_read(&self.lease, self.limits.pace).await?;
        let answer = call.await;
        drop(under_way);
        answer.map_err(|error| session_error(self.heeding(error)))
    }

    /// Leaves the location alone for as long as Apple asked.
    pub(super) fn heeding(&self, error: ServiceError) -> ServiceError {
        if let Some(wait) = error.retry_after() {
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
            self.parts.stop(&self.lease, self.limits.pace, wait);
        }
        error
    }
}

fn no_assignments() -> Failure {
    let trouble = "licenses are wished and nothing can be sent: give the library a service with \
                   `VppBuilder::assignments`, here or in another process of this store";
    Failure { code: "no_assignments", number: None, message: trouble.to_owned() }
}

impl Context {
    /// Leaves everything about a location to whoever talks about it.
    pub(crate) fn suppress(&self, tenant: &TenantId, location: &LocationId, seconds: i64) {
        let until = later(self.clock.now(), TimeDelta::seconds(seconds));
        self.suppressed.location(tenant, location, until);
    }

    /// Carries out something that is due as the session of a location.
    pub(crate) async fn run_job(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
    ) -> Result<Option<Failure>, StoreError> {
        let mut generation = None;
        let left = match self.acquire(tenant, location, &due.kind).await {
            Ok(Acquire::Acquired(mut talker)) => {
                generation = Some(talker.generation);
                talker.carry_out(due).await
            }
            Ok(Acquire::HeldElsewhere { seconds }) => {
                self.suppress(tenant, location, seconds);
                return Ok(self.assignments.is_none().then(no_assignments));
            }
            Ok(Acquire::Forbidden) => {
                let failure = CallFailure { number: None, message: String::new(), retry_after: None };
                let again = due.after_failure(&failure, self.clock.now());
                return self.reschedule(tenant, due, again).await.map(|()| None);
            }
            Ok(Acquire::Gone) => return self.complete(tenant, due).await.map(|()| None),
            Err(error) => Err(error),
        };
        let now = self.clock.now();
        let renewed = match (&left, generation) {
            (Err(SessionError::Service(error)), Some(generation)) if rejects_token(error) => {
                // Another process may have renewed the token meanwhile: one refusal is not believed.
                self.store.content_token(tenant, location).await?.generation != generation
            }
            _ => false,
        };
        match left {
            Ok(JobOutcome::Done) => self.complete(tenant, due).await.map(|()| None),
            Ok(JobOutcome::Requeue(again)) => self.reschedule(tenant, due, again).await.map(|()| None),
            Err(SessionError::Store(StoreError::LeaseLost { .. })) => {
                self.suppress(tenant, location, ELSEWHERE_SECONDS);
                Ok(None)
            }
            Err(SessionError::Store(error)) => Err(error),
            Err(SessionError::Stopped(until)) => {
                let again = Job {
                    at: until.max(later(now, TimeDelta::seconds(1))),
                    ..due.rescheduled_in(now, TimeDelta::zero())
                };
                self.reschedule(tenant, due, again).await.map(|()| None)
            }
            Err(SessionError::Hitch(hitch)) => {
                let (went_wrong, again) = *hitch;
                self.reschedule(tenant, due, again).await?;
                Ok(Some(went_wrong))
            }
            Err(SessionError::Service(_)) if renewed => {
                let again = due.rescheduled_in(now, TimeDelta::seconds(1));
                self.reschedule(tenant, due, again).await.map(|()| None)
            }
            Err(SessionError::Service(error)) => {
                let number = error.number();
                if rejects_token(&error) || number.and_then(ReadOnlyReason::of).is_some() {
                    // A sync looks again, and says what is wrong with the token.
                    // A sync that finds nothing wrong lets the talk go on at once, which may be refused again.
                    let sync = JobKind::SyncAssets { location: location.clone() };
                    let at = self.sessions.hourly(&sync, generation.unwrap_or_default(), now);
                    let sync = Job::at(sync, at);
                    self.store.enqueue(tenant, &[sync]).await?;
                }
                let again = due.after_failure(&call_failure(&error), now);
                self.reschedule(tenant, due, again).await?;
                Ok(Some(Failure::service(&error)))
            }
        }
    }
}

impl LocationSession<'_> {
    async fn carry_out(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let left = self.reconcile(due).await?;
        let Some(at) = self.carried.again_at() else { return Ok(left) };
        Ok(JobOutcome::Requeue(match left {
            JobOutcome::Done => Job { at, tries: 0, ..due.clone() },
            JobOutcome::Requeue(again) => Job { at: again.at.min(at), ..again },
        }))
    }

    async fn reconcile(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        match due.kind {
            JobKind::SendRequests { .. } => self.send_requests(due).await,
            JobKind::PollEvents { .. } => self.poll_events(due).await,
            JobKind::ReadDelta { .. } => self.read_delta(due).await,
            JobKind::ReadBack { .. } => self.read_back(due).await,
            JobKind::ReadAssignments { .. } => self.read_assignments(due).await,
            JobKind::ReleaseFences { .. } => self.release_fences(due).await,
            JobKind::RefreshUsers { .. } => self.refresh_users(due).await,
            JobKind::FillWaitlist { .. } => self.fill_waitlist().await,
            JobKind::Subscribe { .. } => self.subscribe(due).await,
            _ => Ok(JobOutcome::Done),
        }
    }
}
