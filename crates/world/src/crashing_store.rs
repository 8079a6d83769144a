//! A store under a process that may die at any call, before it is carried out or after.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    turn::{AuditEntry, AuditPosition, Due, Loaded},
};
use mdm_vpp_ports::{
    Decide, HeardNotification, Hearing, Lease, Store, StoreError, StoredContentToken, TalkerId, TenantDue,
    TurnScope,
};

use crate::{Chance, Faults};

pub(crate) struct CrashingStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    /// Whether the process has died: nothing it asks for is done any more.
    pub(crate) dead: Arc<AtomicBool>,
}

impl CrashingStore {
    async fn call<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let died = || StoreError::Backend { doing: "living", source: "the process died".into() };
        let crashes = self.faults.lock().unwrap_or_else(PoisonError::into_inner).crashes;
        let dies = self.chance.percent(crashes);
        let before = self.chance.percent(50);
        if self.dead.load(Ordering::SeqCst) || (dies && before) {
            self.dead.store(true, Ordering::SeqCst);
            return Err(died());
        }
        let answer = call.await;
        if dies {
            self.dead.store(true, Ordering::SeqCst);
            return Err(died());
        }
        answer
    }
}

#[async_trait]
impl Store for CrashingStore {
    async fn turn(
        &self,
        tenant: &TenantId,
        scope: &TurnScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        self.call(self.store.turn(tenant, scope, decide)).await
    }

    async fn load(&self, tenant: &TenantId, scope: &TurnScope) -> Result<Loaded, StoreError> {
        self.call(self.store.load(tenant, scope)).await
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &TalkerId,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.call(self.store.lease(tenant, location, talker, period)).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.call(self.store.end_lease(tenant, lease)).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        self.call(self.store.content_token(tenant, location)).await
    }

    async fn note(&self, tenant: &TenantId, due: &[Due]) -> Result<(), StoreError> {
        self.call(self.store.note(tenant, due)).await
    }

    async fn hear(&self, notification: &HeardNotification) -> Result<Hearing, StoreError> {
        self.call(self.store.hear(notification)).await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantDue>, StoreError> {
        self.call(self.store.due(now, limit)).await
    }

    async fn due_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Due>, StoreError> {
        self.call(self.store.due_of_location(tenant, location)).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.call(self.store.next_due()).await
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.call(self.store.audit_since(tenant, after, limit)).await
    }
}
