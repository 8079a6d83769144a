//! Doing what is due, as much of it as the host allows.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    turn::{Due, DueKind},
};
use mdm_vpp_ports::StoreError;

use crate::{Hitch, Tenant, TokenOutcome, Vpp, vpp::Parts};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Worked {
    /// How many due things were looked at.
    pub done: usize,
    /// What went wrong; it is due again, later.
    pub hitches: Vec<Hitch>,
    /// When to call again at the latest, UTC; `None` when nothing is due at all.
    pub next_due: Option<DateTime<Utc>>,
}

impl Vpp {
    /// Carries out what is due, the oldest first, over all tenants, up to a limit. Call it from a timer, a queue or
    /// a loop: whenever `next_due` says, and after pushing something by hand if you like. What fails does not stop
    /// the rest: it is among the hitches and due again later.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot even say what is due.
    pub async fn work(&self, limit: WorkLimit) -> Result<Worked, StoreError> {
        let parts = &self.parts;
        let (mut worked, began) = (Worked::default(), parts.clock.now());
        for item in parts.store.due(began, limit.subjects).await? {
            if !parts.time_left(began, &limit) {
                break;
            }
            worked.done += 1;
            worked.hitches.extend(parts.carry_out_safely(&item.tenant, &item.due).await?);
        }
        worked.next_due = parts.store.next_due().await?;
        Ok(worked)
    }
}

impl Tenant {
    /// Does the due work of one location at once, and answers with the status reached.
    pub(crate) async fn work_on(
        &self,
        location: &LocationId,
        limit: &WorkLimit,
    ) -> Result<TokenOutcome, StoreError> {
        let began = self.parts.clock.now();
        let mut hitches = Vec::new();
        let mut due = self.parts.store.due_of_location(&self.id, location).await?;
        due.retain(|due| due.at <= began);
        due.sort_by_key(|due| matches!(due.kind, DueKind::Sync { .. }));
        for due in due.iter().take(limit.subjects) {
            if !self.parts.time_left(began, limit) {
                break;
            }
            hitches.extend(self.parts.carry_out_safely(&self.id, due).await?);
        }
        Ok(TokenOutcome { overview: self.token(location).await?, hitches })
    }
}

impl Parts {
    fn time_left(&self, began: DateTime<Utc>, limit: &WorkLimit) -> bool {
        self.clock.now() - began < limit.time
    }

    /// Carries out one thing. When the store fails over it, for example over a damaged row, it is put off, so that
    /// it cannot stand in the way of everything else for ever.
    async fn carry_out_safely(&self, tenant: &TenantId, due: &Due) -> Result<Option<Hitch>, StoreError> {
        match self.carry_out(tenant, due).await {
            Ok(hitch) => Ok(hitch),
            Err(error) => {
                tracing::error!(%tenant, kind = ?due.kind, %error, "due work failed in the store");
                self.postpone(tenant, due).await?;
                Ok(Some(Hitch { doing: format!("carrying out {:?}", due.kind), trouble: error.to_string() }))
            }
        }
    }
}
