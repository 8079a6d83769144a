//! The library as an embedder holds it.

use std::{fmt, sync::Arc};

use mdm_vpp_core::id::{InstallationId, TenantId};
use mdm_vpp_ports::{NotificationAnswer, Store, StoreError};

use super::{AppleServices, Tenant, VppBuilder};
use crate::{
    notifications::receive,
    worker::{WorkLimit, Worked, Worker},
};

/// The library, put together. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Vpp {
    worker: Arc<Worker>,
}

impl Vpp {
    /// Begins with the parts that every embedder needs: where state is kept, Apple's services, and the id of this
    /// installation.
    pub fn builder(store: Arc<dyn Store>, apple: AppleServices, installation: InstallationId) -> VppBuilder {
        VppBuilder::new(store, apple, installation)
    }

    pub(super) fn new(worker: Worker) -> Self {
        Self { worker: Arc::new(worker) }
    }

    /// The acts of one customer of the embedder. The tenant comes into being with its first token.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> Tenant {
        Tenant::new(Arc::clone(&self.worker), tenant)
    }

    /// Runs the jobs that are due, the oldest first, over all tenants, up to a limit. Call it from a timer, a queue or
    /// a loop: when `next_due` says, and after an act if it shall take effect at once. A job that fails does not stop
    /// the rest: it is among the failures and runs again later.
    ///
    /// `next_due` is when to call again if nothing happens meanwhile. An act of a [`Tenant`] or a notification, here or in
    /// another process, may make a job due sooner: so call it after each of those, and every few seconds where several
    /// processes share a store. A call may be dropped before it ends: a later one finds what it had begun and goes on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot even list the due jobs.
    pub async fn work(&self, limit: WorkLimit) -> Result<Worked, StoreError> {
        self.worker.work(limit).await
    }

    /// Gives back the leases that this process holds, so that another one, or the next start of this one, need not wait
    /// for their end, up to two minutes later. Call it when the embedder stops, after the last [`work`](Self::work) has
    /// returned. Without it nothing is lost.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed; a lease that was not given back ends by itself.
    pub async fn leave(&self) -> Result<(), StoreError> {
        self.worker.sessions().give_back_leases().await
    }

    /// Takes a notification that Apple sent. The embedder's server calls this from the one route behind
    /// [`VppBuilder::notifications`]: a `POST` without any login of the embedder's own. `authorization` is the header of
    /// that name, `None` when there is none or when it is no text. `body` is the body, of which the server need not read
    /// more than [`LARGEST_NOTIFICATION`](mdm_vpp_ports::LARGEST_NOTIFICATION) bytes and one.
    ///
    /// The answer says with which [HTTP status](NotificationAnswer::http_status) to respond. When this fails, respond
    /// with 503: any status but 200 to 299 makes Apple send the notification again, a few times within minutes. A status
    /// of success means that the job that follows from the notification is enqueued; [`Vpp::work`] runs it. A notification
    /// that was lost, came twice or in another order changes nothing in the end: it is a hint to read sooner.
    ///
    /// The bearer is checked before the body is parsed and before the store is asked, so a sender without the secret
    /// costs no more than two hashes. Apple's test notification, sent while it takes a subscription, needs no store.
    ///
    /// ```
    /// use mdm_vpp_engine::Vpp;
    ///
    /// /// The status for `POST /apple/notifications`.
    /// async fn apple_notifications(vpp: &Vpp, authorization: Option<&str>, body: &[u8]) -> u16 {
    ///     match vpp.notification(authorization, body).await {
    ///         // 200; or 401, 403, 400 and 413 for what Apple does not send. `answer.code()` is for logs.
    ///         Ok(answer) => answer.http_status(),
    ///         // Nothing was stored. Apple sends it again.
    ///         Err(_) => 503,
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing was stored.
    pub async fn notification(
        &self,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<NotificationAnswer, StoreError> {
        receive(self.worker.context(), authorization, body).await
    }
}

impl fmt::Debug for Vpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let installation = self.worker.context().installation();
        f.debug_struct("Vpp").field("installation", installation).finish_non_exhaustive()
    }
}
