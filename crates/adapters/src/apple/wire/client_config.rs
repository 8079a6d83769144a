//! The reply to `client/config`.

use mdm_vpp_core::{
    printable_name,
    token::{Location, Region, StoreKind},
};
use mdm_vpp_ports::{ClientConfig, NotificationSecret, Subscription};

use super::{Members, Unusable, read_location_id, read_reply_facts};

/// The member in which Apple echoes the secret of notifications.
pub(crate) const ECHOED_SECRET: &str = "notificationAuthToken";

/// What a token belongs to. The `uId` is needed, everything else is not: a location without a name is called by
/// its `uId`, and one without a known platform is a business.
pub(crate) fn read_client_config(reply: &Members<'_>) -> Result<ClientConfig, Unusable> {
    let id = read_location_id(reply)?.ok_or_else(|| reply.missing("uId"))?;
    let name = printable_name(reply.text("locationName")?.unwrap_or_default());
    let name = if name.is_empty() { id.to_string() } else { name };
    let country = reply.text("countryISO2ACode")?.and_then(|code| Region::new(code).ok());
    let store = match reply.text("defaultPlatform")? {
        Some("volumestore") => StoreKind::Education,
        _ => StoreKind::Business,
    };
    Ok(ClientConfig {
        location: Location { id, name, country, store },
        reply: read_reply_facts(reply)?,
        subscription: read_subscription(reply),
    })
}

/// Where notifications go now. Apple echoes their secret in clear. What cannot be read is no subscription: a sync does
/// not depend on it, and we subscribe again.
fn read_subscription(reply: &Members<'_>) -> Option<Subscription> {
    let text = |name| reply.text(name).ok().flatten();
    let url = text("notificationUrl").filter(|url| !url.is_empty())?.to_owned();
    let bearer = NotificationSecret::new(text(ECHOED_SECRET)?).ok()?;
    let types = reply.texts("subscribedNotificationTypes").ok().flatten().unwrap_or_default();
    Some(Subscription { url, bearer, types: types.into_iter().map(str::to_owned).collect() })
}
