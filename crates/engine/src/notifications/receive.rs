//! Receiving: a notification is refused, or taken and what follows from it enqueued.

use mdm_vpp_ports::{
    LARGEST_NOTIFICATION, Notification, NotificationAnswer, NotificationKind, NotificationRefusal, Receipt,
    ReceivedNotification, StoreError,
};

use super::effect::{NotificationEffect, effect_of};
use crate::context::Context;

/// Receives a notification: the header `Authorization`, if it is text, and the body.
pub(crate) async fn receive(
    context: &Context,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<NotificationAnswer, StoreError> {
    match admit(context, authorization, body) {
        Ok(notification) => record(context, notification).await,
        Err(refusal) => {
            tracing::debug!(code = refusal.code(), "refused a notification");
            Ok(NotificationAnswer::Refused(refusal))
        }
    }
}

/// Admits a notification that is Apple's, without asking the store.
///
/// The order keeps strangers cheap: the length is compared first, then two hashes tell whether the bearer is right, and
/// only then is the body parsed.
fn admit(
    context: &Context,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<Notification, NotificationRefusal> {
    if body.len() > LARGEST_NOTIFICATION {
        return Err(NotificationRefusal::TooLarge { limit: LARGEST_NOTIFICATION });
    }
    let bearer = authorization.and_then(bearer).ok_or(NotificationRefusal::NoBearer)?;
    let (Some(settings), Some(service)) = (context.notifications(), context.assignments()) else {
        return Err(NotificationRefusal::WrongBearer);
    };
    let location = settings.location_of(bearer).ok_or(NotificationRefusal::WrongBearer)?;
    let notification = service.read_notification(body)?;
    // The secret of one location speaks for no other.
    if notification.location == location { Ok(notification) } else { Err(NotificationRefusal::WrongBearer) }
}

async fn record(context: &Context, notification: Notification) -> Result<NotificationAnswer, StoreError> {
    let Notification { id, location, kind } = notification;
    if kind == NotificationKind::Test {
        tracing::info!(%location, "Apple's test notification came");
        return Ok(NotificationAnswer::Taken);
    }
    let received_at = context.now();
    let NotificationEffect { event, job, passed_over } = effect_of(&kind, &location, received_at);
    let jobs = job.into_iter().collect();
    let received = ReceivedNotification { location, id, received_at, event, jobs };
    Ok(match context.store().record_notification(&received).await? {
        Receipt::Repeated => NotificationAnswer::Repeated,
        Receipt::UnknownLocation => NotificationAnswer::UnknownLocation,
        Receipt::UnknownEvent => NotificationAnswer::UnknownEvent,
        Receipt::Recorded => match passed_over {
            Some(name) => {
                tracing::info!(location = %received.location, r#type = %name, "passed over a notification");
                NotificationAnswer::UnknownType { name }
            }
            None => NotificationAnswer::Taken,
        },
    })
}

/// The token of a header `Bearer <token>`; the scheme in any case, as HTTP has it.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_is_one() {
        for none in ["", "Bearer", "Bearer ", "Basic YTpi", "7.abc", "\u{e9}"] {
            assert_eq!(bearer(none), None, "{none:?}");
        }
        for some in ["Bearer 7.abc", "bearer  7.abc ", "BEARER 7.abc"] {
            assert_eq!(bearer(some), Some("7.abc"), "{some:?}");
        }
        assert_eq!(bearer("Bearer 7.abc x"), Some("7.abc x"), "which is no secret");
    }
}
