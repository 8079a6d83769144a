//! A store of apps in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::{Lookup, StoreListing},
    id::AdamId,
    token::{ContentToken, Region},
};

use crate::{AppMetadata, AppMetadataQuery, ServiceError};

/// National stores in memory. Every token sees everything.
#[derive(Debug, Default)]
pub struct MemoryAppMetadata(Mutex<BTreeMap<(Region, AdamId), StoreListing>>);

impl MemoryAppMetadata {
    /// Puts an app into a region's store.
    pub fn put(&self, region: Region, listing: StoreListing) {
        let mut listings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listings.insert((region, listing.adam_id), listing);
    }
}

#[async_trait]
impl AppMetadata for MemoryAppMetadata {
    async fn look_up(
        &self,
        _token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        let listings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = |adam_id: &AdamId| match listings.get(&(query.region, *adam_id)) {
            Some(listing) => Lookup::Listed(listing.clone()),
            None => Lookup::NotListed,
        };
        Ok(query.adam_ids.iter().map(|adam_id| (*adam_id, answer(adam_id))).collect())
    }
}
