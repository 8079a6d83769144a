//! Calls of a talker: at the pace of the location, and with what becomes of what is due when they fail.

use std::future::Future;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ReadOnlyReason,
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::{ServiceError, StoreError};

use super::{
    pace::{Stopped, later},
    talker::{Taking, Talker},
};
use crate::{
    calls::rejects_token,
    outcome::{Failure, call_failure},
    vpp::Parts,
};

/// Another process talks about the location: its work is looked at again after this.
pub(crate) const ELSEWHERE_SECONDS: i64 = 10;

/// Why a talk broke off.
pub(crate) enum TalkError {
    Store(StoreError),
    Service(Box<ServiceError>),
    /// Apple asked to leave the location alone.
    Stopped(DateTime<Utc>),
    /// Something that a person has to know, and when it is tried again.
    Hitch(Box<(Failure, Job)>),
}

impl From<StoreError> for TalkError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Stopped> for TalkError {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped.until)
    }
}

pub(super) fn talk_error(error: ServiceError) -> TalkError {
    TalkError::Service(Box::new(error))
}

/// What is left of something that was due.
pub(crate) enum Left {
    /// Nothing.
    Nothing,
    /// It is due again.
    Again(Job),
}

impl Talker<'_> {
    /// Calls Apple to read.
    pub(super) async fn read<T>(
        &self,
        call: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, TalkError> {
        let under_way = self.parts.permit_read(&self.lease, self.limits.pace).await?;
        let answer = call.await;
        drop(under_way);
        answer.map_err(|error| talk_error(self.heeding(error)))
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

impl Parts {
    /// Leaves everything about a location to whoever talks about it.
    pub(crate) fn leave_alone(&self, tenant: &TenantId, location: &LocationId, seconds: i64) {
        let until = later(self.clock.now(), TimeDelta::seconds(seconds));
        self.left_alone.location(tenant, location, until);
    }

    /// Carries out something that is due as the talker of a location.
    pub(crate) async fn talk(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
    ) -> Result<Option<Failure>, StoreError> {
        let mut generation = None;
        let left = match self.take(tenant, location, &due.kind).await {
            Ok(Taking::Talker(mut talker)) => {
                generation = Some(talker.generation);
                talker.carry_out(due).await
            }
            Ok(Taking::Elsewhere { seconds }) => {
                self.leave_alone(tenant, location, seconds);
                return Ok(self.assignments.is_none().then(no_assignments));
            }
            Ok(Taking::Forbidden) => {
                let failure = CallFailure { number: None, message: String::new(), retry_after: None };
                let again = due.after_failure(&failure, self.clock.now());
                return self.reschedule(tenant, due, again).await.map(|()| None);
            }
            Ok(Taking::Gone) => return self.complete(tenant, due).await.map(|()| None),
            Err(error) => Err(error),
        };
        let now = self.clock.now();
        let renewed = match (&left, generation) {
            (Err(TalkError::Service(error)), Some(generation)) if rejects_token(error) => {
                // Another process may have renewed the token meanwhile: one refusal is not believed.
                self.store.content_token(tenant, location).await?.generation != generation
            }
            _ => false,
        };
        match left {
            Ok(Left::Nothing) => self.complete(tenant, due).await.map(|()| None),
            Ok(Left::Again(again)) => self.reschedule(tenant, due, again).await.map(|()| None),
            Err(TalkError::Store(StoreError::LeaseLost { .. })) => {
                self.leave_alone(tenant, location, ELSEWHERE_SECONDS);
                Ok(None)
            }
            Err(TalkError::Store(error)) => Err(error),
            Err(TalkError::Stopped(until)) => {
                let again = Job {
                    at: until.max(later(now, TimeDelta::seconds(1))),
                    ..due.rescheduled_in(now, TimeDelta::zero())
                };
                self.reschedule(tenant, due, again).await.map(|()| None)
            }
            Err(TalkError::Hitch(hitch)) => {
                let (went_wrong, again) = *hitch;
                self.reschedule(tenant, due, again).await?;
                Ok(Some(went_wrong))
            }
            Err(TalkError::Service(_)) if renewed => {
                let again = due.rescheduled_in(now, TimeDelta::seconds(1));
                self.reschedule(tenant, due, again).await.map(|()| None)
            }
            Err(TalkError::Service(error)) => {
                let number = error.number();
                if rejects_token(&error) || number.and_then(ReadOnlyReason::of).is_some() {
                    // A sync looks again, and says what is wrong with the token.
                    // A sync that finds nothing wrong lets the talk go on at once, which may be refused again.
                    let sync = JobKind::SyncAssets { location: location.clone() };
                    let at = self.talker.hourly(&sync, generation.unwrap_or_default(), now);
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

impl Talker<'_> {
    async fn carry_out(&mut self, due: &Job) -> Result<Left, TalkError> {
        let left = self.do_what_is_due(due).await?;
        let Some(at) = self.carried.again_at() else { return Ok(left) };
        Ok(Left::Again(match left {
            Left::Nothing => Job { at, tries: 0, ..due.clone() },
            Left::Again(again) => Job { at: again.at.min(at), ..again },
        }))
    }

    async fn do_what_is_due(&mut self, due: &Job) -> Result<Left, TalkError> {
        match due.kind {
            JobKind::SendRequests { .. } => self.send(due).await,
            JobKind::PollEvents { .. } => self.ask(due).await,
            JobKind::ReadDelta { .. } => self.confirm(due).await,
            JobKind::ReadBack { .. } => self.look(due).await,
            JobKind::ReadAssignments { .. } => self.walk(due).await,
            JobKind::ReleaseFences { .. } => self.unfence(due).await,
            JobKind::RefreshUsers { .. } => self.refresh_users(due).await,
            JobKind::FillWaitlist { .. } => self.serve().await,
            JobKind::Subscribe { .. } => self.subscribe(due).await,
            _ => Ok(Left::Nothing),
        }
    }
}
