//! The suite finds what a store does wrong: each mistake below makes it fail.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    Decide, Declined, Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, Store, StoreError,
    StoredContentToken, TenantJob,
    conformance::store::{self, checks},
};
use mdm_vpp_store::memory::MemoryStore;

use crate::fixture::{everything, ring};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    ForgetsToComplete,
    CompletesWhatMoved,
    NeverSortsJobs,
    IgnoresTheLimit,
    SaysNoJobIsNext,
    MixesTenants,
    LoadsTooMuch,
    LoadsAnOldState,
    SavesHalfOfWhatFails,
    HidesRefusals,
    SavesWhatIsDeclined,
    ForgetsTheGeneration,
    ForgetsAudit,
    RepeatsThePage,
    DecidesOnAStaleRead,
}

/// A memory store with a mistake.
struct Broken {
    inner: MemoryStore,
    mistake: Mistake,
    first_load: Mutex<Option<Loaded>>,
}

impl Broken {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn tenant(&self, tenant: &TenantId) -> TenantId {
        if self.makes(Mistake::MixesTenants) { TenantId::new("all").unwrap() } else { tenant.clone() }
    }

    /// A decision as the mistake has it.
    fn spoilt(&self, mut decision: Decision) -> Decision {
        if self.makes(Mistake::ForgetsToComplete) {
            decision.completed.clear();
        }
        if self.makes(Mistake::ForgetsAudit) {
            decision.audit.truncate(1);
        }
        decision
    }
}

struct Given(Result<Decision, Declined>);

impl Decide for Given {
    fn decide(&self, _: &Loaded) -> Result<Decision, Declined> {
        self.0.clone()
    }
}

#[async_trait]
impl Store for Broken {
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant(tenant);
        let loaded = self.load(&tenant, scope).await?;
        if self.makes(Mistake::DecidesOnAStaleRead) {
            tokio::task::yield_now().await;
        }
        let decided = decide.decide(&loaded).map(|decision| self.spoilt(decision));
        let decision = match decided {
            Err(Declined) if self.makes(Mistake::SavesWhatIsDeclined) => {
                Ok(Decision { audit: vec![crate::fixture::audit(1)], ..Decision::default() })
            }
            decided => decided,
        };
        let completed = decision.clone().map(|decision| decision.completed).unwrap_or_default();
        if self.makes(Mistake::CompletesWhatMoved) {
            for due in self.inner.due_jobs(DateTime::<Utc>::MAX_UTC, 1_000_000).await? {
                let completed = completed.iter().find(|completed| completed.kind == due.job.kind);
                if let Some(completed) = completed {
                    let completed = vec![mdm_vpp_core::transaction::CompletedJob {
                        generation: due.job.generation,
                        ..completed.clone()
                    }];
                    let decision = Decision { completed, ..Decision::default() };
                    self.inner.transact(&due.tenant, scope, Arc::new(Given(Ok(decision)))).await?;
                }
            }
        }
        let saved = self.inner.transact(&tenant, scope, Arc::new(Given(decision.clone()))).await;
        match (saved, decision) {
            (Err(_), Ok(decision)) if self.makes(Mistake::SavesHalfOfWhatFails) => {
                let half = Decision { jobs: decision.jobs, ..Decision::default() };
                self.inner.transact(&tenant, scope, Arc::new(Given(Ok(half)))).await?;
                Err(StoreError::LocationInOtherTenant { location: crate::fixture::munich() })
            }
            (Err(_), _) if self.makes(Mistake::HidesRefusals) => Ok(()),
            (saved, _) => saved,
        }
    }

    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError> {
        let scope = if self.makes(Mistake::LoadsTooMuch) { everything() } else { scope.clone() };
        let loaded = self.inner.load(&self.tenant(tenant), &scope).await?;
        if self.makes(Mistake::LoadsAnOldState) {
            return Ok(self.first_load.lock().unwrap().get_or_insert(loaded).clone());
        }
        Ok(loaded)
    }

    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        self.inner.lease(&self.tenant(tenant), location, holder, period).await
    }

    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        self.inner.end_lease(&self.tenant(tenant), lease).await
    }

    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError> {
        let found = self.inner.content_token(&self.tenant(tenant), location).await?;
        let generation = if self.makes(Mistake::ForgetsTheGeneration) { 1 } else { found.generation };
        Ok(StoredContentToken { generation, ..found })
    }

    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
        self.inner.enqueue(&self.tenant(tenant), due).await
    }

    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError> {
        self.inner.record_notification(notification).await
    }

    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError> {
        let limit = if self.makes(Mistake::IgnoresTheLimit) { usize::MAX } else { limit };
        let mut due = self.inner.due_jobs(now, limit).await?;
        if self.makes(Mistake::NeverSortsJobs) {
            due.sort_by_key(|due| due.job.kind.key());
        }
        Ok(due)
    }

    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        self.inner.jobs_of_location(&self.tenant(tenant), location).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        if self.makes(Mistake::SaysNoJobIsNext) { Ok(None) } else { self.inner.next_due().await }
    }

    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let index =
            if self.makes(Mistake::RepeatsThePage) { after.index.saturating_sub(1) } else { after.index };
        self.inner.audit_since(&self.tenant(tenant), AuditPosition { index, ..after }, limit).await
    }
}

fn with(mistake: Mistake) -> Arc<dyn Store> {
    Arc::new(Broken { inner: MemoryStore::new(ring()), mistake, first_load: Mutex::default() })
}

macro_rules! finds {
    ($($test:ident: $mistake:ident, $check:ident;)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                assert_eq!(checks::$check(with(Mistake::None)).await, Ok(()));
                assert!(checks::$check(with(Mistake::$mistake)).await.is_err());
                let whole_suite = store::all(async || with(Mistake::$mistake)).await;
                assert!(whole_suite.is_err());
            }
        )+
    };
}

finds! {
    a_store_that_forgets_to_complete_jobs: ForgetsToComplete, a_completed_job_is_deleted;
    a_store_that_completes_jobs_that_moved: CompletesWhatMoved, a_job_that_was_enqueued_again_stays;
    a_store_that_never_sorts_jobs: NeverSortsJobs, the_oldest_job_comes_first_over_all_tenants;
    a_store_that_ignores_the_limit: IgnoresTheLimit, the_oldest_job_comes_first_over_all_tenants;
    a_store_that_says_no_job_is_next: SaysNoJobIsNext, the_next_due_time_is_the_earliest_of_all;
    a_store_that_mixes_tenants: MixesTenants, tenants_with_equal_rows_do_not_meet;
    a_store_that_loads_too_much: LoadsTooMuch, a_scope_loads_exactly_what_it_names;
    a_store_that_loads_an_old_state: LoadsAnOldState, a_decision_sees_what_the_transaction_before_it_saved;
    a_store_that_saves_half_of_what_fails: SavesHalfOfWhatFails, a_transaction_that_fails_saves_nothing;
    a_store_that_hides_refusals: HidesRefusals, a_location_has_one_token_over_all_tenants;
    a_store_that_saves_what_is_declined: SavesWhatIsDeclined, a_declined_decision_saves_nothing;
    a_store_that_forgets_the_generation: ForgetsTheGeneration, a_secret_comes_back_with_its_generation;
    a_store_that_forgets_entries_of_the_audit_log: ForgetsAudit, audit_entries_are_numbered_by_transaction;
    a_store_that_repeats_an_entry_on_the_next_page: RepeatsThePage, the_audit_log_comes_in_pages;
    a_store_that_decides_on_a_stale_read: DecidesOnAStaleRead, transactions_of_one_tenant_follow_each_other;
}
