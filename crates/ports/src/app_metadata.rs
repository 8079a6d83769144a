//! Apple's store, asked for names and icons.

use std::collections::BTreeMap;

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::Lookup,
    id::AdamId,
    token::{ContentToken, Region, StorePlatform},
};

use crate::ServiceError;

/// What is asked of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppMetadataQuery {
    /// The national store.
    pub region: Region,
    /// Which of the region's stores.
    pub platform: StorePlatform,
    /// The apps, any number and in any order. An empty list is answered without a request.
    pub adam_ids: Vec<AdamId>,
}

/// Looks up apps in a national store.
///
/// The store is not needed to assign a license: an app whose name could not be looked up is called by its id.
/// The suite `conformance::app_metadata` checks what an implementation promises.
///
/// ```
/// use mdm_vpp_core::{catalog::Lookup, id::AdamId, token::ContentToken};
/// use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, ServiceError};
///
/// async fn name(
///     store: &dyn AppMetadata,
///     token: &ContentToken,
///     query: &AppMetadataQuery,
///     app: AdamId,
/// ) -> Result<Option<String>, ServiceError> {
///     let mut found = store.look_up(token, query).await?;
///     Ok(match found.remove(&app) {
///         Some(Lookup::Listed(listing)) => Some(listing.name),
///         _ => None,
///     })
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AppMetadata: Send + Sync {
    /// Looks up apps by id. The answer has an entry for each id that the store answered about.
    ///
    /// The token is needed for custom apps, and for owned apps that are no longer sold (observed).
    ///
    /// # Errors
    ///
    /// [`ServiceError`] when the store did not answer. A store that answers without an app means
    /// [`Lookup::NotListed`], not an error.
    async fn look_up(
        &self,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError>;
}
