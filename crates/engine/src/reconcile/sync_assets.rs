//! The job `SyncAssets`: client config, assets, and the store entries of apps that are new.

use chrono::TimeDelta;
use mdm_vpp_core::{
    catalog::Asset,
    decide::{
        catalog::{SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync_assets, lookups_needed},
        token::{TokenCall, TokenCallResult, decide_record_call},
    },
    id::{LocationId, TenantId},
    transaction::{CallFailure, Job, JobKind},
};
use mdm_vpp_ports::{Apps, AssetList, LoadScope, LocationScope, ServiceError, StoreError, Subscription};

use super::{
    look_up::look_up_all,
    open_token::{OpenError, OpenedToken, open_token, open_token_once, rejects_token},
    subscribe::watch_subscription,
};
use crate::{
    context::{Context, TransactError, call_failure, one_token},
    sessions::{Sessions, paced, pay_for_pages},
};

/// A sync enqueues a full read when the last one began this many hours ago. Our choice: once a day, with room for a sync
/// that runs a little earlier than the day before.
const FULL_READ_EVERY_HOURS: i64 = 20;

/// Why a sync did not happen.
pub(crate) enum SyncFailure {
    Refused(SyncRefusal),
    Service(ServiceError),
    Store(StoreError),
}

impl From<StoreError> for SyncFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a sync read.
struct SyncRead {
    findings: SyncFindings,
    generation: u32,
    subscription: Option<Subscription>,
}

/// Syncs the assets of a location and saves what came of it together with the job's row.
pub(crate) async fn sync_assets(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
) -> Result<SyncReport, SyncFailure> {
    let context = sessions.context();
    let SyncRead { findings, generation, subscription } = match read(sessions, tenant, location, job).await {
        Ok(read) => read,
        Err(OpenError::Service { error, generation }) => {
            sync_failed(context, tenant, location, job, generation, call_failure(&error)).await?;
            return Err(SyncFailure::Service(error));
        }
        Err(OpenError::OtherLocation { refusal, generation }) => {
            return sync_refused(context, tenant, location, job, generation, refusal).await;
        }
        Err(OpenError::Store(StoreError::UnknownToken { location })) => {
            context.complete(tenant, job).await?;
            return Err(SyncFailure::Refused(SyncRefusal::UnknownToken { location }));
        }
        Err(OpenError::Store(error)) => return Err(error.into()),
    };
    let scope = assets_scope(location, &findings.assets);
    let (of, now) = (location.clone(), context.now());
    let decide = move |loaded: &_| decide_sync_assets(loaded, &of, &findings, now);
    match context.transact(tenant, &scope, decide).await {
        Ok(report) => {
            tracing::info!(%tenant, %location, assets = report.assets, added = report.added.len(), "synced");
            watch_subscription(context, tenant, location, subscription.as_ref()).await?;
            Ok(report)
        }
        Err(TransactError::Store(error)) => Err(error.into()),
        Err(TransactError::Refused(refusal)) => {
            sync_refused(context, tenant, location, job, generation, refusal).await
        }
    }
}

async fn sync_refused(
    context: &Context,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
    generation: u32,
    refusal: SyncRefusal,
) -> Result<SyncReport, SyncFailure> {
    let failure = CallFailure { number: None, message: refusal.to_string(), retry_after: None };
    sync_failed(context, tenant, location, job, generation, failure).await?;
    Err(SyncFailure::Refused(refusal))
}

/// Keeps with the token that a sync failed, and when it runs again.
async fn sync_failed(
    context: &Context,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
    generation: u32,
    failure: CallFailure,
) -> Result<(), StoreError> {
    tracing::warn!(%tenant, %location, error = %failure.message, "sync failed");
    let call = TokenCall {
        location: location.clone(),
        generation,
        claim: context.claim_id(location),
        job: job.clone(),
        result: TokenCallResult::SyncFailed(failure),
    };
    let now = context.now();
    context.save(tenant, &one_token(location), move |loaded| decide_record_call(loaded, &call, now)).await
}

/// Reads everything that a sync needs.
async fn read(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    job: &Job,
) -> Result<SyncRead, OpenError> {
    let context = sessions.context();
    let unknown = || OpenError::Store(StoreError::UnknownToken { location: location.clone() });
    // The pools before the call: a count that another transaction saves while Apple answers is newer than the answer.
    let scope = one_token(location).assets_of(location.clone());
    let before = context.store().load(tenant, &scope).await?;
    let basis = TokenBasis::of(before.token(location).ok_or_else(unknown)?);
    let opened = open_token(sessions, tenant, location).await?;
    let read_at = context.now();
    let (opened, list) = read_assets(sessions, tenant, location, opened).await?;
    pay_for_pages(sessions, location, list.assets.len()).await;
    let loaded = context.store().load(tenant, &assets_scope(location, &list.assets)).await?;
    let token = loaded.token(location).ok_or_else(unknown)?;
    let region = token.settings.detail.region;
    let wanted = lookups_needed(&loaded, token, &list.assets);
    let platform = opened.config.location.store.platform();
    let (lookups, lookup_failure) =
        look_up_all(sessions, location, &opened.secret, region, platform, wanted).await;
    let mut answered = opened.config.location.clone();
    answered.id = list.location.unwrap_or(answered.id);
    let findings = SyncFindings {
        location: answered,
        reply: list.reply,
        basis,
        pools_before: before.pools,
        assets: list.assets,
        read_at,
        region,
        lookups,
        lookup_failure,
        claim: context.claim_id(location),
        job: job.clone(),
        resumed: resumed_jobs(context, tenant, location).await?,
        next_at: context.next_sync_after(read_at),
    };
    Ok(SyncRead { findings, generation: opened.generation, subscription: opened.config.subscription })
}

/// Reads the assets. A token that Apple refuses in the middle is opened once more.
async fn read_assets(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
    mut opened: OpenedToken,
) -> Result<(OpenedToken, AssetList), OpenError> {
    let licenses = sessions.context().licenses();
    let mut answer = paced(sessions, location, licenses.assets(&opened.secret)).await;
    if answer.as_ref().is_err_and(rejects_token) {
        opened = open_token_once(sessions, tenant, location).await?;
        answer = paced(sessions, location, licenses.assets(&opened.secret)).await;
    }
    match answer {
        Ok(list) => Ok((opened, list)),
        Err(error) => Err(OpenError::Service { error, generation: opened.generation }),
    }
}

/// The jobs about assignments that are enqueued when a sync is saved, because they may have waited for the token or for
/// counts: a full read once a day, requests to send and to poll, and the waitlist.
async fn resumed_jobs(
    context: &Context,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Job>, StoreError> {
    if context.assignments().is_none() {
        return Ok(Vec::new());
    }
    let now = context.now();
    let of = || location.clone();
    let mut kinds = vec![
        JobKind::SendRequests { location: of() },
        JobKind::PollEvents { location: of() },
        JobKind::FillWaitlist { location: of() },
        JobKind::RefreshUsers { location: of() },
        JobKind::ReleaseFences { location: of() },
    ];
    let rows = context.load_location(tenant, LocationScope::of(location.clone())).await?;
    let read_at = rows.and_then(|rows| rows.state.fully_read_at);
    let age = read_at.map(|read_at| now.signed_duration_since(read_at));
    if age.is_none_or(|age| age >= TimeDelta::hours(FULL_READ_EVERY_HOURS)) {
        // A full read covers every seat and ends with a delta read. Before the first one there is no version, so a delta
        // read would only enqueue another full read.
        kinds.push(JobKind::ReadAssignments { location: of() });
    } else {
        kinds.push(JobKind::ReadDelta { location: of() });
        kinds.push(JobKind::ReadBack { location: of() });
    }
    Ok(kinds.into_iter().map(|kind| Job::at(kind, now)).collect())
}

/// The token, what it admitted, and the apps behind the assets that were read.
fn assets_scope(location: &LocationId, assets: &[Asset]) -> LoadScope {
    let ids = assets.iter().map(|asset| asset.adam_id).collect();
    one_token(location).assets_of(location.clone()).apps(Apps::These(ids))
}
