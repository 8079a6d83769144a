//! Syncing a location: client config, assets, and the store entries of apps that are new.

use mdm_vpp_core::{
    catalog::Asset,
    decide::{
        catalog::{SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync_assets, lookups_needed},
        token::{TokenCall, TokenCallResult, decide_record_call},
    },
    id::{LocationId, TenantId},
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::{Apps, AssetList, LoadScope, ServiceError, StoreError, Subscription};
use thiserror::Error;

use crate::{
    Tenant,
    calls::{CallError, Opened, rejects_token},
    transact::{TransactError, one_token},
    vpp::Context,
    work_failure::call_failure,
};

/// Why a sync did not happen. What was known stays.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SyncError {
    /// What was read cannot be saved.
    #[error(transparent)]
    Refused(#[from] SyncRefusal),
    /// Apple refused, or could not be reached.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SyncError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Reads a location now: counts, claim, expiry, and new apps. The next sync is due a day later.
    ///
    /// # Errors
    ///
    /// [`SyncError`]. That a sync failed is kept with the token, and it is tried again.
    pub async fn sync(&self, token: &LocationId) -> Result<SyncReport, SyncError> {
        let kind = JobKind::SyncAssets { location: token.clone() };
        let waiting = self.parts.store.jobs_of_location(&self.id, token).await?;
        let due = waiting
            .into_iter()
            .find(|due| due.kind == kind)
            .unwrap_or_else(|| Job::at(kind, self.parts.clock.now()));
        self.parts.sync_due(&self.id, token, &due).await
    }
}

impl Context {
    /// Carries out a sync.
    pub(crate) async fn sync_due(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
    ) -> Result<SyncReport, SyncError> {
        let (findings, generation, subscription) = match self.read(tenant, location, due).await {
            Ok(read) => read,
            Err(CallError::Service { error, generation }) => {
                self.sync_failed(tenant, location, due, generation, call_failure(&error)).await?;
                return Err(error.into());
            }
            Err(CallError::OtherLocation { answered, generation }) => {
                let refusal = SyncRefusal::OtherLocation { expected: location.clone(), answered };
                return self.sync_refused(tenant, location, due, generation, refusal).await;
            }
            Err(CallError::Store(StoreError::UnknownToken { location })) => {
                self.complete(tenant, due).await?;
                return Err(SyncRefusal::UnknownToken { location }.into());
            }
            Err(CallError::Store(error)) => return Err(error.into()),
        };
        let scope = assets_scope(location, &findings.assets);
        let (of, now) = (location.clone(), self.clock.now());
        let decide = move |loaded: &_| decide_sync_assets(loaded, &of, &findings, now);
        match self.transact(tenant, &scope, decide).await {
            Ok(report) => {
                tracing::info!(%tenant, %location, assets = report.assets, added = report.added.len(), "synced");
                self.watch_subscription(tenant, location, subscription.as_ref()).await?;
                Ok(report)
            }
            Err(TransactError::Store(error)) => Err(error.into()),
            Err(TransactError::Refused(refusal)) => {
                self.sync_refused(tenant, location, due, generation, refusal).await
            }
        }
    }

    async fn sync_refused(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
        generation: u32,
        refusal: SyncRefusal,
    ) -> Result<SyncReport, SyncError> {
        let failure = CallFailure { number: None, message: refusal.to_string(), retry_after: None };
        self.sync_failed(tenant, location, due, generation, failure).await?;
        Err(refusal.into())
    }

    async fn sync_failed(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
        generation: u32,
        failure: CallFailure,
    ) -> Result<(), StoreError> {
        tracing::warn!(%tenant, %location, trouble = %failure.message, "sync failed");
        let called = TokenCall {
            location: location.clone(),
            generation,
            claim: self.claim_id(location),
            job: due.clone(),
            result: TokenCallResult::SyncFailed(failure),
        };
        let now = self.clock.now();
        self.save(tenant, &one_token(location), move |loaded| decide_record_call(loaded, &called, now)).await
    }

    /// Reads everything that a sync needs.
    async fn read(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        due: &Job,
    ) -> Result<(SyncFindings, u32, Option<Subscription>), CallError> {
        let unknown = || CallError::Store(StoreError::UnknownToken { location: location.clone() });
        let scope = LoadScope { assets_of: Some(location.clone()), ..one_token(location) };
        let before = self.store.load(tenant, &scope).await?;
        let basis = TokenBasis::of(before.token(location).ok_or_else(unknown)?);
        let opened = self.open(tenant, location).await?;
        let read_at = self.clock.now();
        let (opened, list) = self.assets(tenant, location, opened).await?;
        self.pay_for_pages(location, list.assets.len()).await;
        let loaded = self.store.load(tenant, &assets_scope(location, &list.assets)).await?;
        let token = loaded.token(location).ok_or_else(unknown)?;
        let region = token.settings.detail.region;
        let wanted = lookups_needed(&loaded, token, &list.assets);
        let platform = opened.config.location.store.platform();
        let (lookups, lookup_failure) =
            self.look_up_all(location, &opened.secret, region, platform, wanted).await;
        let mut read_of = opened.config.location.clone();
        read_of.id = list.location.unwrap_or(read_of.id);
        let findings = SyncFindings {
            location: read_of,
            reply: list.reply,
            basis,
            pools_before: before.pools,
            assets: list.assets,
            read_at,
            region,
            lookups,
            lookup_failure,
            claim: self.claim_id(location),
            due: due.clone(),
            resumed: self.resumed_jobs(tenant, location).await?,
            next_at: read_at.checked_add_signed(self.sync_every).unwrap_or(read_at),
        };
        Ok((findings, opened.generation, opened.config.subscription))
    }

    /// Reads the assets. A token that dies in the middle is opened once more.
    async fn assets(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        opened: Opened,
    ) -> Result<(Opened, AssetList), CallError> {
        let (opened, answer) = match self.paced(location, self.service.assets(&opened.secret)).await {
            Err(error) if rejects_token(&error) => {
                let opened = self.reopen(tenant, location).await?;
                let answer = self.paced(location, self.service.assets(&opened.secret)).await;
                (opened, answer)
            }
            answer => (opened, answer),
        };
        match answer {
            Ok(list) => Ok((opened, list)),
            Err(error) => Err(CallError::Service { error, generation: opened.generation }),
        }
    }
}

/// The token, what it admitted, and the apps behind the assets that were read.
fn assets_scope(location: &LocationId, assets: &[Asset]) -> LoadScope {
    let ids = assets.iter().map(|asset| asset.adam_id).collect();
    LoadScope { assets_of: Some(location.clone()), apps: Apps::These(ids), ..one_token(location) }
}
