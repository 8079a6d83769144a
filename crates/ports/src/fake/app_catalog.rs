//! A host's catalog in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, TenantId},
};

use crate::{AppCatalog, AppCatalogError};

/// A host's catalog in memory.
#[derive(Debug, Default)]
pub struct MemoryAppCatalog(Mutex<BTreeMap<(TenantId, AdamId), App>>);

impl MemoryAppCatalog {
    /// The apps of a tenant, by id.
    #[must_use]
    pub fn apps(&self, tenant: &TenantId) -> Vec<App> {
        let apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        apps.iter().filter(|((of, _), _)| of == tenant).map(|(_, app)| app.clone()).collect()
    }
}

#[async_trait]
impl AppCatalog for MemoryAppCatalog {
    async fn put_app(&self, tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        let mut apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        apps.insert((tenant.clone(), app.adam_id), app.clone());
        Ok(())
    }
}
