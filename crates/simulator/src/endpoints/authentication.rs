//! The token of a request: its condition, and whether it was used for too many requests.

use chrono::{DateTime, TimeDelta, Utc};

use crate::apple::{Endpoint, ErrorNumber, LocationUid};
use crate::model::{Claim, ContentToken, TokenRole};
use crate::service::Service;
use crate::settings::{ExpirationShown, RateJudged};
use crate::wire::{ClaimInfo, EveryReply, Request, date};

/// Whether a request reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Checks a token in this order: header, known, not expired, not revoked, role, kind of token, kind of location. The
/// numbers are Apple's documentation, their order is an assumption.
pub(crate) fn authenticate(
    service: &Service,
    request: &Request,
    access: Access,
    now: DateTime<Utc>,
) -> Result<LocationUid, ErrorNumber> {
    let sent = request.bearer_token().ok_or(ErrorNumber::AUTHORIZATION_MALFORMED)?;
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

/// The reason why a token is dead; `None` while it is alive.
pub(crate) fn dead(token: &ContentToken, now: DateTime<Utc>) -> Option<ErrorNumber> {
    if token.expires_at <= now {
        Some(ErrorNumber::TOKEN_EXPIRED)
    } else if token.revoked {
        Some(ErrorNumber::TOKEN_REVOKED)
    } else {
        None
    }
}

/// The members of every reply to a token that is alive; none for others.
pub(crate) fn every_reply(service: &Service, request: &Request, now: DateTime<Utc>) -> EveryReply {
    let token = request
        .bearer_token()
        .and_then(|sent| service.token(sent))
        .filter(|token| dead(token, now).is_none());
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
        token_expiration_date: shown.then(|| date(token.expires_at)),
        u_id: Some(location.uid.to_string()),
    }
}

fn mdm_info(claim: Claim) -> ClaimInfo {
    ClaimInfo { id: Some(claim.id), name: Some(claim.name), metadata: Some(claim.metadata) }
}

/// Judges the requests per second of a location. Only requests with a token that is alive are counted.
pub(crate) fn judge(service: &mut Service, uid: &LocationUid, now: DateTime<Utc>) -> Result<(), ErrorNumber> {
    let judged = match service.settings.rate_limit.judged {
        RateJudged::Never => false,
        RateJudged::WhileTimeRuns => service.clock.runs(),
        RateJudged::Always => true,
    };
    let per_second = service.limits.enforced(|limits| limits.max_requests_per_second);
    let bucket = service.locations.get_mut(uid).map(|location| &mut location.requests);
    if !judged || bucket.is_none_or(|bucket| bucket.take(per_second, now)) {
        Ok(())
    } else {
        Err(ErrorNumber::TOO_MANY_REQUESTS)
    }
}

/// Counts an inventory request, and revokes the token that has made too many.
pub(crate) fn flag(
    service: &mut Service,
    endpoint: Endpoint,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<(), ErrorNumber> {
    let counted = matches!(
        endpoint,
        Endpoint::Assets | Endpoint::Assignments | Endpoint::Users | Endpoint::MetadataLookup
    );
    let Some(rule) = service.settings.flagging.filter(|_| counted) else { return Ok(()) };
    let Some(token) = request.token().and_then(|sent| service.token_mut(sent)) else { return Ok(()) };
    if !token.reads.record(rule, now) {
        return Ok(());
    }
    token.revoked = true;
    Err(ErrorNumber::TOKEN_REVOKED)
}
