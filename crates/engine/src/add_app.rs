//! Adding an app to the catalog by hand.

use mdm_vpp_core::{
    catalog::Lookup,
    decide::catalog::{Addition, AdditionRefusal, AdditionVerdict, decide_add_app, stores_to_ask},
    id::{Actor, AdamId, LocationId},
    token::AppPolicies,
};
use mdm_vpp_ports::{Apps, LoadScope, ServiceError, StoreError};
use thiserror::Error;

use crate::{
    Tenant,
    transact::{TransactError, one_token},
};

/// An app that an administrator adds by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddApp {
    /// The app.
    pub adam_id: AdamId,
    /// The policies it shall have.
    pub policies: AppPolicies,
}

/// Why an app was not added.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AddAppError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] AdditionRefusal),
    /// The store lookup failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AddAppError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Adds an app to the catalog by hand: a macOS app, a book, or one of a token that adds nothing by itself. It
    /// is looked up in the token's region and with the token's rights. Its Token Details row fills in at the next
    /// sync, which is due at once. An app of the catalog stays as it is.
    ///
    /// # Errors
    ///
    /// [`AddAppError`]; the catalog stays as it was.
    pub async fn add_app(
        &self,
        token: &LocationId,
        app: AddApp,
        actor: &Actor,
    ) -> Result<AdditionVerdict, AddAppError> {
        let scope = LoadScope {
            assets_of: Some(token.clone()),
            apps: Apps::These([app.adam_id].into()),
            ..one_token(token)
        };
        let loaded = self.parts.store.load(&self.id, &scope).await?;
        let Some(found) = loaded.token(token) else {
            return Err(AdditionRefusal::UnknownToken { location: token.clone() }.into());
        };
        if let Some(there) = loaded.apps.get(&app.adam_id) {
            return Ok(AdditionVerdict::NotNeeded(Box::new(there.clone())));
        }
        let region = found.settings.detail.region;
        let platforms = stores_to_ask(found, &loaded.pools, app.adam_id);
        let secret = self.parts.store.content_token(&self.id, token).await?.content_token;
        let mut lookup = Lookup::NotListed;
        for platform in platforms {
            let mut answers = self.parts.look_up(&secret, region, platform, vec![app.adam_id]).await?;
            if let Some(listed @ Lookup::Listed(_)) = answers.remove(&app.adam_id) {
                lookup = listed;
                break;
            }
        }
        let addition =
            Addition { token: token.clone(), adam_id: app.adam_id, region, lookup, policies: app.policies };
        let (by, now) = (actor.clone(), self.parts.clock.now());
        let decide = move |loaded: &_| decide_add_app(loaded, &addition, &by, now);
        self.parts.transact(&self.id, &scope, decide).await.map_err(|error| match error {
            TransactError::Refused(refusal) => AddAppError::Refused(refusal),
            TransactError::Store(error) => AddAppError::Store(error),
        })
    }
}
