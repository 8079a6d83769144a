//! How the library is put together.

use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use mdm_vpp_core::id::InstallationId;
use mdm_vpp_ports::{AppCatalog, Clock, Store, Timer};

use super::{AppleServices, Vpp};
use crate::{
    context::{Context, Parts, SystemClock, SystemTimer},
    notifications::{NotificationKeys, NotificationUrl, Notifications},
    sessions::Sessions,
    worker::Worker,
};

/// Puts the library together; [`Vpp::builder`] begins.
#[must_use = "call `build` to get the library"]
pub struct VppBuilder(Parts);

impl VppBuilder {
    pub(super) fn new(store: Arc<dyn Store>, apple: AppleServices, installation: InstallationId) -> Self {
        let AppleServices { licenses, assignments, lookup } = apple;
        Self(Parts {
            store,
            licenses,
            assignments,
            lookup,
            catalog: None,
            clock: Arc::new(SystemClock),
            timer: Arc::new(SystemTimer),
            installation,
            mdm_name: String::new(),
            mdm_metadata: String::new(),
            sync_every: TimeDelta::hours(24),
            notifications: None,
            read_only: false,
        })
    }

    /// The embedder's catalog, to be told about every app that comes into ours.
    pub fn app_catalog(mut self, catalog: Arc<dyn AppCatalog>) -> Self {
        self.0.catalog = Some(catalog);
        self
    }

    /// Lets Apple tell by itself what happened: each location is subscribed after a sync, at this address, which has to
    /// lead to [`Vpp::notification`]. Every process of the installation needs the same keys.
    ///
    /// Without it nothing is subscribed and no notification is taken; Apple is polled instead, which takes more requests.
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
        self.0.notifications = Some(Arc::new(Notifications::new(url, keys)));
        self
    }

    /// Another clock than the machine's, with the timer that waits by it. They come together: a timer that waits by
    /// another clock comes back too early and is asked again at once, or never comes back.
    pub fn time(mut self, clock: Arc<dyn Clock>, timer: Arc<dyn Timer>) -> Self {
        self.0.clock = clock;
        self.0.timer = timer;
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

    /// Reads and plans, and sends no call that writes: no claim, no license assigned or taken back, no subscription. For a
    /// first look at a location that another product manages, or for a rehearsal.
    ///
    /// Everything is read, and assignments are taken: [`Tenant::preview_requests`](crate::Tenant::preview_requests) shows
    /// the requests that would follow. Assignments and claims stay in the store. A library without this mode on the same
    /// store sends them within an hour, or right after its next sync; so leave none there by mistake. Do not let both work
    /// on one store at a time: jobs that write are put off here by an hour, whichever process enqueued them.
    ///
    /// A token's status says what is true at Apple, not what this process may do: a location without a claim stays
    /// [`Joining`](mdm_vpp_core::token::TokenStatus::Joining), and the failure `read_only_mode` says why; one that this
    /// installation claimed before is [`Active`](mdm_vpp_core::token::TokenStatus::Active) as ever.
    pub const fn read_only(mut self) -> Self {
        self.0.read_only = true;
        self
    }

    /// Builds the library.
    #[must_use]
    pub fn build(self) -> Vpp {
        Vpp::new(Worker::new(Sessions::new(Context::new(self.0))))
    }
}

impl fmt::Debug for VppBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VppBuilder").field("installation", &self.0.installation).finish_non_exhaustive()
    }
}
