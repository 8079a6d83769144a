//! Editing a token's settings.

use mdm_vpp_core::{
    decide::token::{EditRefusal, decide_edit_token},
    id::{Actor, LocationId},
    token::TokenSettings,
};
use mdm_vpp_ports::StoreError;
use thiserror::Error;

use super::{
    Tenant, TokenOverview,
    error_facts::{ErrorFacts, error_facts},
};
use crate::context::{TransactError, all_tokens, token_after};

/// Why settings were not changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The rules refuse them.
    #[error(transparent)]
    Refused(#[from] EditRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EditError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(EditError);

impl Tenant {
    /// Changes a token's settings. Apps that are in the catalog keep their own policies. A new region, or a change
    /// of Add apps automatically, makes a sync due at once.
    ///
    /// # Errors
    ///
    /// [`EditError`]; the token stays as it was.
    pub async fn edit_token(
        &self,
        location: &LocationId,
        settings: TokenSettings,
        actor: &Actor,
    ) -> Result<TokenOverview, EditError> {
        let (of, by, now) = (location.clone(), actor.clone(), self.context().now());
        let decide = move |loaded: &_| {
            let decision = decide_edit_token(loaded, &of, &settings, &by, now)?;
            let token = token_after(&decision, loaded, &of);
            Ok((decision, token))
        };
        let saved = self.context().transact(self.id(), &all_tokens(), decide).await;
        let saved = saved.map_err(|error| match error {
            TransactError::Refused(refusal) => EditError::Refused(refusal),
            TransactError::Store(error) => EditError::Store(error),
        })?;
        let saved = saved.ok_or_else(|| EditRefusal::UnknownToken { location: location.clone() })?;
        Ok(TokenOverview::at(saved, now))
    }
}
