//! The condition of the token that came with a request.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error_number::ErrorNumber;
use crate::model::{Claim, ContentToken, ExpirationShown, LocationUid, Service, TokenId, TokenRole};
use crate::request::Request;
use crate::wire::{self, EveryReply, MdmInfo, sent_token};

/// Whose token it is, whatever its condition; for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) token: TokenId,
    pub(crate) uid: LocationUid,
}

/// What a request wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// The token of the `Authorization` header.
fn bearer(request: &Request) -> Option<&str> {
    sent_token::of_bearer_header(request.first_header("authorization")?)
}

/// The token of the cookie that the metadata lookup knows.
pub(super) fn itvt(request: &Request) -> Option<&str> {
    request.headers("cookie").find_map(sent_token::of_cookies)
}

/// The token text of a request, from either place.
pub(crate) fn sent_token(request: &Request) -> Option<&str> {
    bearer(request).or_else(|| itvt(request))
}

pub(crate) fn identity(service: &Service, request: &Request) -> Option<Identity> {
    let token = service.token(sent_token(request)?)?;
    Some(Identity { token: token.id, uid: token.location.clone() })
}

/// Checks a token in Apple's order: header, known, not expired, not revoked, role, kind of token, kind of location.
///
/// Only the numbers are Apple's documentation; their order is an assumption.
pub(crate) fn authenticate(
    service: &Service,
    request: &Request,
    access: Access,
    now: DateTime<Utc>,
) -> Result<LocationUid, ErrorNumber> {
    let sent = bearer(request).ok_or(ErrorNumber::AUTHORIZATION_MALFORMED)?;
    let token = service.token(sent).ok_or(ErrorNumber::TOKEN_UNKNOWN)?;
    if let Some(number) = dead(token, now) {
        return Err(number);
    }
    let location = service.locations.get(&token.location).ok_or(ErrorNumber::TOKEN_UNKNOWN)?;
    if access == Access::Write && token.role == TokenRole::Facilitator {
        Err(ErrorNumber::READ_ONLY_ROLE)
    } else if location.legacy_tokens {
        Err(ErrorNumber::LEGACY_TOKEN)
    } else if access == Access::Write && location.managed_by_apple {
        Err(ErrorNumber::MANAGED_BY_APPLE)
    } else {
        Ok(location.uid.clone())
    }
}

/// Why a token opens nothing any more.
pub(crate) fn dead(token: &ContentToken, now: DateTime<Utc>) -> Option<ErrorNumber> {
    if token.expires_at <= now {
        Some(ErrorNumber::TOKEN_EXPIRED)
    } else if token.revoked {
        Some(ErrorNumber::TOKEN_REVOKED)
    } else {
        None
    }
}

/// What every reply to a token that is alive carries; nothing for others.
pub(crate) fn every_reply(service: &Service, request: &Request, now: DateTime<Utc>) -> EveryReply {
    let token =
        bearer(request).and_then(|sent| service.token(sent)).filter(|token| dead(token, now).is_none());
    let Some((token, location)) =
        token.and_then(|token| Some((token, service.locations.get(&token.location)?)))
    else {
        return EveryReply::default();
    };
    let shown = match service.settings.expiration_shown {
        ExpirationShown::Always => true,
        ExpirationShown::LastFifteenDays => {
            token.expires_at.signed_duration_since(now) <= TimeDelta::days(15)
        }
    };
    EveryReply {
        mdm_info: location.claim.clone().map(mdm_info),
        token_expiration_date: shown.then(|| wire::date(token.expires_at)),
        u_id: Some(location.uid.to_string()),
    }
}

fn mdm_info(claim: Claim) -> MdmInfo {
    MdmInfo { id: Some(claim.id), name: Some(claim.name), metadata: Some(claim.metadata) }
}
