//! Saving what a session decides, and what it makes due of its own kind.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    location::LocationRows,
    transaction::{Decision, JobKind},
};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::location_session::LocationSession;

/// What a session carries out, and when it is due again by its own decisions.
///
/// The row of what is carried out is there until it ends, so that a process that dies leaves it. A decision that noted the
/// same kind again for later would find that row, with its time that has come, and it would be due again at once.
#[derive(Clone)]
pub(super) struct RunningJob {
    kind: JobKind,
    requeue_at: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl RunningJob {
    pub(super) fn new(kind: JobKind) -> Self {
        Self { kind, requeue_at: Arc::default() }
    }

    /// Keeps back what a decision notes of the kind that is carried out.
    fn keep_back(&self, mut decision: Decision) -> Decision {
        let noted = |decision: &Decision| {
            decision.jobs.iter().filter(|due| due.kind == self.kind).map(|due| due.at).min()
        };
        if let Some(at) = noted(&decision) {
            decision.jobs.retain(|due| due.kind != self.kind);
            let mut again_at = self.requeue_at.lock().unwrap_or_else(PoisonError::into_inner);
            *again_at = Some(again_at.map_or(at, |earlier| earlier.min(at)));
        }
        decision
    }

    /// When it is due again by its own decisions, UTC.
    pub(super) fn again_at(&self) -> Option<DateTime<Utc>> {
        *self.requeue_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LocationSession<'_> {
    /// Saves a decision that cannot be refused.
    pub(super) async fn save(
        &self,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let carried = self.carried.clone();
        let decide = move |rows: &LocationRows| carried.keep_back(decide(rows));
        self.parts.save_location(self.tenant, scope, decide).await
    }

    /// Saves a decision, and answers what it answered.
    pub(super) async fn decide<A: Send + Default + 'static>(
        &self,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> (Decision, A) + Send + Sync + 'static,
    ) -> Result<A, StoreError> {
        let carried = self.carried.clone();
        let decide = move |rows: &LocationRows| {
            let (decision, answer) = decide(rows);
            (carried.keep_back(decision), answer)
        };
        self.parts.decide_location(self.tenant, scope, decide).await
    }
}
