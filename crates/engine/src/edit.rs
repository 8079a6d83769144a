//! Editing a token's settings.

use mdm_vpp_core::{
    id::{Actor, LocationId},
    token::{EditRefusal, TokenSettings, decide_edit},
};
use mdm_vpp_ports::StoreError;
use thiserror::Error;

use crate::{
    Tenant, TokenOverview,
    turns::{TurnError, all_tokens},
};

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

impl Tenant {
    /// Changes a token's settings. Apps that are in the catalog keep their own policies. A new region, or a change
    /// of Add apps automatically, makes a sync due at once.
    ///
    /// # Errors
    ///
    /// [`EditError`]; the token stays as it was.
    pub async fn edit_token(
        &self,
        token: &LocationId,
        settings: TokenSettings,
        actor: &Actor,
    ) -> Result<TokenOverview, EditError> {
        let (of, by, now) = (token.clone(), actor.clone(), self.parts.clock.now());
        let decide =
            move |loaded: &_| decide_edit(loaded, &of, &settings, &by, now).map(|decision| (decision, ()));
        self.parts.turn(&self.id, &all_tokens(), decide).await.map_err(|error| match error {
            TurnError::Refused(refusal) => EditError::Refused(refusal),
            TurnError::Store(error) => EditError::Store(error),
        })?;
        Ok(self.token(token).await?)
    }
}
