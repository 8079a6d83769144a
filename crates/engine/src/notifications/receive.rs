//! Hearing: a notification is refused or taken, and what follows from it is made due.

use mdm_vpp_ports::{
    LARGEST_NOTIFICATION, Notification, NotificationAnswer, NotificationKind, NotificationRefusal, Receipt,
    ReceivedNotification, StoreError,
};

use super::{
    bearer::bearer,
    effect::{NotificationEffect, jobs_after},
};
use crate::{Vpp, vpp::Context};

impl Vpp {
    /// Takes a notification that Apple sent. The host's server calls this from the one route behind
    /// [`VppBuilder::notifications`](crate::VppBuilder::notifications): a `POST` without any login of the host's own.
    /// `authorization` is the header of that name, `None` when there is none or when it is no text. `body` is the body,
    /// of which the server need not read more than [`LARGEST_NOTIFICATION`] bytes and one.
    ///
    /// The answer says with which [HTTP status](NotificationAnswer::http_status) to respond. When this fails, respond
    /// with 503: any status but 200 to 299 makes Apple send the notification again, a few times within minutes. A status
    /// of success means that what follows from the notification is stored and due; [`Vpp::work`] does it. That one was
    /// lost, came twice or in another order changes nothing in the end: a notification is a hint to look sooner.
    ///
    /// The bearer is checked before the body is parsed and before the store is asked, so who does not know the secret
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
        match self.parts.admit(authorization, body) {
            Ok(notification) => self.parts.record_notification(notification).await,
            Err(refusal) => {
                tracing::debug!(code = refusal.code(), "refused a notification");
                Ok(NotificationAnswer::Refused(refusal))
            }
        }
    }
}

impl Context {
    /// A notification that is Apple's, without asking the store.
    fn admit(&self, authorization: Option<&str>, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        if body.len() > LARGEST_NOTIFICATION {
            return Err(NotificationRefusal::TooLarge { limit: LARGEST_NOTIFICATION });
        }
        let bearer = authorization.and_then(bearer).ok_or(NotificationRefusal::NoBearer)?;
        let (Some(notifications), Some(service)) = (&self.notifications, &self.assignments) else {
            return Err(NotificationRefusal::WrongBearer);
        };
        let location = notifications.keys.location_of(bearer).ok_or(NotificationRefusal::WrongBearer)?;
        let notification = service.read_notification(body)?;
        // Who knows the secret of one location speaks for no other.
        if notification.location == location {
            Ok(notification)
        } else {
            Err(NotificationRefusal::WrongBearer)
        }
    }

    async fn record_notification(
        &self,
        notification: Notification,
    ) -> Result<NotificationAnswer, StoreError> {
        let Notification { id, location, kind } = notification;
        if kind == NotificationKind::Test {
            tracing::info!(%location, "Apple's test notification came");
            return Ok(NotificationAnswer::Taken);
        }
        let heard_at = self.clock.now();
        let NotificationEffect { notice, due, passed_over } = jobs_after(&kind, &location, heard_at);
        let due = due.into_iter().collect();
        let heard = ReceivedNotification { location, id, received_at: heard_at, event: notice, jobs: due };
        Ok(match self.store.record_notification(&heard).await? {
            Receipt::Repeated => NotificationAnswer::Repeated,
            Receipt::UnknownLocation => NotificationAnswer::UnknownLocation,
            Receipt::UnknownEvent => NotificationAnswer::UnknownEvent,
            Receipt::Recorded => match passed_over {
                Some(name) => {
                    tracing::info!(location = %heard.location, r#type = %name, "passed over a notification");
                    NotificationAnswer::UnknownType { name }
                }
                None => NotificationAnswer::Taken,
            },
        })
    }
}
