//! A sync: what was read of a location at Apple, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::{
    catalog::{
        Admission, AdmissionVerdict, Asset, AssetKey, Lookup, Pool, SkipReason,
        admission::{Pass, admit, ids_to_look_up},
    },
    id::{Actor, AdamId, ClaimId, LocationId},
    token::{Location, Region, ReplyFacts, SyncRecord, Token, TokenCondition, TokenObservation},
    transaction::{AuditAct, AuditDraft, CallFailure, Decision, Job, JobKind, Loaded},
};

/// Everything that a sync read.
#[derive(Debug, Clone)]
pub struct SyncFindings {
    /// The location as client config describes it.
    pub location: Location,
    /// What the last reply said beside its answer.
    pub reply: ReplyFacts,
    /// The token as it was before anything was read. What was read of a token that has changed since (a renewal, a
    /// claim) is older than the change, and says nothing about it.
    pub basis: TokenBasis,
    /// The pools of the location as they were before anything was read: what Apple had listed by then is in the counts.
    pub pools_before: Vec<Pool>,
    /// All assets.
    pub assets: Vec<Asset>,
    /// When the read of the assets began, UTC: their counts are not younger.
    pub read_at: DateTime<Utc>,
    /// The region in whose store the apps were looked up.
    pub region: Region,
    /// What the store answered. An id without an answer is asked again later.
    pub lookups: BTreeMap<AdamId, Lookup>,
    /// Why the store did not answer about some.
    pub lookup_failure: Option<CallFailure>,
    /// The id under which this installation claims the location.
    pub claim: ClaimId,
    /// The job that is this sync.
    pub job: Job,
    /// The jobs about assignments that go on now that the token works and the counts are fresh.
    pub resumed: Vec<Job>,
    /// When the next sync runs, UTC, if all is well.
    pub next_at: DateTime<Utc>,
}

/// A token as it was at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBasis {
    /// How often its secret had been replaced.
    pub generation: u32,
    /// Its condition.
    pub condition: TokenCondition,
}

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncReport {
    /// How many assets the location has.
    pub assets: usize,
    /// Apps that came into the catalog.
    pub added: Vec<AdamId>,
    /// Assets whose app was in the catalog already, seen for the first time.
    pub already_there: Vec<AdamId>,
    /// Assets that the region's store does not know.
    pub not_found: Vec<AdamId>,
    /// Assets that are left to the administrator, and why.
    pub skipped: Vec<SkippedAsset>,
    /// Assets about which the store did not answer; they are asked again.
    pub unanswered: Vec<AdamId>,
    /// Why the store did not answer, for people.
    pub lookup_failure: Option<String>,
}

/// An asset that is left to the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SkippedAsset {
    /// The asset.
    pub adam_id: AdamId,
    /// Why.
    pub reason: SkipReason,
}

/// Why what was read cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SyncRefusal {
    /// The token was deleted meanwhile.
    #[error("there is no token for location uId {location}: upload its token first")]
    UnknownToken {
        /// The location that was asked for.
        location: LocationId,
    },
    /// Apple answered for another location than the token's.
    #[error(
        "Apple answered for location uId {answered}, but the token is for uId {expected}: \
         nothing was saved; update the token with a fresh file"
    )]
    OtherLocation {
        /// The location of the token.
        expected: LocationId,
        /// The location that Apple named.
        answered: LocationId,
    },
    /// The list names an asset twice, so which counts are right is not known.
    #[error(
        "Apple's list names app `{}` twice with the same pricing parameter: nothing was saved; sync again later",
        asset.adam_id
    )]
    AssetTwice {
        /// The asset.
        asset: AssetKey,
    },
}

impl SyncRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownToken { .. } => "unknown_token",
            Self::OtherLocation { .. } => "other_location",
            Self::AssetTwice { .. } => "asset_twice",
        }
    }
}

/// The ids that the store of the token's region has to be asked about, each once, ascending. Empty while the token
/// adds no apps automatically, and for assets that have their row.
#[must_use]
pub fn lookups_needed(loaded: &Loaded, token: &Token, assets: &[Asset]) -> Vec<AdamId> {
    ids_to_look_up(token, assets, &loaded.apps, &loaded.admissions)
}

/// Decides what a sync changes: counts, catalog, Token Details rows, the token's condition, and the next jobs.
///
/// Counts that were read before the stored ones change nothing. An asset that Apple lists no more keeps its pool,
/// marked as not listed.
///
/// # Errors
///
/// [`SyncRefusal`] when the token is gone or Apple answered for another location.
pub fn decide_sync_assets(
    loaded: &Loaded,
    location: &LocationId,
    findings: &SyncFindings,
    now: DateTime<Utc>,
) -> Result<(Decision, SyncReport), SyncRefusal> {
    let token =
        loaded.token(location).ok_or_else(|| SyncRefusal::UnknownToken { location: location.clone() })?;
    if &findings.location.id != location {
        let (expected, answered) = (location.clone(), findings.location.id.clone());
        return Err(SyncRefusal::OtherLocation { expected, answered });
    }
    // Answers of a region that the token has left are worth nothing.
    let nothing = BTreeMap::new();
    let lookups = if findings.region == token.settings.detail.region { &findings.lookups } else { &nothing };
    if let Some(asset) = named_twice(&findings.assets) {
        return Err(SyncRefusal::AssetTwice { asset });
    }
    let pass = admit(token, &findings.assets, &loaded.apps, &loaded.admissions, lookups, now);

    let mut decision = Decision { completed: vec![findings.job.completed()], ..Decision::default() };
    decision.pools = pools(loaded, location, findings, now);
    decision.jobs.push(next(token, findings, &pass, now));
    decision.jobs.extend(findings.resumed.iter().cloned());
    let report = report(findings, &pass);
    if !report.added.is_empty() {
        let act = AuditAct::AppsAdded { location: location.clone(), adam_ids: report.added.clone() };
        decision.audit.push(AuditDraft { at: now, actor: Actor::system(), act });
    }
    let after = token_after(token, findings, now);
    decision.enqueue_claim_if_unclaimed(&after, now);
    decision.save_observed(token, after, now);
    for app in &pass.apps {
        decision.jobs.push(Job::at(JobKind::TellCatalog { adam_id: app.adam_id }, now));
    }
    decision.apps = pass.apps;
    decision.admissions = pass.admissions;
    Ok((decision, report))
}

fn named_twice(assets: &[Asset]) -> Option<AssetKey> {
    let mut named = BTreeSet::new();
    assets.iter().map(Asset::key).find(|key| !named.insert(key.clone()))
}

/// The next sync: at once when the token changed meanwhile, soon while the store has not answered about all that it
/// was asked.
fn next(token: &Token, findings: &SyncFindings, pass: &Pass, now: DateTime<Utc>) -> Job {
    if !findings.basis.is(token) {
        return Job::at(findings.job.kind.clone(), now);
    }
    match &findings.lookup_failure {
        Some(failure) if !pass.unanswered.is_empty() => findings.job.after_failure(failure, now),
        _ => Job::at(findings.job.kind.clone(), findings.next_at),
    }
}

fn token_after(token: &Token, findings: &SyncFindings, now: DateTime<Utc>) -> Token {
    let synced = token.condition.observe(&TokenObservation::Synced, &findings.claim, now);
    let condition = if findings.basis.is(token) {
        synced.observe(&TokenObservation::Answered(findings.reply.clone()), &findings.claim, now)
    } else {
        synced
    };
    Token {
        location: findings.location.clone(),
        condition,
        last_sync: Some(SyncRecord { at: now, failure: lookup_failure(findings) }),
        ..token.clone()
    }
}

impl TokenBasis {
    /// A token as it is now.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self { generation: token.generation, condition: token.condition.clone() }
    }

    fn is(&self, token: &Token) -> bool {
        self.generation == token.generation && self.condition == token.condition
    }
}

fn lookup_failure(findings: &SyncFindings) -> Option<String> {
    findings.lookup_failure.as_ref().map(|failure| failure.message.clone())
}

fn pools(loaded: &Loaded, location: &LocationId, findings: &SyncFindings, now: DateTime<Utc>) -> Vec<Pool> {
    let newer: BTreeSet<_> = loaded
        .pools
        .iter() // A time that is still to come was written by a clock that was ahead.
        .filter(|pool| pool.counted_at > findings.read_at && pool.counted_at <= now)
        .map(Pool::key)
        .collect();
    let known = by_key(&loaded.pools);
    let before = by_key(&findings.pools_before);
    let read: BTreeMap<_, Pool> = findings
        .assets
        .iter()
        .map(|asset| Pool::of(location, asset, findings.read_at))
        .map(|pool| (pool.key(), pool))
        .map(|(key, pool)| {
            let pool = known
                .get(&key)
                .map_or(pool.clone(), |known| pool.counting_as(known, before.get(&key).copied()));
            (key, pool)
        })
        .collect();
    let gone = loaded
        .pools
        .iter()
        .filter(|pool| pool.listed && !read.contains_key(&pool.key()))
        .map(|pool| Pool { listed: false, counted_at: findings.read_at, ..pool.clone() });
    let mut changed: Vec<Pool> =
        gone.chain(read.values().cloned()).filter(|pool| !newer.contains(&pool.key())).collect();
    changed.sort_by_key(Pool::key);
    changed
}

fn by_key(pools: &[Pool]) -> BTreeMap<AssetKey, &Pool> {
    pools.iter().map(|pool| (pool.key(), pool)).collect()
}

fn report(findings: &SyncFindings, pass: &Pass) -> SyncReport {
    let with = |wanted: fn(&AdmissionVerdict) -> bool| -> Vec<AdamId> {
        pass.admissions
            .iter()
            .filter(|Admission { verdict, .. }| wanted(verdict))
            .map(|admission| admission.adam_id)
            .collect()
    };
    SyncReport {
        assets: findings.assets.len(),
        added: with(|verdict| matches!(verdict, AdmissionVerdict::Added { .. })),
        already_there: with(|verdict| matches!(verdict, AdmissionVerdict::AlreadyThere { .. })),
        not_found: with(|verdict| matches!(verdict, AdmissionVerdict::NotFound)),
        skipped: pass
            .skipped
            .iter()
            .map(|(adam_id, reason)| SkippedAsset { adam_id: *adam_id, reason: *reason })
            .collect(),
        unanswered: pass.unanswered.clone(),
        lookup_failure: lookup_failure(findings),
    }
}

#[cfg(test)]
#[path = "sync_tests.rs"]
mod tests;
