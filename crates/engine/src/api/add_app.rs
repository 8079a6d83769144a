//! Adding an app to the catalog by hand.

use mdm_vpp_core::{
    catalog::Lookup,
    decide::catalog::{Addition, AdditionRefusal, AdditionVerdict, decide_add_app, stores_to_ask},
    id::{Actor, AdamId, LocationId},
    token::AppPolicies,
};
use mdm_vpp_ports::{Apps, ServiceError, StoreError};
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
};
use crate::{
    context::{TransactError, one_token},
    reconcile::look_up,
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
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Service(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(AddAppError);

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
        location: &LocationId,
        app: AddApp,
        actor: &Actor,
    ) -> Result<AdditionVerdict, AddAppError> {
        let context = self.context();
        let scope = one_token(location).assets_of(location.clone()).apps(Apps::These([app.adam_id].into()));
        let loaded = context.store().load(self.id(), &scope).await?;
        let Some(token) = loaded.token(location) else {
            return Err(AdditionRefusal::UnknownToken { location: location.clone() }.into());
        };
        if let Some(there) = loaded.apps.get(&app.adam_id) {
            return Ok(AdditionVerdict::NotNeeded(Box::new(there.clone())));
        }
        let region = token.settings.detail.region;
        let platforms = stores_to_ask(token, &loaded.pools, app.adam_id);
        let secret = context.store().content_token(self.id(), location).await?.content_token;
        let mut lookup = Lookup::NotListed;
        for platform in platforms {
            let mut answers = look_up(context, &secret, region, platform, vec![app.adam_id]).await?;
            if let Some(listed @ Lookup::Listed(_)) = answers.remove(&app.adam_id) {
                lookup = listed;
                break;
            }
        }
        let addition = Addition {
            token: location.clone(),
            adam_id: app.adam_id,
            region,
            lookup,
            policies: app.policies,
        };
        let (by, now) = (actor.clone(), context.now());
        let decide = move |loaded: &_| decide_add_app(loaded, &addition, &by, now);
        context.transact(self.id(), &scope, decide).await.map_err(|error| match error {
            TransactError::Refused(refusal) => AddAppError::Refused(refusal),
            TransactError::Store(error) => AddAppError::Store(error),
        })
    }
}
