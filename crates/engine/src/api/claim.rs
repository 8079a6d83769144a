//! Claiming a location.

use mdm_vpp_core::{
    decide::token::{ClaimRefusal, decide_claim_location},
    id::{Actor, LocationId},
};
use mdm_vpp_ports::StoreError;
use thiserror::Error;

use super::{
    Tenant, TokenOutcome,
    error_facts::{ErrorFacts, error_facts},
};
use crate::{
    context::{TransactError, one_token, token_after},
    worker::WorkLimit,
};

/// Why a location was not claimed. No call was made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] ClaimRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ClaimError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(ClaimError);

impl Tenant {
    /// Claims a location from another MDM server. The claim and its actor are recorded first; if Apple cannot be
    /// reached the job stays, and the outcome's failures say why.
    ///
    /// # Errors
    ///
    /// [`ClaimError`]: a token that is revoked, invalid or expired is refused without a call.
    pub async fn claim_token(
        &self,
        location: &LocationId,
        actor: &Actor,
    ) -> Result<TokenOutcome, ClaimError> {
        let (of, by, now) = (location.clone(), actor.clone(), self.context().now());
        let decide = move |loaded: &_| {
            let decision = decide_claim_location(loaded, &of, &by, now)?;
            let token = token_after(&decision, loaded, &of);
            Ok((decision, token))
        };
        let saved = self.context().transact(self.id(), &one_token(location), decide).await;
        let saved = saved.map_err(|error| match error {
            TransactError::Refused(refusal) => ClaimError::Refused(refusal),
            TransactError::Store(error) => ClaimError::Store(error),
        })?;
        let saved = saved.ok_or_else(|| ClaimRefusal::UnknownToken { location: location.clone() })?;
        Ok(self.outcome_of(saved, &WorkLimit::default()).await)
    }
}
