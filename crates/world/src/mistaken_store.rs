//! A store under a program that makes a mistake in what it saves.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::SeatChange,
    seats::{Desired, Epoch, Observed, RequestState, Seat, UnassignReason},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    Decide, Declined, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob,
};

use crate::Mistake;

pub(crate) struct MistakenStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) mistake: Mistake,
}

/// A decision that is spoilt before it is saved.
struct Spoilt {
    decide: Arc<dyn Decide>,
    mistake: Mistake,
}

impl Decide for Spoilt {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        let mut decision = self.decide.decide(loaded)?;
        for change in decision.location.seats.values_mut() {
            if let SeatChange::Put(seat) = change {
                spoil(seat, self.mistake);
            }
        }
        match self.mistake {
            // The counts of a sync are saved; those of a talk are not.
            Mistake::CountsNothing if loaded.location.is_some() => decision.pools.clear(),
            Mistake::ForgetsTheRequest => {
                decision
                    .location
                    .requests
                    .retain(|request| !matches!(request.state, RequestState::Written { .. }));
            }
            _ => {}
        }
        Ok(decision)
    }
}

fn spoil(seat: &mut Seat, mistake: Mistake) {
    match mistake {
        Mistake::DropsTheFence => seat.fence = None,
        Mistake::ShortensTheFence => {
            if let Some(fence) = &mut seat.fence {
                fence.until = fence.until.min(seat.touched_at + TimeDelta::seconds(5));
            }
        }
        Mistake::ConfirmsByTheReport if seat.observed == Observed::Reported => {
            seat.observed = Observed::Assigned
        }
        Mistake::TakesBackForeign if !seat.is_ours() => {
            seat.desired = Desired::Unassigned { because: UnassignReason::NotNeeded };
        }
        _ => {}
    }
}

#[async_trait]
impl Store for MistakenStore {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.store.transact(tenant, scope, Arc::new(Spoilt { decide, mistake: self.mistake })).await
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        self.store.load(tenant, scope).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let lease = self.store.lease(tenant, location, holder, period).await?;
        Ok(lease.map(|lease| match self.mistake {
            Mistake::KeepsTheEpoch => Lease { epoch: Epoch(1), ..lease },
            _ => lease,
        }))
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.store.end_lease(tenant, lease).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.store.content_token(tenant, location).await
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.store.enqueue(tenant, due).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.store.record_notification(notification).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        self.store.due_jobs(now, limit).await
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.store.jobs_of_location(tenant, location).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.store.next_due().await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.store.audit_since(tenant, after, limit).await
    }
}
