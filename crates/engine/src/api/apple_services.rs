//! Apple's services, as an embedder gives them to the builder.

use std::{fmt, sync::Arc};

use mdm_vpp_ports::{AppMetadata, AssignmentService, LicenseService};

/// Apple's services: licenses of a location, assignments, and the store lookup. Each may be replaced by another
/// implementation of its port.
///
/// ```
/// use std::sync::Arc;
///
/// use mdm_vpp_engine::AppleServices;
/// use mdm_vpp_ports::{AppMetadata, AssignmentService, LicenseService};
///
/// /// One client for all of Apple's services, but another store lookup.
/// fn services<C>(client: &Arc<C>, lookup: Arc<dyn AppMetadata>) -> AppleServices
/// where
///     C: LicenseService + AssignmentService + AppMetadata + 'static,
/// {
///     AppleServices::new(client.clone(), client.clone(), client.clone()).lookup(lookup)
/// }
/// ```
#[derive(Clone)]
#[must_use]
pub struct AppleServices {
    pub(super) licenses: Arc<dyn LicenseService>,
    pub(super) assignments: Option<Arc<dyn AssignmentService>>,
    pub(super) lookup: Arc<dyn AppMetadata>,
}

impl AppleServices {
    /// All three services.
    pub fn new(
        licenses: Arc<dyn LicenseService>,
        assignments: Arc<dyn AssignmentService>,
        lookup: Arc<dyn AppMetadata>,
    ) -> Self {
        Self { licenses, assignments: Some(assignments), lookup }
    }

    /// Locations are synced, and no license is assigned. Jobs about assignments wait for another process on the same
    /// store that has all three services.
    pub fn without_assignments(licenses: Arc<dyn LicenseService>, lookup: Arc<dyn AppMetadata>) -> Self {
        Self { licenses, assignments: None, lookup }
    }

    /// Replaces the service for claims, client config and assets.
    pub fn licenses(mut self, licenses: Arc<dyn LicenseService>) -> Self {
        self.licenses = licenses;
        self
    }

    /// Replaces the service for assignments, users, events and notifications.
    pub fn assignments(mut self, assignments: Arc<dyn AssignmentService>) -> Self {
        self.assignments = Some(assignments);
        self
    }

    /// Replaces the store lookup.
    pub fn lookup(mut self, lookup: Arc<dyn AppMetadata>) -> Self {
        self.lookup = lookup;
        self
    }
}

impl fmt::Debug for AppleServices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_assignments = self.assignments.is_some();
        f.debug_struct("AppleServices").field("assignments", &has_assignments).finish_non_exhaustive()
    }
}
