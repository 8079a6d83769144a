//! A notification as it comes to the host's server: refused for its size and its secret before a byte of it is parsed.

use mdm_vpp_ports::{LARGEST_NOTIFICATION, Notification, NotificationRefusal, NotificationSecrets};
use serde_json::{Map, Value};

use crate::apple::wire::{self, Members};

/// Reads a notification that was sent by POST: `authorization` is the header of that name, `None` when there is none
/// or when it is no text.
///
/// Apple signs nothing: the secret alone shows that it is Apple who speaks. Read no more than [`LARGEST_NOTIFICATION`]
/// bytes of a body, answer a refusal with its [status](NotificationRefusal::http_status), and send a status of success
/// only after what the notification says was stored, for Apple sends it again otherwise.
///
/// ```
/// use mdm_vpp_adapters::apple::notifications::read_notification;
/// use mdm_vpp_ports::{NotificationKind, NotificationSecret, NotificationSecrets};
///
/// let secrets = NotificationSecrets::only(NotificationSecret::new("c2VjcmV0IG9mIG91cnM")?);
/// let body = br#"{"notificationId": "4c0b", "notificationType": "TEST_NOTIFICATION", "uId": "2049", "notification": {}}"#;
///
/// let read = read_notification(&secrets, Some("Bearer c2VjcmV0IG9mIG91cnM"), body)?;
/// assert_eq!(read.kind, NotificationKind::Test);
///
/// let refusal = read_notification(&secrets, Some("Bearer guessed"), body).unwrap_err();
/// assert_eq!((refusal.code(), refusal.http_status()), ("wrong_bearer", 403));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`NotificationRefusal`]. A type that we do not know is none: it is
/// [`NotificationKind::Unknown`](mdm_vpp_ports::NotificationKind::Unknown).
pub fn read_notification(
    secrets: &NotificationSecrets,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<Notification, NotificationRefusal> {
    if body.len() > LARGEST_NOTIFICATION {
        return Err(NotificationRefusal::TooLarge { limit: LARGEST_NOTIFICATION });
    }
    let bearer = authorization.and_then(bearer).ok_or(NotificationRefusal::NoBearer)?;
    if !secrets.accept(bearer) {
        return Err(NotificationRefusal::WrongBearer);
    }
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let envelope: Map<String, Value> =
        serde_json::from_slice(text).map_err(|_| NotificationRefusal::NotJson)?;
    wire::read_notification(&Members::of_reply(&envelope))
        .map_err(|unusable| NotificationRefusal::Unusable { member: unusable.member, found: unusable.found })
}

/// The token of a header `Bearer <token>`; the scheme in any case, as HTTP has it.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
#[path = "receive_tests.rs"]
mod tests;
