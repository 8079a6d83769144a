//! Updating a token in place.

use mdm_vpp_core::{
    decide::token::{Renewal, RenewalRefusal, RenewalVerdict, decide_renew_token},
    id::{Actor, LocationId},
};
use mdm_vpp_ports::{ServiceError, StoreError};
use thiserror::Error;

use super::{
    FileRefusedByApple, Tenant, TokenOutcome,
    check_file::{CheckError, check_file, read_file},
    error_facts::{ErrorFacts, error_facts},
};
use crate::{
    context::{TransactError, all_tokens, token_after},
    worker::WorkLimit,
};

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenUpdate {
    /// Whether the secret was replaced.
    pub verdict: RenewalVerdict,
    /// The token as it is now, and the jobs that failed of those that followed.
    pub outcome: TokenOutcome,
}

/// Why a token was not updated. It stays as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The rules refuse the file, or the location it belongs to.
    #[error(transparent)]
    Refused(#[from] RenewalRefusal),
    /// Apple refuses the file.
    #[error(transparent)]
    RefusedByApple(#[from] FileRefusedByApple),
    /// Apple could not be asked.
    #[error("cannot check the token with Apple: {0}")]
    Service(ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UpdateError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::RefusedByApple(refusal) => refusal.into(),
            Self::Service(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(UpdateError);

impl Tenant {
    /// Replaces a token's secret by a fresh file of the same location. Name, groups, policies, apps and licenses
    /// stay; a token that was expired or revoked works again. The file of another location is refused.
    ///
    /// # Errors
    ///
    /// [`UpdateError`]; the token stays as it was.
    pub async fn update_token(
        &self,
        location: &LocationId,
        file: &[u8],
        actor: &Actor,
    ) -> Result<TokenUpdate, UpdateError> {
        let context = self.context();
        let file = read_file(context, file).map_err(RenewalRefusal::from)?;
        let current = match context.store().content_token(self.id(), location).await {
            Ok(stored) => Some(stored.content_token),
            // A lost key or a damaged secret is what a fresh file mends.
            Err(StoreError::Sealing { .. } | StoreError::Unreadable { .. }) => None,
            Err(StoreError::UnknownToken { location }) => {
                return Err(RenewalRefusal::UnknownToken { location }.into());
            }
            Err(error) => return Err(error.into()),
        };
        let config = check_file(context, &file).await.map_err(|error| match error {
            CheckError::Refused(refusal) => UpdateError::RefusedByApple(refusal),
            CheckError::Service(error) => UpdateError::Service(error),
        })?;
        let renewal = Renewal {
            token: location.clone(),
            file,
            location: config.location,
            reply: config.reply,
            current,
            claim: context.claim_id(location),
        };
        let (by, now) = (actor.clone(), context.now());
        let decide = move |loaded: &_| {
            let (decision, verdict) = decide_renew_token(loaded, &renewal, &by, now)?;
            let token = token_after(&decision, loaded, &renewal.token);
            Ok((decision, (verdict, token)))
        };
        let saved = context.transact(self.id(), &all_tokens(), decide).await;
        let (verdict, saved) = saved.map_err(|error| match error {
            TransactError::Refused(refusal) => UpdateError::Refused(refusal),
            TransactError::Store(error) => UpdateError::Store(error),
        })?;
        tracing::info!(tenant = %self.id(), %location, %actor, ?verdict, "token updated");
        let saved = saved.ok_or_else(|| RenewalRefusal::UnknownToken { location: location.clone() })?;
        let outcome = self.outcome_of(saved, &WorkLimit::default()).await;
        Ok(TokenUpdate { verdict, outcome })
    }
}
