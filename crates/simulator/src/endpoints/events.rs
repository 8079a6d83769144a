//! Requests that become events, with the rules for their bodies, and the status of an event.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::apple::{
    AssetKey, ClientUserId, Endpoint, ErrorNumber, EventId, EventKind, Holder, Limits, LocationUid,
};
use crate::model::{Location, WantedUser, Work};
use crate::service::Service;
use crate::settings::EventPlan;
use crate::wire::{
    AssetName, ErrorInfo, EveryReply, Failure, ManageAssetsRequest, ManageUsersRequest, Request, RequestUser,
    StatusReply, event_id,
};

/// The kind of event that a request to an endpoint begins; `None` when it begins none.
pub(crate) const fn kind(endpoint: Endpoint) -> Option<EventKind> {
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
pub(crate) fn accept(
    service: &mut Service,
    kind: EventKind,
    uid: &LocationUid,
    request: &Request,
    plan: Option<EventPlan>,
    now: DateTime<Utc>,
) -> Result<EventId, ErrorNumber> {
    let location = service.locations.get(uid).ok_or(ErrorNumber::INTERNAL)?;
    let work = match kind {
        EventKind::Associate | EventKind::Disassociate | EventKind::Revoke => {
            asset_work(kind, request.read_json()?, location, &service.limits)?
        }
        _ => user_work(kind, request.read_json()?, location, &service.limits)?,
    };
    Ok(service.accept_event(uid, kind, work, plan, now))
}

/// The work that a request to give or take assets asks for. Missing parts are judged first, then repetitions, limits,
/// assets, and users. The numbers are Apple's documentation, their order is an assumption.
fn asset_work(
    kind: EventKind,
    wanted: ManageAssetsRequest,
    location: &Location,
    limits: &Limits,
) -> Result<Work, ErrorNumber> {
    let users = wanted.client_user_ids.unwrap_or_default();
    let devices = wanted.serial_numbers.unwrap_or_default();
    let names = wanted.assets.unwrap_or_default();
    let revokes = kind == EventKind::Revoke;
    if names.is_empty() && !revokes {
        return Err(ErrorNumber::ASSETS_MISSING);
    }
    if users.is_empty() && devices.is_empty() {
        return Err(ErrorNumber::HOLDERS_MISSING);
    }
    if users.iter().chain(&devices).any(String::is_empty) {
        return Err(ErrorNumber::INVALID_ARGUMENT);
    }
    let assets =
        if revokes { Vec::new() } else { names.iter().map(AssetKey::try_from).collect::<Result<_, _>>()? };
    none_twice(&assets, ErrorNumber::DUPLICATE_ASSETS)?;
    none_twice(&users, ErrorNumber::DUPLICATE_CLIENT_USER_IDS)?;
    none_twice(&devices, ErrorNumber::DUPLICATE_SERIAL_NUMBERS)?;
    check_limits(revokes, [assets.len(), users.len(), devices.len()], limits)?;
    for key in &assets {
        let asset = location.assets.get(key).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
        if kind == EventKind::Associate && !devices.is_empty() && !asset.device_assignable {
            return Err(ErrorNumber::NOT_DEVICE_ASSIGNABLE);
        }
        if kind == EventKind::Disassociate && !asset.revocable() {
            return Err(ErrorNumber::NOT_REVOCABLE);
        }
    }
    let users: Vec<_> = users.iter().map(|id| ClientUserId::new(id)).collect();
    if users.iter().any(|id| location.users.active(id).is_none()) {
        return Err(ErrorNumber::USER_NOT_FOUND);
    }
    let devices = devices.iter().map(|serial_number| Holder::device(serial_number));
    let holders = users.into_iter().map(Holder::User).chain(devices).collect();
    Ok(if revokes { Work::Everything { holders } } else { Work::Product { assets, holders } })
}

fn check_limits(
    revokes: bool,
    [assets, users, devices]: [usize; 3],
    limits: &Limits,
) -> Result<(), ErrorNumber> {
    let most_users = |limits: &Limits| {
        if revokes { limits.max_revoke_client_user_ids } else { limits.max_client_user_ids }
    };
    let most_devices =
        |limits: &Limits| if revokes { limits.max_revoke_serial_numbers } else { limits.max_serial_numbers };
    if limits.exceeded(|limits| limits.max_assets, assets) {
        Err(ErrorNumber::TOO_MANY_ASSETS)
    } else if limits.exceeded(most_users, users) {
        Err(ErrorNumber::TOO_MANY_CLIENT_USER_IDS)
    } else if limits.exceeded(most_devices, devices) {
        Err(ErrorNumber::TOO_MANY_SERIAL_NUMBERS)
    } else {
        Ok(())
    }
}

fn none_twice<T: Ord>(list: &[T], number: ErrorNumber) -> Result<(), ErrorNumber> {
    let mut seen = BTreeSet::new();
    if list.iter().all(|entry| seen.insert(entry)) { Ok(()) } else { Err(number) }
}

/// The work that a request about users asks for. The numbers are Apple's documentation, their order is an assumption.
fn user_work(
    kind: EventKind,
    wanted: ManageUsersRequest,
    location: &Location,
    limits: &Limits,
) -> Result<Work, ErrorNumber> {
    let users = wanted.users.unwrap_or_default();
    if users.is_empty() {
        return Err(ErrorNumber::USERS_MISSING);
    }
    if users.iter().any(|user| user.client_user_id.is_empty()) {
        return Err(ErrorNumber::INVALID_ARGUMENT);
    }
    let ids: Vec<_> = users.iter().map(|user| user.client_user_id.as_str()).collect();
    none_twice(&ids, ErrorNumber::DUPLICATE_USERS)?;
    if limits.exceeded(|limits| limits.max_users, users.len()) {
        return Err(ErrorNumber::TOO_MANY_USERS);
    }
    if users.iter().filter_map(|user| user.email.as_deref()).any(|email| !reads_as_email(email)) {
        return Err(ErrorNumber::INVALID_EMAIL);
    }
    let users: Vec<_> = users.into_iter().map(wanted_user).collect();
    let unknown = |user: &WantedUser| match kind {
        EventKind::CreateUsers => false,
        // Retiring again a user that was retired before succeeds: it is retired.
        EventKind::RetireUsers => location.users.rows_of(&user.id).is_empty(),
        _ => location.users.active(&user.id).is_none(),
    };
    if users.iter().any(unknown) { Err(ErrorNumber::USER_NOT_FOUND) } else { Ok(Work::Users(users)) }
}

fn wanted_user(user: RequestUser) -> WantedUser {
    WantedUser {
        id: ClientUserId::new(&user.client_user_id),
        email: user.email,
        managed_apple_id: user.managed_apple_id,
    }
}

/// Whether a text has one `@`, text on both sides, a point on the right and no spaces. Apple's own rule is unknown.
fn reads_as_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let odd = |c: char| c == '@' || c.is_whitespace() || c.is_control();
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    !name.is_empty() && dotted && !name.contains(odd) && !domain.contains(odd)
}

/// The status of an event of this location. An event of another location is as unknown as one that never existed.
pub(crate) fn status(
    service: &Service,
    uid: &LocationUid,
    query: &str,
    every_reply: EveryReply,
) -> Result<StatusReply, ErrorNumber> {
    let id = event_id(query).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
    let event = service.events.get(&id).filter(|event| event.location == *uid);
    let event = event.ok_or(ErrorNumber::EVENT_NOT_FOUND)?;
    let failures = event.failures.by_number().map(|(number, concerned)| Failure {
        error_info: ErrorInfo {
            assets: concerned.assets.iter().map(AssetName::from).collect(),
            client_user_ids: concerned.users.iter().map(ToString::to_string).collect(),
            serial_numbers: concerned.devices.iter().map(ToString::to_string).collect(),
        },
        code: number.into(),
    });
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(StatusReply {
        event_status: event.status.name().to_owned(),
        event_type: event.kind.name().to_owned(),
        failures: failures.collect(),
        num_completed: count(event.completed),
        num_requested: count(event.requested),
        every_reply,
    })
}
