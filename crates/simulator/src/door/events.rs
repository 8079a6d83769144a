//! Requests that become events.

use chrono::{DateTime, Utc};

use super::{body, manage_rules, user_rules};
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::events::EventKind;
use crate::model::{EventId, EventPlan, LocationUid, Service};
use crate::request::Request;

/// What an endpoint does later, if it does.
pub(super) const fn kind(endpoint: Endpoint) -> Option<EventKind> {
    Some(match endpoint {
        Endpoint::AssociateAssets => EventKind::Associate,
        Endpoint::DisassociateAssets => EventKind::Disassociate,
        Endpoint::RevokeAssets => EventKind::Revoke,
        Endpoint::CreateUsers => EventKind::CreateUsers,
        Endpoint::UpdateUsers => EventKind::UpdateUsers,
        Endpoint::RetireUsers => EventKind::RetireUsers,
        _ => return None,
    })
}

/// Accepts an event, or refuses the request before there is any.
pub(super) fn accept(
    service: &mut Service,
    (endpoint, kind): (Endpoint, EventKind),
    uid: &LocationUid,
    request: &Request,
    plan: Option<EventPlan>,
    now: DateTime<Utc>,
) -> Result<EventId, ErrorNumber> {
    let location = service.locations.get(uid).ok_or(ErrorNumber::INTERNAL)?;
    let work = match kind {
        EventKind::Associate | EventKind::Disassociate | EventKind::Revoke => {
            manage_rules::work(endpoint, body::read(request)?, location, &service.limits)?
        }
        _ => user_rules::work(endpoint, body::read(request)?, location, &service.limits)?,
    };
    Ok(service.accept_event(uid, kind, work, plan, now))
}
