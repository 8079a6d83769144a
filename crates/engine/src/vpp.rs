//! The library as an embedder holds it, and how it is put together.

use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{ClaimId, InstallationId, LocationId, TenantId},
    token::MdmInfo,
};
use mdm_vpp_ports::{AppCatalog, AppMetadata, AssignmentService, Clock, LicenseService, Store, Timer};

use crate::{
    SystemClock, SystemTimer, Tenant,
    elsewhere::Elsewhere,
    talk::{Paces, TalkerState},
};

/// The library, put together. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Vpp {
    pub(crate) parts: Arc<Parts>,
}

/// What the library is put together from.
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) service: Arc<dyn LicenseService>,
    pub(crate) metadata: Arc<dyn AppMetadata>,
    pub(crate) catalog: Option<Arc<dyn AppCatalog>>,
    pub(crate) clock: Arc<dyn Clock>,
    installation: InstallationId,
    mdm_name: String,
    mdm_metadata: String,
    pub(crate) sync_every: TimeDelta,
    pub(crate) assignments: Option<Arc<dyn AssignmentService>>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) talker: TalkerState,
    pub(crate) paces: Paces,
    pub(crate) elsewhere: Elsewhere,
}

/// Puts the library together.
#[must_use = "call `build` to get the library"]
pub struct VppBuilder(Parts);

impl Vpp {
    /// Begins with the parts that every embedder needs: where state is kept, Apple's service, Apple's store, and
    /// the id of this installation.
    pub fn builder(
        store: Arc<dyn Store>,
        service: Arc<dyn LicenseService>,
        metadata: Arc<dyn AppMetadata>,
        installation: InstallationId,
    ) -> VppBuilder {
        VppBuilder(Parts {
            store,
            service,
            metadata,
            catalog: None,
            clock: Arc::new(SystemClock),
            installation,
            mdm_name: String::new(),
            mdm_metadata: String::new(),
            sync_every: TimeDelta::hours(24),
            assignments: None,
            timer: Arc::new(SystemTimer),
            talker: TalkerState::new(),
            paces: Paces::default(),
            elsewhere: Elsewhere::default(),
        })
    }

    /// The acts of one customer of the host. The tenant comes into being with its first token.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> Tenant {
        Tenant { parts: Arc::clone(&self.parts), id: tenant }
    }
}

impl VppBuilder {
    /// The host's catalog, to be told about every app that comes into ours.
    pub fn app_catalog(mut self, catalog: Arc<dyn AppCatalog>) -> Self {
        self.0.catalog = Some(catalog);
        self
    }

    /// Apple's service as far as licenses are assigned. Without it, locations are synced and nothing is assigned.
    pub fn assignments(mut self, service: Arc<dyn AssignmentService>) -> Self {
        self.0.assignments = Some(service);
        self
    }

    /// Another way to wait than the machine's; it belongs to the clock.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.0.timer = timer;
        self
    }

    /// Another clock than the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.0.clock = clock;
        self
    }

    /// How the product introduces itself when it claims a location: its name (Apple keeps 100 characters) and what
    /// helps to find it, mostly its host name (255 characters). Other MDM servers show both. Left empty, they are
    /// `mdm-vpp` and the installation id.
    pub fn mdm(mut self, name: impl Into<String>, metadata: impl Into<String>) -> Self {
        self.0.mdm_name = name.into();
        self.0.mdm_metadata = metadata.into();
        self
    }

    /// How long after a sync the next one is due; a day by default, at least a minute.
    pub fn sync_every(mut self, interval: TimeDelta) -> Self {
        self.0.sync_every = interval.max(TimeDelta::minutes(1));
        self
    }

    /// The library.
    #[must_use]
    pub fn build(self) -> Vpp {
        Vpp { parts: Arc::new(self.0) }
    }
}

impl Parts {
    pub(crate) fn claim_id(&self, location: &LocationId) -> ClaimId {
        ClaimId::new(&self.installation, location)
    }

    pub(crate) fn claim(&self, location: &LocationId) -> MdmInfo {
        MdmInfo {
            id: self.claim_id(location).as_str().to_owned(),
            name: given(&self.mdm_name, "mdm-vpp"),
            metadata: given(&self.mdm_metadata, self.installation.as_str()),
        }
    }
}

/// Apple refuses a claim with an empty member (error 9723).
fn given(text: &str, otherwise: &str) -> String {
    let text = if text.trim().is_empty() { otherwise } else { text };
    text.to_owned()
}

impl fmt::Debug for Vpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vpp").field("installation", &self.parts.installation).finish_non_exhaustive()
    }
}

impl fmt::Debug for VppBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VppBuilder").field("installation", &self.0.installation).finish_non_exhaustive()
    }
}
