//! Calls to Apple with a stored token.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, RejectionKind},
};
use mdm_vpp_ports::{ClientConfig, ServiceError, StoreError};

use crate::vpp::Context;

/// A token whose secret Apple accepts.
pub(crate) struct Opened {
    pub(crate) secret: ContentToken,
    pub(crate) generation: u32,
    pub(crate) config: ClientConfig,
}

/// Why a call with a stored token failed.
pub(crate) enum CallError {
    /// Apple refused or could not be reached; the generation tells with which secret.
    Service { error: ServiceError, generation: u32 },
    /// Apple answered for another location than the token's.
    OtherLocation { answered: LocationId, generation: u32 },
    /// The secret could not be read.
    Store(StoreError),
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Whether Apple refuses the token itself.
pub(crate) fn rejects_token(error: &ServiceError) -> bool {
    error.number().and_then(RejectionKind::of).is_some()
}

impl Context {
    /// Reads the client config of a token. One refusal of the token is not believed: its secret is read again,
    /// for another machine may have renewed it, and the client config once more.
    pub(crate) async fn open(&self, tenant: &TenantId, location: &LocationId) -> Result<Opened, CallError> {
        match self.reopen(tenant, location).await {
            Err(CallError::Service { error, .. }) if rejects_token(&error) => {
                self.reopen(tenant, location).await
            }
            answer => answer,
        }
    }

    /// Reads a token's secret and its client config, once.
    pub(crate) async fn reopen(&self, tenant: &TenantId, location: &LocationId) -> Result<Opened, CallError> {
        let stored = self.store.content_token(tenant, location).await?;
        let (secret, generation) = (stored.content_token, stored.generation);
        match self.paced(location, self.service.client_config(&secret)).await {
            Ok(config) if &config.location.id != location => {
                Err(CallError::OtherLocation { answered: config.location.id, generation })
            }
            Ok(config) => Ok(Opened { secret, generation, config }),
            Err(error) => Err(CallError::Service { error, generation }),
        }
    }
}
