//! Updating a token in place with a fresh file of the same location.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    id::{Actor, ClaimId, LocationId},
    token::{
        ContentToken, Location, ReplyFacts, Token, TokenFile, TokenFileError, TokenName, TokenObservation,
        TokenStatus,
    },
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded, TokenChange},
};

/// A file that shall replace a token's secret, with what Apple said about it.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The token to update, by its location.
    pub token: LocationId,
    /// The file, read.
    pub file: TokenFile,
    /// The location that Apple's client config names for the file.
    pub location: Location,
    /// What else the client config said.
    pub reply: ReplyFacts,
    /// The secret that the token has now; `None` when it cannot be opened any more.
    pub current: Option<ContentToken>,
    /// The id under which this installation claims the location.
    pub claim: ClaimId,
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenewalVerdict {
    /// The secret was replaced.
    Renewed,
    /// The file is the one that the token has already.
    NotNeeded,
}

/// Why an update is refused. The token stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenewalRefusal {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] TokenFileError),
    /// There is no such token.
    #[error("there is no token for location uId {location}: upload the file as a new token")]
    UnknownToken {
        /// The location that was asked for.
        location: LocationId,
    },
    /// The file belongs to another location.
    #[error(transparent)]
    OtherLocation(#[from] Box<OtherLocation>),
    /// The file ends before the token that works now.
    #[error(
        "the file ends on {given}, before the token that works now, which ends on {current}: \
         it is an older download; upload the newest one"
    )]
    Older {
        /// The end of the file, UTC.
        given: DateTime<Utc>,
        /// The end of the token that works now, UTC.
        current: DateTime<Utc>,
    },
}

impl RenewalRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::UnknownToken { .. } => "unknown_token",
            Self::OtherLocation(_) => "other_location",
            Self::Older { .. } => "older_file",
        }
    }
}

/// A file of one location for the token of another.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "token `{token}` is for location `{expected}` (uId {expected_id}), but the file is for location `{given}` \
     (uId {given_id}){}: download the token of `{expected}`",
    .known.as_ref().map(|name| format!(", which token `{name}` manages")).unwrap_or_default()
)]
pub struct OtherLocation {
    /// The token that was to be updated.
    pub token: TokenName,
    /// The name of its location.
    pub expected: String,
    /// The `uId` of its location.
    pub expected_id: LocationId,
    /// The name of the file's location.
    pub given: String,
    /// The `uId` of the file's location.
    pub given_id: LocationId,
    /// Which of the tenant's tokens manages the file's location, if one does.
    pub known: Option<TokenName>,
}

/// Decides an update. Name, groups, policies, apps and licenses stay; the secret and its end change, and a sync is
/// due at once.
///
/// # Errors
///
/// [`RenewalRefusal`]; the location's `uId` alone decides whether a file belongs to a token, never a name.
pub fn decide_renew_token(
    loaded: &Loaded,
    renewal: &Renewal,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(Decision, RenewalVerdict), RenewalRefusal> {
    renewal.file.usable_at(now)?;
    let token = loaded
        .token(&renewal.token)
        .ok_or_else(|| RenewalRefusal::UnknownToken { location: renewal.token.clone() })?;
    if renewal.location.id != renewal.token {
        return Err(other_location(loaded, token, &renewal.location));
    }
    let same = renewal.current.as_ref() == Some(renewal.file.content_token());
    let (given, current) = (renewal.file.expires_at(), token.condition.expires_at);
    let works = !matches!(
        token.status(now),
        TokenStatus::Revoked { .. } | TokenStatus::Invalid { .. } | TokenStatus::Expired { .. }
    );
    if !same && works && renewal.current.is_some() && given < current {
        return Err(RenewalRefusal::Older { given, current });
    }

    let answered = TokenObservation::Answered(renewal.reply.clone());
    let mut after = token.clone();
    after.location = renewal.location.clone();
    if !same {
        after.condition =
            after.condition.observe(&TokenObservation::Renewed { expires_at: given }, &renewal.claim, now);
        renewal.file.organization().clone_into(&mut after.organization);
        after.generation = token.generation.saturating_add(1);
    }
    after.condition = after.condition.observe(&answered, &renewal.claim, now);

    let mut decision = Decision::default();
    let location = renewal.token.clone();
    decision.enqueue_claim_if_unclaimed(&after, now);
    decision.jobs.push(Job::at(JobKind::SyncAssets { location: location.clone() }, now));
    if same {
        decision.audit_status_change(token, &after, actor, now);
        decision.tokens.push(TokenChange::Update { token: Box::new(after) });
        return Ok((decision, RenewalVerdict::NotNeeded));
    }
    decision.audit.push(AuditDraft {
        at: now,
        actor: actor.clone(),
        act: AuditAct::TokenUpdated { location, expires_at: after.condition.expires_at },
    });
    decision.audit_status_change(token, &after, actor, now);
    decision.tokens.push(TokenChange::Replace {
        token: Box::new(after),
        content_token: renewal.file.content_token().clone(),
    });
    Ok((decision, RenewalVerdict::Renewed))
}

fn other_location(loaded: &Loaded, token: &Token, given: &Location) -> RenewalRefusal {
    RenewalRefusal::OtherLocation(Box::new(OtherLocation {
        token: token.settings.detail.name.clone(),
        expected: token.location.name.clone(),
        expected_id: token.location.id.clone(),
        given: given.name.clone(),
        given_id: given.id.clone(),
        known: loaded.token(&given.id).map(|other| other.settings.detail.name.clone()),
    }))
}
