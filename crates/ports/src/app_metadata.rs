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
    /// The apps. An empty list is answered without a request.
    pub adam_ids: Vec<AdamId>,
}

/// Looks up apps in a national store.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AppMetadata: Send + Sync {
    /// Looks up apps by id. The answer has an entry for each id that the store answered about.
    ///
    /// The token is needed for custom apps and for owned apps that are sold no more.
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
