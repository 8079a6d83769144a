//! Editing a token's settings.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    id::{Actor, LocationId},
    token::{RegistryRefusal, ScopeError, Token, TokenSettings, check_name_is_free},
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded, TokenChange},
};

/// Why new settings are refused. The token stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditRefusal {
    /// There is no such token.
    #[error("there is no token for location uId {location}: upload its token first")]
    UnknownToken {
        /// The location that was asked for.
        location: LocationId,
    },
    /// The Distribution tab contradicts itself.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The new name is taken.
    #[error(transparent)]
    Registry(#[from] RegistryRefusal),
}

impl EditRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownToken { .. } => "unknown_token",
            Self::Scope(error) => error.code(),
            Self::Registry(error) => error.code(),
        }
    }
}

/// Decides new settings for a token. Apps that are in the catalog keep their own policies. When the region or the
/// automatic addition changes, a sync is enqueued at once.
///
/// # Errors
///
/// [`EditRefusal`] when there is no such token, the new name is taken or a reservation is wrong.
pub fn decide_edit_token(
    loaded: &Loaded,
    location: &LocationId,
    settings: &TokenSettings,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Decision, EditRefusal> {
    let token =
        loaded.token(location).ok_or_else(|| EditRefusal::UnknownToken { location: location.clone() })?;
    settings.scope.check()?;
    check_name_is_free(&loaded.tokens, &settings.detail.name, Some(location))?;
    let mut decision = Decision::default();
    if &token.settings == settings {
        return Ok(decision);
    }
    let (old, new) = (&token.settings.detail, &settings.detail);
    if old.region != new.region || old.add_apps_automatically != new.add_apps_automatically {
        decision.jobs.push(Job::at(JobKind::SyncAssets { location: location.clone() }, now));
    }
    let act = AuditAct::SettingsChanged { location: location.clone() };
    decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
    let after = Token { settings: settings.clone(), ..token.clone() };
    decision.tokens.push(TokenChange::Update { token: Box::new(after) });
    Ok(decision)
}
