//! The embedder's own catalog of apps.

use std::time::Duration;

use async_trait::async_trait;
use mdm_vpp_core::{
    audience::Audience,
    catalog::App,
    id::{AdamId, TenantId},
};
use thiserror::Error;

/// The embedder's catalog. The library tells it about each app; it decides nothing.
///
/// ```
/// use async_trait::async_trait;
/// use mdm_vpp_core::{catalog::App, id::TenantId};
/// use mdm_vpp_ports::{AppCatalog, AppCatalogError};
///
/// struct Printed;
///
/// #[async_trait]
/// impl AppCatalog for Printed {
///     async fn put_app(&self, tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
///         println!("{tenant} has app {}", app.adam_id);
///         Ok(())
///     }
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AppCatalog: Send + Sync {
    /// Takes an app as it is now. The same app may come more than once, so this has to be idempotent: the last state
    /// counts.
    ///
    /// # Errors
    ///
    /// [`AppCatalogError`] when the catalog could not take it; the worker tells it again later.
    async fn put_app(&self, tenant: &TenantId, app: &App) -> Result<(), AppCatalogError>;
}

/// The embedder's catalog could not take an app.
#[derive(Debug, Error)]
#[error("the catalog did not take app `{adam_id}` ({reason}): mend the catalog; the app is told again")]
pub struct AppCatalogError {
    /// The app.
    pub adam_id: AdamId,
    /// Why, for people.
    pub reason: String,
}

impl AppCatalogError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "app_catalog"
    }

    /// Whether telling the same app may succeed later: always, and the worker does so.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        true
    }

    /// The wait that the catalog asked for: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        Audience::Operator
    }
}
