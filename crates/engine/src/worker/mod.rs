//! The worker: takes the jobs that are due, one after the other, runs each and finishes it.

mod dispatch;
mod requeue;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use serde::Serialize;

use crate::{
    context::{Context, Failure, WorkFailure, later},
    sessions::{LONGEST_SUPPRESSION_MINUTES, Sessions, is_suppression},
};
use dispatch::{Requester, run_job};

/// When nothing is due for longer than this, in seconds, the leases are given back, so that another process need not wait
/// for their end. Our choice.
const LEASES_KEPT_SECONDS: i64 = 10;

/// Jobs that one location can have, and some: each kind once.
const JOBS_OF_A_LOCATION: usize = 16;

/// How much may be done in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkLimit {
    /// At most this many jobs.
    pub subjects: usize,
    /// No job is begun after this time. One job may take as long as Apple takes to answer.
    pub time: TimeDelta,
}

impl Default for WorkLimit {
    /// 1,000 jobs, one minute.
    fn default() -> Self {
        Self { subjects: 1_000, time: TimeDelta::minutes(1) }
    }
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Worked {
    /// How many jobs were run.
    pub done: usize,
    /// The jobs that failed. They run again later.
    pub failures: Vec<WorkFailure>,
    /// When to call again at the latest, UTC; `None` when no job is left at all.
    pub next_due: Option<DateTime<Utc>>,
}

/// Runs jobs. All of an engine's state hangs from here.
pub(crate) struct Worker {
    sessions: Sessions,
    /// Jobs that are left alone until a time because the store did not take the outcome. Their rows stay as they are.
    suppressed: Mutex<BTreeMap<(TenantId, JobKind), DateTime<Utc>>>,
}

impl Worker {
    pub(crate) const fn new(sessions: Sessions) -> Self {
        Self { sessions, suppressed: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) const fn context(&self) -> &Context {
        self.sessions.context()
    }

    /// Runs the jobs that are due, the oldest first, over all tenants, up to a limit.
    pub(crate) async fn work(&self, limit: WorkLimit) -> Result<Worked, StoreError> {
        let (mut worked, began) = (Worked::default(), self.context().now());
        // Suppressed jobs are still due. They are asked for on top of the limit, so that they do not hide others.
        let rows = limit.subjects.saturating_add(self.suppressed_at_most(began));
        for TenantJob { tenant, job } in self.context().store().due_jobs(began, rows).await? {
            if worked.done == limit.subjects || !self.time_left(began, &limit) {
                break;
            }
            if self.suppressed_until(&tenant, &job.kind, self.context().now()).is_some() {
                continue;
            }
            worked.done += 1;
            worked.failures.extend(run_job(self, &tenant, &job, Requester::Schedule).await);
        }
        worked.next_due = self.next_due().await?;
        let soon = later(self.context().now(), TimeDelta::seconds(LEASES_KEPT_SECONDS));
        if worked.next_due.is_none_or(|at| at > soon) {
            self.sessions.give_back_leases().await?;
        }
        Ok(worked)
    }

    /// Runs the due jobs of one location at once, for a person who waits. Whatever fails is a failure of the work: the act
    /// before it is saved.
    pub(crate) async fn work_on(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        limit: &WorkLimit,
    ) -> Vec<WorkFailure> {
        let began = self.context().now();
        let mut failures = Vec::new();
        let mut jobs = match self.context().store().jobs_of_location(tenant, location).await {
            Ok(jobs) => jobs,
            Err(error) => {
                let sync = JobKind::SyncAssets { location: location.clone() };
                return vec![Failure::store(&error).of(tenant, &sync)];
            }
        };
        jobs.retain(|job| job.at <= began);
        // The sync comes last: it reads the claim that the others make.
        jobs.sort_by_key(|job| matches!(job.kind, JobKind::SyncAssets { .. }));
        for job in jobs.iter().take(limit.subjects) {
            if !self.time_left(began, limit) {
                break;
            }
            failures.extend(run_job(self, tenant, job, Requester::Person).await);
        }
        failures
    }

    /// When the next job runs that is not suppressed, or is suppressed no more, UTC.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(next) = self.context().store().next_due().await? else { return Ok(None) };
        let now = self.context().now();
        let suppressed = self.suppressed_at_most(now);
        if next > now || suppressed == 0 {
            return Ok(Some(next));
        }
        // One more than can be suppressed: among these is the first that is not.
        let soon = later(now, TimeDelta::minutes(LONGEST_SUPPRESSION_MINUTES));
        let jobs = self.context().store().due_jobs(soon, suppressed.saturating_add(1)).await?;
        let at = |TenantJob { tenant, job }: TenantJob| {
            let until = self.suppressed_until(&tenant, &job.kind, now);
            job.at.max(until.unwrap_or(job.at))
        };
        Ok(jobs.into_iter().map(at).min().or(Some(soon)))
    }

    fn time_left(&self, began: DateTime<Utc>, limit: &WorkLimit) -> bool {
        self.context().now() - began < limit.time
    }

    /// Leaves a job alone for some seconds, without touching its row.
    fn suppress(&self, tenant: &TenantId, job: &Job, seconds: i64) {
        let until = later(self.context().now(), TimeDelta::seconds(seconds));
        self.suppressed_jobs().insert((tenant.clone(), job.kind.clone()), until);
    }

    /// Until when a job is left alone, for its own sake or its location's; `None` when it is not.
    fn suppressed_until(
        &self,
        tenant: &TenantId,
        kind: &JobKind,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let itself = self.suppressed_jobs().get(&(tenant.clone(), kind.clone())).copied();
        let location =
            kind.location().and_then(|location| self.sessions.suppressed_until(tenant, location, now));
        itself.filter(|until| is_suppression(*until, now)).max(location)
    }

    /// How many due jobs are suppressed at most. What is suppressed no more is forgotten.
    fn suppressed_at_most(&self, now: DateTime<Utc>) -> usize {
        let locations = self.sessions.count_suppressed(now);
        let mut jobs = self.suppressed_jobs();
        jobs.retain(|_, until| is_suppression(*until, now));
        locations.saturating_mul(JOBS_OF_A_LOCATION).saturating_add(jobs.len())
    }

    fn suppressed_jobs(&self) -> MutexGuard<'_, BTreeMap<(TenantId, JobKind), DateTime<Utc>>> {
        self.suppressed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
