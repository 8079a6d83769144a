//! The usual way to put the adapters together.

use std::sync::Arc;

use mdm_vpp_ports::Clock;
use thiserror::Error;

use super::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings, SettingsError};
use crate::{
    catalog::StoreLookup,
    http::{ReqwestTransport, ReqwestTransportError},
};

/// Why a client could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The HTTP client.
    #[error(transparent)]
    Transport(#[from] ReqwestTransportError),
}

impl AppleClient {
    /// A client that sends with [`ReqwestTransport`]. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] when the settings cannot be used or the HTTP client cannot be set up.
    pub fn with_reqwest(settings: AppleSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>, ConnectError> {
        let transport = Arc::new(ReqwestTransport::new(settings.connect_timeout)?);
        Ok(Arc::new(Self::new(settings, transport, clock)?))
    }

    /// Apple's service over this client.
    #[must_use]
    pub fn license_service(self: &Arc<Self>) -> AppleLicenseService {
        AppleLicenseService::new(Arc::clone(self))
    }

    /// Apple's service over this client, as far as licenses are assigned.
    #[must_use]
    pub fn assignment_service(self: &Arc<Self>) -> AppleAssignmentService {
        AppleAssignmentService::new(Arc::clone(self))
    }

    /// The store lookup over this client.
    #[must_use]
    pub fn store_lookup(self: &Arc<Self>) -> StoreLookup {
        StoreLookup::new(Arc::clone(self))
    }
}
