//! Doing what is due, as much of it as the host allows.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::Token,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use serde::Serialize;

use crate::{
    Tenant, TokenOutcome, TokenOverview, Vpp, WorkFailure, run_job::Requester, talk::later, vpp::Context,
    work_failure::Failure,
};

/// What the store can be read for and not be written about is tried again after this: Apple must not be called again and
/// again meanwhile.
const UNWRITABLE_SECONDS: i64 = 30;

/// When nothing is due for longer than this, the leases are given back: another process need not wait for their end.
const KEPT_SECONDS: i64 = 10;

/// How much may be done in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkLimit {
    /// How many due things at most.
    pub subjects: usize,
    /// How long at most; nothing new is begun after it. One thing may take as long as Apple takes to answer.
    pub time: TimeDelta,
}

impl Default for WorkLimit {
    /// 1,000 things, one minute.
    fn default() -> Self {
        Self { subjects: 1_000, time: TimeDelta::minutes(1) }
    }
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Worked {
    /// How many due things were looked at.
    pub done: usize,
    /// What went wrong; it is due again, later.
    pub failures: Vec<WorkFailure>,
    /// When to call again at the latest, UTC; `None` when nothing is due at all.
    pub next_due: Option<DateTime<Utc>>,
}

impl Vpp {
    /// Carries out what is due, the oldest first, over all tenants, up to a limit. Call it from a timer, a queue or
    /// a loop: whenever `next_due` says, and after pushing something by hand if you like. What fails does not stop
    /// the rest: it is among the failures and due again later.
    ///
    /// `next_due` is when to call again if nothing happens meanwhile. What makes something due sooner is an act
    /// ([`Tenant`]) or a notification, here or in another process: so call it after each of those, and every few seconds
    /// where several processes share a store. A call may be dropped before it ends: what it had begun is found and taken up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot even say what is due.
    pub async fn work(&self, limit: WorkLimit) -> Result<Worked, StoreError> {
        let parts = &self.parts;
        let (mut worked, began) = (Worked::default(), parts.clock.now());
        let rows = limit.subjects.saturating_add(parts.suppressed.rows_at_most(began));
        for item in parts.store.due_jobs(began, rows).await? {
            if worked.done == limit.subjects || !parts.time_left(began, &limit) {
                break;
            }
            if parts.suppressed.until(&item.tenant, &item.job, parts.clock.now()).is_some() {
                continue;
            }
            worked.done += 1;
            worked
                .failures
                .extend(parts.carry_out_safely(&item.tenant, &item.job, Requester::Schedule).await);
        }
        worked.next_due = parts.next_due().await?;
        let soon = later(parts.clock.now(), TimeDelta::seconds(KEPT_SECONDS));
        if worked.next_due.is_none_or(|at| at > soon) {
            parts.give_back_leases().await?;
        }
        Ok(worked)
    }
}

impl Vpp {
    /// Gives back what this process holds in the store, so that another one, or the next start of this one, need not wait
    /// until it ends by itself, up to two minutes later. Call it when the host stops, after the last [`work`](Self::work)
    /// has returned. Without it nothing is lost.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed; what was not given back ends by itself.
    pub async fn leave(&self) -> Result<(), StoreError> {
        self.parts.give_back_leases().await
    }
}

impl Tenant {
    /// Does the due work of one location at once, and answers with the status reached. `saved` is the token as the
    /// act saved it: the act is done, so whatever fails from here on is a failure.
    pub(crate) async fn work_on(&self, saved: Token, limit: &WorkLimit) -> TokenOutcome {
        let location = saved.id().clone();
        let mut hitches = Vec::new();
        if let Err(error) = self.work_on_due(&location, limit, &mut hitches).await {
            let due = Job::at(JobKind::SyncAssets { location: location.clone() }, self.parts.clock.now());
            hitches.push(Failure::store(&error).of(&self.id, &due));
        }
        let overview = match self.token(&location).await {
            Ok(overview) => overview,
            Err(_) => TokenOverview::at(saved, self.parts.clock.now()),
        };
        TokenOutcome { overview, failures: hitches }
    }

    async fn work_on_due(
        &self,
        location: &LocationId,
        limit: &WorkLimit,
        hitches: &mut Vec<WorkFailure>,
    ) -> Result<(), StoreError> {
        let began = self.parts.clock.now();
        let mut due = self.parts.store.jobs_of_location(&self.id, location).await?;
        due.retain(|due| due.at <= began);
        due.sort_by_key(|due| matches!(due.kind, JobKind::SyncAssets { .. }));
        for due in due.iter().take(limit.subjects) {
            if !self.parts.time_left(began, limit) {
                break;
            }
            hitches.extend(self.parts.carry_out_safely(&self.id, due, Requester::Person).await);
        }
        Ok(())
    }
}

impl Context {
    /// When the next thing is due that is not left alone, or is left alone no more, UTC.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(next) = self.store.next_due().await? else { return Ok(None) };
        let now = self.clock.now();
        let suppressed = self.suppressed.rows_at_most(now);
        if next > now || suppressed == 0 {
            return Ok(Some(next));
        }
        let soon = later(now, TimeDelta::minutes(2));
        let rows = self.store.due_jobs(soon, suppressed.saturating_add(1)).await?;
        let at = |item: TenantJob| {
            let until = self.suppressed.until(&item.tenant, &item.job, now);
            item.job.at.max(until.unwrap_or(item.job.at))
        };
        Ok(rows.into_iter().map(at).min().or(Some(soon)))
    }

    fn time_left(&self, began: DateTime<Utc>, limit: &WorkLimit) -> bool {
        self.clock.now() - began < limit.time
    }

    /// Carries out one thing. When the store fails over it, it is put off, so that it cannot stand in the way of
    /// everything else for ever: for minutes when that may pass, for a day over a damaged row.
    async fn carry_out_safely(&self, tenant: &TenantId, due: &Job, asker: Requester) -> Option<WorkFailure> {
        let error = match self.run(tenant, due, asker).await {
            Ok(went_wrong) => return went_wrong.map(|went_wrong| went_wrong.of(tenant, due)),
            Err(error) => error,
        };
        tracing::error!(%tenant, kind = ?due.kind, %error, "due work failed in the store");
        let put_off = if matches!(error, StoreError::Unreadable { .. }) {
            self.postpone(tenant, due).await
        } else {
            self.try_again(tenant, due, &error).await
        };
        if let Err(error) = put_off {
            tracing::error!(%tenant, kind = ?due.kind, %error, "and could not be put off");
            let until = later(self.clock.now(), TimeDelta::seconds(UNWRITABLE_SECONDS));
            self.suppressed.row(tenant, due, until);
        }
        Some(Failure::store(&error).of(tenant, due))
    }
}
