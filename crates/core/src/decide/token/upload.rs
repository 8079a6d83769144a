//! Adding a token: what is stored, and the next jobs.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    id::{Actor, ClaimId},
    token::{
        ClaimHolder, Location, RegistryRefusal, ReplyFacts, ScopeError, Token, TokenCondition, TokenFile,
        TokenFileError, TokenObservation, TokenSettings, check_location_is_new, check_name_is_free,
    },
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded, TokenChange},
};

/// A token that an administrator uploads, with what Apple said about it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The dialog's three tabs.
    pub settings: TokenSettings,
    /// The file, read.
    pub file: TokenFile,
    /// The location that Apple's client config names.
    pub location: Location,
    /// What else the client config said.
    pub reply: ReplyFacts,
    /// The id under which this installation claims the location.
    pub claim: ClaimId,
    /// Claim the location even when another MDM server claims it.
    pub take_over: bool,
}

/// Why an upload is refused. Nothing is stored then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UploadRefusal {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] TokenFileError),
    /// The Distribution tab contradicts itself.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The name or the location is taken.
    #[error(transparent)]
    Registry(#[from] RegistryRefusal),
}

impl UploadRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Scope(error) => error.code(),
            Self::Registry(error) => error.code(),
        }
    }
}

/// Decides an upload: the token is stored as joining, its claim and its first sync are due at once.
///
/// A location that another MDM server claims is stored too, unclaimed: it can be read, and written only after an
/// explicit claim. With `take_over` that claim is enqueued at once.
///
/// # Errors
///
/// [`UploadRefusal`] when the file has ended, a reservation is wrong, or the name or the location is taken.
pub fn decide_upload_token(
    loaded: &Loaded,
    upload: &Upload,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Decision, UploadRefusal> {
    upload.file.usable_at(now)?;
    upload.settings.scope.check()?;
    check_location_is_new(&loaded.tokens, &upload.location)?;
    check_name_is_free(&loaded.tokens, &upload.settings.detail.name, None)?;

    let answered = TokenObservation::Answered(upload.reply.clone());
    let condition = TokenCondition::new(upload.file.expires_at()).observe(&answered, &upload.claim, now);
    let location = upload.location.id.clone();
    let mut decision = Decision::default();
    decision.audit.push(AuditDraft {
        at: now,
        actor: actor.clone(),
        act: AuditAct::TokenUploaded {
            location: location.clone(),
            name: upload.settings.detail.name.clone(),
        },
    });
    match &condition.claim {
        ClaimHolder::Us => {}
        ClaimHolder::Unclaimed => {
            decision.jobs.push(Job::at(JobKind::ClaimLocation { location: location.clone() }, now));
        }
        ClaimHolder::Other { mdm_info } if upload.take_over => {
            decision.jobs.push(Job::at(JobKind::TakeOverLocation { location: location.clone() }, now));
            decision.audit.push(AuditDraft {
                at: now,
                actor: actor.clone(),
                act: AuditAct::TakeOverAsked { location: location.clone(), from: mdm_info.claimant() },
            });
        }
        ClaimHolder::Other { .. } => {}
    }
    decision.jobs.push(Job::at(JobKind::SyncAssets { location }, now));
    decision.tokens.push(TokenChange::Insert {
        token: Box::new(Token {
            location: upload.location.clone(),
            organization: upload.file.organization().to_owned(),
            settings: upload.settings.clone(),
            condition,
            generation: 1,
            uploaded_at: now,
            last_sync: None,
        }),
        content_token: upload.file.content_token().clone(),
    });
    Ok(decision)
}
