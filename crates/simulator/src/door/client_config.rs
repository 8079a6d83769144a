//! Client config: reading what a location is, writing who manages it and where notifications go.

use chrono::{DateTime, Utc};

use super::authentication::{Access, authenticate};
use super::route::Route;
use super::{body, claim_rules};
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::model::{Claim, Location, LocationUid, Service};
use crate::notifications::Notification;
use crate::request::Request;
use crate::wire::{ClientConfigReply, ClientConfigRequest, EveryReply, names};

pub(super) fn reply(location: &Location, every_reply: EveryReply) -> ClientConfigReply {
    ClientConfigReply {
        country: location.country.to_string(),
        default_platform: names::default_platform(location.platform).to_owned(),
        location_name: location.name.clone(),
        notification_auth_token: location.notifications.auth_token.clone(),
        notification_url: location.notifications.url.clone(),
        subscribed_notification_types: location.notifications.types.clone(),
        website_url: names::website(location.platform).to_owned(),
        every_reply,
    }
}

/// The test notification that a request calls for: one that is going to be granted and says where to send
/// notifications.
pub(crate) fn test_notification(
    service: &mut Service,
    route: Route,
    request: &Request,
    now: DateTime<Utc>,
) -> Option<Notification> {
    if route != Route::To(Endpoint::WriteClientConfig) || request.body_too_large {
        return None;
    }
    let uid = authenticate(service, request, Access::Write, now).ok()?;
    let wanted: ClientConfigRequest = body::read(request).ok()?;
    claim_rules::check(&wanted, &service.limits).ok()?;
    let to = (wanted.notification_url?, wanted.notification_auth_token?);
    Some(service.test_notification(&uid, to))
}

/// Takes over what the request sets; nothing at all when any part of it is refused.
pub(super) fn write(
    service: &mut Service,
    uid: &LocationUid,
    request: &Request,
    reached: bool,
) -> Result<(), ErrorNumber> {
    let wanted: ClientConfigRequest = body::read(request)?;
    claim_rules::check(&wanted, &service.limits)?;
    if wanted.notification_url.is_some() && !reached {
        return Err(ErrorNumber::NOTIFICATION_URL_UNREACHABLE);
    }
    let location = service.locations.get_mut(uid).ok_or(ErrorNumber::INTERNAL)?;
    if let Some(info) = wanted.mdm_info {
        location.claim = Some(Claim {
            id: info.id.unwrap_or_default(),
            name: info.name.unwrap_or_default(),
            metadata: info.metadata.unwrap_or_default(),
        });
    }
    if let (Some(url), Some(auth_token)) = (wanted.notification_url, wanted.notification_auth_token) {
        location.notifications.url = Some(url);
        location.notifications.auth_token = Some(auth_token);
    }
    if let Some(types) = wanted.notification_types {
        location.notifications.types = types;
    }
    Ok(())
}
