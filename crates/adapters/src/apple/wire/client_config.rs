//! The reply to `client/config`.

use mdm_vpp_core::{
    printable_name,
    token::{Location, Region, StoreKind},
};
use mdm_vpp_ports::ClientConfig;

use super::{Members, Unusable, read_location_id, read_reply_facts};

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
    Ok(ClientConfig { location: Location { id, name, country, store }, reply: read_reply_facts(reply)? })
}
