//! The library as an embedder holds it, and how it is put together.

use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{ClaimId, InstallationId, LocationId, TenantId},
    token::MdmInfo,
};
use mdm_vpp_ports::{AppCatalog, AppMetadata, AssignmentService, Clock, LicenseService, Store, Timer};

use crate::{
    NotificationKeys, NotificationUrl, SystemClock, SystemTimer, Tenant,
    notifications::Notifications,
    read_only::ReadOnly,
    suppressed::Suppressed,
    talk::{Paces, Sessions},
};

/// The library, put together. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Vpp {
    pub(crate) parts: Arc<Context>,
}

/// What the library is put together from.
pub(crate) struct Context {
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
    pub(crate) notifications: Option<Notifications>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) sessions: Sessions,
    pub(crate) paces: Paces,
    pub(crate) suppressed: Suppressed,
    pub(crate) read_only: bool,
}

/// Puts the library together.
#[must_use = "call `build` to get the library"]
pub struct VppBuilder(Context);

impl Vpp {
    /// Begins with the parts that every embedder needs: where state is kept, Apple's service, Apple's store, and
    /// the id of this installation.
    pub fn builder(
        store: Arc<dyn Store>,
        service: Arc<dyn LicenseService>,
        metadata: Arc<dyn AppMetadata>,
        installation: InstallationId,
    ) -> VppBuilder {
        VppBuilder(Context {
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
            notifications: None,
            timer: Arc::new(SystemTimer),
            sessions: Sessions::new(),
            paces: Paces::default(),
            suppressed: Suppressed::default(),
            read_only: false,
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

    /// Lets Apple tell by itself what happened: each location is subscribed after a sync, at this address, which has to
    /// lead to [`Vpp::notification`]. Every process of the installation needs the same keys.
    ///
    /// Without it nothing is subscribed and no notification is taken; Apple is asked instead, which takes more requests.
    ///
    /// ```
    /// use mdm_vpp_engine::{NotificationKey, NotificationKeys, NotificationUrl, VppBuilder};
    ///
    /// fn with_notifications(builder: VppBuilder, key: &str) -> Result<VppBuilder, Box<dyn std::error::Error>> {
    ///     let url = NotificationUrl::new("https://mdm.example.org/apple/notifications")?;
    ///     let keys = NotificationKeys::only(NotificationKey::parse(key)?);
    ///     Ok(builder.notifications(url, keys))
    /// }
    /// ```
    pub fn notifications(mut self, url: NotificationUrl, keys: NotificationKeys) -> Self {
        self.0.notifications = Some(Notifications { url, keys });
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

    /// Reads and plans, and sends nothing that writes: no claim, no license given or taken, no subscription. For a
    /// first look at a location that another product runs, or for a rehearsal.
    ///
    /// Everything is read, and wishes are taken: [`Tenant::pending`] shows the requests that would follow. They stay in
    /// the store, and so does the wish to claim a location. A library without this mode on the same store sends them
    /// within an hour, or right after its next sync; so do not leave wishes there that nobody means. Do not let both work
    /// on one store at a time: what is due and writes, whoever noted it, is put off here by an hour.
    ///
    /// A token's status says what is true at Apple, not what this process may do: a location that nobody claims stays
    /// [`Joining`](mdm_vpp_core::token::TokenStatus::Joining), and the failure `read_only_mode` says why; one that this
    /// installation claimed before is [`Active`](mdm_vpp_core::token::TokenStatus::Active) as ever.
    pub const fn read_only(mut self) -> Self {
        self.0.read_only = true;
        self
    }

    /// The library.
    #[must_use]
    pub fn build(self) -> Vpp {
        let mut parts = self.0;
        if parts.read_only {
            // What is due and would write is put off before it comes to a call. Nothing else gets through either.
            parts.service = Arc::new(ReadOnly(parts.service));
            parts.assignments = parts.assignments.map(|service| Arc::new(ReadOnly(service)) as _);
        }
        Vpp { parts: Arc::new(parts) }
    }
}

impl Context {
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
