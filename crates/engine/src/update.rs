//! Updating a token in place.

use mdm_vpp_core::{
    decide::token::{Renewal, RenewalRefusal, RenewalVerdict, decide_renew_token},
    id::{Actor, LocationId},
};
use mdm_vpp_ports::{ServiceError, StoreError};
use thiserror::Error;

use crate::{
    FileRefusedByApple, Tenant, TokenOutcome, WorkLimit,
    transact::{TransactError, all_tokens, token_after},
    upload::CheckError,
};

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenUpdate {
    /// Whether the secret was replaced.
    pub verdict: RenewalVerdict,
    /// The token as it is now, and what went wrong in the work that followed.
    pub outcome: TokenOutcome,
}

/// Why a token was not updated. It stays as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The file, or the location it belongs to.
    #[error(transparent)]
    Refused(#[from] RenewalRefusal),
    /// Apple refuses the file.
    #[error(transparent)]
    RefusedByApple(#[from] FileRefusedByApple),
    /// Apple could not be asked.
    #[error("the token could not be checked with Apple: {0}")]
    Service(#[from] ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UpdateError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::RefusedByApple(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Replaces a token's secret by a fresh file of the same location. Name, groups, policies, apps and licenses
    /// stay; a token that was expired or revoked works again. The file of another location is refused.
    ///
    /// # Errors
    ///
    /// [`UpdateError`]; the token stays as it was.
    pub async fn update_token(
        &self,
        token: &LocationId,
        file: &[u8],
        actor: &Actor,
    ) -> Result<TokenUpdate, UpdateError> {
        let file = self.parts.read_file(file).map_err(RenewalRefusal::from)?;
        let current = match self.parts.store.content_token(&self.id, token).await {
            Ok(stored) => Some(stored.content_token),
            // A lost key or a damaged secret is what a fresh file mends.
            Err(StoreError::Sealing { .. } | StoreError::Unreadable { .. }) => None,
            Err(StoreError::UnknownToken { location }) => {
                return Err(RenewalRefusal::UnknownToken { location }.into());
            }
            Err(error) => return Err(error.into()),
        };
        let config = self.parts.check_file(&file).await.map_err(|error| match error {
            CheckError::Refused(refusal) => UpdateError::RefusedByApple(refusal),
            CheckError::Service(error) => UpdateError::Service(error),
        })?;
        let renewal = Renewal {
            token: token.clone(),
            file,
            location: config.location,
            reply: config.reply,
            current,
            claim: self.parts.claim_id(token),
        };
        let (by, now) = (actor.clone(), self.parts.clock.now());
        let decide = move |loaded: &_| {
            let (decision, verdict) = decide_renew_token(loaded, &renewal, &by, now)?;
            let token = token_after(&decision, loaded, &renewal.token);
            Ok((decision, (verdict, token)))
        };
        let (verdict, saved) =
            self.parts.transact(&self.id, &all_tokens(), decide).await.map_err(|error| match error {
                TransactError::Refused(refusal) => UpdateError::Refused(refusal),
                TransactError::Store(error) => UpdateError::Store(error),
            })?;
        tracing::info!(tenant = %self.id, location = %token, %actor, ?verdict, "token updated");
        let saved = saved.ok_or_else(|| RenewalRefusal::UnknownToken { location: token.clone() })?;
        let outcome = self.work_on(saved, &WorkLimit::default()).await;
        Ok(TokenUpdate { verdict, outcome })
    }
}
