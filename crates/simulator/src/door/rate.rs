//! Requests that are too many: of a location in a second, of a token for its inventory.

use chrono::{DateTime, Utc};

use super::authentication::sent_token;
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::model::{LocationUid, RateJudged, Service};
use crate::request::Request;

/// Judges the requests per second of a location. Only requests with a token that is alive are counted.
pub(super) fn judge(service: &mut Service, uid: &LocationUid, now: DateTime<Utc>) -> Result<(), ErrorNumber> {
    let judged = match service.settings.rate_limit.judged {
        RateJudged::Never => false,
        RateJudged::WhileTimeRuns => service.clock.runs(),
        RateJudged::Always => true,
    };
    let per_second = service.limits.max_requests_per_second.unwrap_or(15);
    let bucket = service.locations.get_mut(uid).map(|location| &mut location.requests);
    if !judged || bucket.is_none_or(|bucket| bucket.take(per_second, now)) {
        Ok(())
    } else {
        Err(ErrorNumber::TOO_MANY_REQUESTS)
    }
}

/// Counts an inventory request, and revokes the token that has made too many.
pub(super) fn flag(
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
    let Some(token) = sent_token(request).and_then(|sent| service.token_mut(sent)) else { return Ok(()) };
    if !token.reads.note(rule, now) {
        return Ok(());
    }
    token.revoked = true;
    Err(ErrorNumber::TOKEN_REVOKED)
}
