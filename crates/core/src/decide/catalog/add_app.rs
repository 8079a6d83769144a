//! Adding an app to the catalog by hand.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    catalog::{AddedBy, App, Lookup, Pool},
    id::{Actor, AdamId, LocationId},
    token::{AppPolicies, Region, StorePlatform, Token},
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded},
};

/// An app that an administrator adds by hand, with what the store said about it.
#[derive(Debug, Clone)]
pub struct Addition {
    /// The token in whose region and with whose rights the app was looked up.
    pub token: LocationId,
    /// The app.
    pub adam_id: AdamId,
    /// The region of the lookup.
    pub region: Region,
    /// What the store answered.
    pub lookup: Lookup,
    /// The app's policies.
    pub policies: AppPolicies,
}

/// What an addition did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdditionVerdict {
    /// The app is in the catalog now.
    Added(Box<App>),
    /// The app was there already and stays as it was.
    NotNeeded(Box<App>),
}

/// Why an app cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AdditionRefusal {
    /// There is no such token.
    #[error("there is no token for location uId {location}: upload its token first")]
    UnknownToken {
        /// The location that was asked for.
        location: LocationId,
    },
    /// The store of the token's region does not know the app.
    #[error(
        "the store of region {region} does not know app `{adam_id}`: check the id, or the token's region"
    )]
    NotFound {
        /// The app.
        adam_id: AdamId,
        /// The region.
        region: Region,
    },
}

impl AdditionRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownToken { .. } => "unknown_token",
            Self::NotFound { .. } => "app_not_found",
        }
    }
}

/// The stores in which an app that is added by hand is looked up, in order: the one of the location's kind, unless
/// the location owns the app for macOS alone; the one for Macs too, when nothing is known of the app's platforms.
#[must_use]
pub fn stores_to_ask(token: &Token, pools: &[Pool], adam_id: AdamId) -> Vec<StorePlatform> {
    let own = token.location.store.platform();
    let pool = pools.iter().find(|pool| pool.adam_id == adam_id);
    match pool.and_then(Pool::is_macos_only) {
        Some(true) => vec![StorePlatform::Mac],
        Some(false) => vec![own],
        None => vec![own, StorePlatform::Mac],
    }
}

/// Decides an addition by hand: the app is in the catalog at once; its Token Details row follows with the sync
/// that is enqueued now.
///
/// # Errors
///
/// [`AdditionRefusal`] when there is no such token or the store does not know the app.
pub fn decide_add_app(
    loaded: &Loaded,
    addition: &Addition,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(Decision, AdditionVerdict), AdditionRefusal> {
    let Addition { adam_id, region, .. } = *addition;
    let location = &addition.token;
    loaded.token(location).ok_or_else(|| AdditionRefusal::UnknownToken { location: location.clone() })?;
    if let Some(app) = loaded.apps.get(&adam_id) {
        return Ok((Decision::default(), AdditionVerdict::NotNeeded(Box::new(app.clone()))));
    }
    let Lookup::Listed(listing) = &addition.lookup else {
        return Err(AdditionRefusal::NotFound { adam_id, region });
    };
    let added_by = AddedBy::Administrator { actor: actor.clone() };
    let app = App::from_listing(listing, addition.policies, added_by, now);
    let decision = Decision {
        apps: vec![app.clone()],
        jobs: vec![
            Job::at(JobKind::SyncAssets { location: location.clone() }, now),
            Job::at(JobKind::TellCatalog { adam_id }, now),
        ],
        audit: vec![AuditDraft { at: now, actor: actor.clone(), act: AuditAct::AppAddedByHand { adam_id } }],
        ..Decision::default()
    };
    Ok((decision, AdditionVerdict::Added(Box::new(app))))
}
