//! Reading the client config with a stored token: what syncs and claims begin with.

use mdm_vpp_core::{
    decide::catalog::SyncRefusal,
    id::{LocationId, TenantId},
    token::{ContentToken, RejectionKind},
};
use mdm_vpp_ports::{ClientConfig, ServiceError, StoreError};

use crate::sessions::{Sessions, paced};

/// A token that Apple accepts, for the right location.
pub(super) struct OpenedToken {
    pub(super) secret: ContentToken,
    pub(super) generation: u32,
    pub(super) config: ClientConfig,
}

/// Why a token could not be opened, or a call with it failed.
pub(super) enum OpenError {
    /// Apple refused or could not be reached; the generation says with which secret.
    Service { error: ServiceError, generation: u32 },
    /// Apple answered for another location than the token's.
    OtherLocation { refusal: SyncRefusal, generation: u32 },
    /// The secret could not be read.
    Store(StoreError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Whether Apple refuses the token itself.
pub(crate) fn rejects_token(error: &ServiceError) -> bool {
    error.number().and_then(RejectionKind::of).is_some()
}

/// Reads the client config of a token. One refusal of the token is not believed: the secret is read again, because
/// another process may have renewed it, and the client config once more.
pub(super) async fn open_token(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<OpenedToken, OpenError> {
    match open_token_once(sessions, tenant, location).await {
        Err(OpenError::Service { error, .. }) if rejects_token(&error) => {
            open_token_once(sessions, tenant, location).await
        }
        answer => answer,
    }
}

/// Reads the secret of a token and with it the client config, once.
pub(super) async fn open_token_once(
    sessions: &Sessions,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<OpenedToken, OpenError> {
    let context = sessions.context();
    let stored = context.store().content_token(tenant, location).await?;
    let (secret, generation) = (stored.content_token, stored.generation);
    match paced(sessions, location, context.licenses().client_config(&secret)).await {
        Ok(config) if config.location.id != *location => {
            let (expected, answered) = (location.clone(), config.location.id);
            let refusal = SyncRefusal::OtherLocation { expected, answered };
            Err(OpenError::OtherLocation { refusal, generation })
        }
        Ok(config) => Ok(OpenedToken { secret, generation, config }),
        Err(error) => Err(OpenError::Service { error, generation }),
    }
}
