//! Replies about a location become types of the core.

use mdm_vpp_core::id::LocationId;
use mdm_vpp_core::printable_text;
use mdm_vpp_core::token::{Location, MdmInfo, Region, ReplyFacts, parse_expiry};
use mdm_vpp_ports::{ClientConfig, NotificationSecret, ServiceErrorKind, Subscription};

use super::wire::{LOCATION_ID, store_kind};
use crate::wire::{self, ClientConfigReply, EveryReply};

/// What a token belongs to. A location without a name is called by its id.
pub(super) fn client_config(reply: ClientConfigReply) -> Result<ClientConfig, ServiceErrorKind> {
    let id = location_id(&reply.every_reply)?.ok_or_else(|| no_location("it is missing".to_owned()))?;
    let name = printable_text(reply.location_name.trim());
    let location = Location {
        name: if name.is_empty() { id.to_string() } else { name },
        country: Region::new(&reply.country).ok(),
        store: store_kind(&reply.default_platform),
        id,
    };
    let subscription = subscription(
        reply.notification_url,
        reply.notification_auth_token,
        reply.subscribed_notification_types,
    );
    Ok(ClientConfig { location, reply: facts(reply.every_reply), subscription })
}

/// Where notifications go, if they go anywhere.
fn subscription(url: Option<String>, bearer: Option<String>, types: Vec<String>) -> Option<Subscription> {
    let bearer = NotificationSecret::new(bearer?).ok()?;
    Some(Subscription { url: url?, bearer, types: types.into_iter().collect() })
}

/// The location that answered, when the reply names it.
pub(super) fn location_id(every_reply: &EveryReply) -> Result<Option<LocationId>, ServiceErrorKind> {
    let id = every_reply.u_id.as_deref().map(LocationId::new).transpose();
    id.map_err(|error| no_location(error.to_string()))
}

fn no_location(found: String) -> ServiceErrorKind {
    ServiceErrorKind::UnexpectedReply { member: LOCATION_ID.to_owned(), found }
}

/// Expiry and claim.
pub(super) fn facts(every_reply: EveryReply) -> ReplyFacts {
    ReplyFacts {
        expires_at: every_reply.token_expiration_date.as_deref().and_then(parse_expiry),
        mdm_info: every_reply.mdm_info.map(claim).filter(|claim| !claim.is_empty()),
    }
}

fn claim(info: wire::MdmInfo) -> MdmInfo {
    let text = |text: Option<String>| printable_text(&text.unwrap_or_default());
    MdmInfo { id: text(info.id), name: text(info.name), metadata: text(info.metadata) }
}
