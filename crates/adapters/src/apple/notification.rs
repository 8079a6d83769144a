//! A notification as it comes to the host's server, when its bearer was found to be right.

use mdm_vpp_ports::{Notification, NotificationRefusal};
use serde_json::{Map, Value};

use super::wire::{self, Members};

/// Reads the body of a notification. A type that we do not know is
/// [`NotificationKind::Unknown`](mdm_vpp_ports::NotificationKind::Unknown).
pub(super) fn read_notification(body: &[u8]) -> Result<Notification, NotificationRefusal> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let envelope: Map<String, Value> =
        serde_json::from_slice(text).map_err(|_| NotificationRefusal::NotJson)?;
    wire::read_notification(&Members::of_reply(&envelope))
        .map_err(|unusable| NotificationRefusal::Unusable { member: unusable.member, found: unusable.found })
}

#[cfg(test)]
#[path = "notification_tests.rs"]
mod tests;
