//! What every part of the engine works with: the store, Apple's services, time and settings, and the transactions that
//! save what the rules decide.

mod failure;
mod read_only;
mod scopes;
mod system_time;
mod transact;

use std::{convert::Infallible, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{ClaimId, InstallationId, LocationId, TenantId},
    location::LocationRows,
    token::MdmInfo,
    transaction::{Decision, Job, Loaded},
};
use mdm_vpp_ports::{
    AppCatalog, AppMetadata, AssignmentService, Clock, Decide, LicenseService, LoadScope, LocationScope,
    NotificationSecretError, Store, StoreError, Subscription, Timer,
};

pub use failure::WorkFailure;
pub(crate) use failure::{Failure, call_failure};
use read_only::ReadOnly;
pub(crate) use scopes::{
    all_tokens, leased_scope, one_token, requests_scope, seats_scope, token_after, token_page,
};
pub use system_time::{SystemClock, SystemTimer};
use transact::Deciding;
pub(crate) use transact::TransactError;

/// The notifications that an embedder wants: which subscription Apple shall have for a location, and which location a
/// bearer belongs to.
///
/// The context stands below `notifications/`, which knows how secrets are derived, so it holds them behind this trait.
pub(crate) trait NotificationSettings: Send + Sync {
    /// The subscription that Apple shall have for a location.
    fn subscription(&self, location: &LocationId) -> Result<Subscription, NotificationSecretError>;

    /// The location that a bearer is the secret of; `None` when it is the secret of none.
    fn location_of(&self, bearer: &str) -> Option<LocationId>;
}

/// The ports and settings that an embedder gave. The builder fills it.
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) licenses: Arc<dyn LicenseService>,
    pub(crate) assignments: Option<Arc<dyn AssignmentService>>,
    pub(crate) lookup: Arc<dyn AppMetadata>,
    pub(crate) catalog: Option<Arc<dyn AppCatalog>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) installation: InstallationId,
    pub(crate) mdm_name: String,
    pub(crate) mdm_metadata: String,
    pub(crate) sync_every: TimeDelta,
    pub(crate) notifications: Option<Arc<dyn NotificationSettings>>,
    pub(crate) read_only: bool,
}

/// The store, Apple's services, time and settings.
pub(crate) struct Context(Parts);

impl Context {
    pub(crate) fn new(mut parts: Parts) -> Self {
        if parts.read_only {
            // The worker puts off the jobs that write. This is the second lock: nothing else that writes gets through.
            parts.licenses = Arc::new(ReadOnly(parts.licenses));
            parts.assignments = parts.assignments.map(|service| Arc::new(ReadOnly(service)) as _);
        }
        Self(parts)
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.store.as_ref()
    }

    pub(crate) fn licenses(&self) -> &dyn LicenseService {
        self.0.licenses.as_ref()
    }

    /// Apple's service for assignments; `None` when the embedder gave none.
    pub(crate) const fn assignments(&self) -> Option<&Arc<dyn AssignmentService>> {
        self.0.assignments.as_ref()
    }

    pub(crate) fn lookup(&self) -> &dyn AppMetadata {
        self.0.lookup.as_ref()
    }

    pub(crate) fn catalog(&self) -> Option<&dyn AppCatalog> {
        self.0.catalog.as_deref()
    }

    pub(crate) fn notifications(&self) -> Option<&dyn NotificationSettings> {
        self.0.notifications.as_deref()
    }

    pub(crate) const fn is_read_only(&self) -> bool {
        self.0.read_only
    }

    pub(crate) const fn installation(&self) -> &InstallationId {
        &self.0.installation
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Waits until a time, by the embedder's timer.
    pub(crate) async fn wait_until(&self, at: DateTime<Utc>) {
        self.0.timer.wait_until(at).await;
    }

    /// When a location is synced again that was read at a time.
    pub(crate) fn next_sync_after(&self, read_at: DateTime<Utc>) -> DateTime<Utc> {
        later(read_at, self.0.sync_every)
    }

    /// The id under which this installation claims a location.
    pub(crate) fn claim_id(&self, location: &LocationId) -> ClaimId {
        ClaimId::new(&self.0.installation, location)
    }

    /// What this installation tells Apple about itself when it claims a location.
    pub(crate) fn mdm_info(&self, location: &LocationId) -> MdmInfo {
        MdmInfo {
            id: self.claim_id(location).as_str().to_owned(),
            name: given_or(&self.0.mdm_name, "mdm-vpp"),
            metadata: given_or(&self.0.mdm_metadata, self.0.installation.as_str()),
        }
    }

    /// Loads, decides and saves in one transaction, and answers what the decision answered.
    pub(crate) async fn transact<A, R>(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: impl Fn(&Loaded) -> Result<(Decision, A), R> + Send + Sync + 'static,
    ) -> Result<A, TransactError<R>>
    where
        A: Send + 'static,
        R: Send + 'static,
    {
        let deciding = Arc::new(Deciding::new(decide));
        let saved = self.0.store.transact(tenant, scope, Arc::clone(&deciding) as Arc<dyn Decide>).await;
        match (saved, deciding.take_verdict()) {
            (Ok(()), Some(Ok(answer))) => Ok(answer),
            (Err(StoreError::Declined), Some(Err(refusal))) => Err(TransactError::Refused(refusal)),
            (Err(error), _) => Err(TransactError::Store(error)),
            // A store that saves without asking, or in spite of a refusal, breaks its contract.
            (Ok(()), _) => Err(TransactError::Store(StoreError::Declined)),
        }
    }

    /// Saves a decision that cannot be refused.
    pub(crate) async fn save(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: impl Fn(&Loaded) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let decide = move |loaded: &Loaded| Ok::<_, Infallible>((decide(loaded), ()));
        self.transact(tenant, scope, decide).await.map_err(TransactError::store)
    }

    /// Saves a decision about one location that cannot be refused, and answers what it answered. Nothing is decided
    /// about a location that has no token any more.
    pub(crate) async fn decide_location<A: Send + Default + 'static>(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> (Decision, A) + Send + Sync + 'static,
    ) -> Result<A, StoreError> {
        let decide = move |loaded: &Loaded| {
            Ok::<_, Infallible>(loaded.location.as_ref().map(&decide).unwrap_or_default())
        };
        let scope = LoadScope::of(scope);
        self.transact(tenant, &scope, decide).await.map_err(TransactError::store)
    }

    /// Saves a decision about one location that cannot be refused.
    pub(crate) async fn save_location(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        self.decide_location(tenant, scope, move |rows| (decide(rows), ())).await
    }

    /// Loads rows of one location as of one moment; `None` when the location has no token in the tenant.
    pub(crate) async fn load_location(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
    ) -> Result<Option<LocationRows>, StoreError> {
        let scope = LoadScope::of(scope);
        Ok(self.0.store.load(tenant, &scope).await?.location)
    }

    /// Deletes a job that is done, unless it was enqueued again since it was read.
    pub(crate) async fn complete(&self, tenant: &TenantId, job: &Job) -> Result<(), StoreError> {
        let completed = job.completed();
        self.save(tenant, &LoadScope::default(), move |_| Decision {
            completed: vec![completed.clone()],
            ..Decision::default()
        })
        .await
    }

    /// Replaces a job by the same one at another time. Both happen in one transaction, so a process that dies in
    /// between leaves one of the two.
    pub(crate) async fn reschedule(
        &self,
        tenant: &TenantId,
        job: &Job,
        again: Job,
    ) -> Result<(), StoreError> {
        let completed = job.completed();
        self.save(tenant, &LoadScope::default(), move |_| Decision {
            completed: vec![completed.clone()],
            jobs: vec![again.clone()],
            ..Decision::default()
        })
        .await
    }
}

/// Apple refuses a claim with an empty member (error 9723), so an empty text gives way to another.
fn given_or(text: &str, otherwise: &str) -> String {
    let text = if text.trim().is_empty() { otherwise } else { text };
    text.to_owned()
}

/// A time after another; the same time where the calendar ends.
pub(crate) fn later(at: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(wait).unwrap_or(at)
}
