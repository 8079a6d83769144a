//! Service config, and client config: reading it, and writing the claim and the subscription of a location.

use chrono::{DateTime, Utc};

use super::answer::Route;
use super::authentication::{Access, authenticate};
use crate::apple::{
    Endpoint, ErrorNumber, INVITATION, INVITATION_NAME, Limits, LocationUid, NotificationKind,
};
use crate::model::{Claim, Location, Notification};
use crate::service::Service;
use crate::wire::{
    ClaimInfo, ClientConfigReply, ClientConfigRequest, ErrorCode, EveryReply, Request, ServiceConfigReply,
};

/// Service config: the same for every client, without a token.
pub(crate) fn service_config(service: &Service) -> ServiceConfigReply {
    let base = service.base_url();
    let named =
        Endpoint::ALL.into_iter().filter_map(|endpoint| Some((endpoint.url_name()?, endpoint.path())));
    let urls = named.chain([(INVITATION_NAME, INVITATION)]);
    ServiceConfigReply {
        error_codes: ErrorNumber::listed().map(ErrorCode::from).collect(),
        limits: service.limits.named(),
        notification_types: NotificationKind::LISTED.map(str::to_owned).to_vec(),
        urls: urls.map(|(name, path)| (name.to_owned(), base.of_endpoint(path))).collect(),
    }
}

/// Client config as every token of the location reads it.
pub(crate) fn client_config(location: &Location, every_reply: EveryReply) -> ClientConfigReply {
    ClientConfigReply {
        country: location.country.to_string(),
        default_platform: location.platform.store_name().to_owned(),
        location_name: location.name.clone(),
        notification_auth_token: location.notifications.auth_token.clone(),
        notification_url: location.notifications.url.clone(),
        subscribed_notification_types: location.notifications.types.clone(),
        website_url: location.platform.website().to_owned(),
        every_reply,
    }
}

/// The test notification that a request calls for: only one that names a URL and will be granted once the MDM has
/// answered.
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
    let wanted: ClientConfigRequest = request.read_json().ok()?;
    check(&wanted, &service.limits).ok()?;
    let to = (wanted.notification_url?, wanted.notification_auth_token?);
    Some(service.test_notification(&uid, to))
}

/// Stores what the request sets; nothing at all when any part of it is refused.
pub(crate) fn write(
    service: &mut Service,
    uid: &LocationUid,
    request: &Request,
    reached: bool,
) -> Result<(), ErrorNumber> {
    let wanted: ClientConfigRequest = request.read_json()?;
    check(&wanted, &service.limits)?;
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

/// Checks a write of client config. The numbers are Apple's documentation, their order is an assumption.
fn check(wanted: &ClientConfigRequest, limits: &Limits) -> Result<(), ErrorNumber> {
    if let Some(info) = &wanted.mdm_info {
        check_claim(info, limits)?;
    }
    match (&wanted.notification_url, &wanted.notification_auth_token) {
        (None, None) => {}
        (Some(url), Some(token)) => {
            if [url, token].iter().any(|text| limits.too_long(|limits| limits.max_notification_length, text))
            {
                return Err(ErrorNumber::NOTIFICATION_TOO_LONG);
            }
            if !is_plain_https(url) {
                return Err(ErrorNumber::NOTIFICATION_URL);
            }
        }
        _ => return Err(ErrorNumber::NOTIFICATION_PAIR),
    }
    let mut kinds = wanted.notification_types.iter().flatten();
    if kinds.all(|kind| NotificationKind::accepts(kind)) {
        Ok(())
    } else {
        Err(ErrorNumber::INVALID_ARGUMENT)
    }
}

fn check_claim(info: &ClaimInfo, limits: &Limits) -> Result<(), ErrorNumber> {
    let (Some(id), Some(name), Some(metadata)) = (&info.id, &info.name, &info.metadata) else {
        return Err(ErrorNumber::CLAIM_INCOMPLETE);
    };
    if limits.too_long(|limits| limits.max_mdm_id_length, id) {
        return Err(ErrorNumber::CLAIM_ID_TOO_LONG);
    }
    if limits.too_long(|limits| limits.max_mdm_name_length, name) {
        return Err(ErrorNumber::CLAIM_NAME_TOO_LONG);
    }
    if limits.too_long(|limits| limits.max_mdm_metadata_length, metadata) {
        return Err(ErrorNumber::CLAIM_METADATA_TOO_LONG);
    }
    Ok(())
}

/// Whether a URL is https, a host and at most a path: no user, query or fragment.
fn is_plain_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let odd = |c: char| matches!(c, '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control();
    !host.is_empty() && !host.starts_with(':') && !rest.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_url_is_https_with_host_and_path_only() {
        for good in ["https://mdm.example.org", "https://mdm.example.org:8443/aab/1"] {
            assert!(is_plain_https(good), "{good}");
        }
        for bad in [
            "",
            "http://x",
            "https://",
            "https:///a",
            "https://x?a",
            "https://x/#a",
            "https://a@x",
            "https://x y",
        ] {
            assert!(!is_plain_https(bad), "{bad}");
        }
    }
}
