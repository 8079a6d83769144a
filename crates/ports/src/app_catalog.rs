//! The host's own catalog.

use async_trait::async_trait;
use mdm_vpp_core::{catalog::App, id::TenantId};
use thiserror::Error;

/// The host's catalog, told about the apps of ours. It decides nothing.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AppCatalog: Send + Sync {
    /// Takes an app as it is now. It may come more than once and must be idempotent: the last one counts.
    ///
    /// # Errors
    ///
    /// [`AppCatalogError`] when the catalog could not take it; it is told again later.
    async fn put_app(&self, tenant: &TenantId, app: &App) -> Result<(), AppCatalogError>;
}

/// The host's catalog could not take an app.
#[derive(Debug, Error)]
#[error("the host's catalog did not take app `{adam_id}`: {reason}")]
pub struct AppCatalogError {
    /// The app.
    pub adam_id: mdm_vpp_core::id::AdamId,
    /// Why, for people.
    pub reason: String,
}
