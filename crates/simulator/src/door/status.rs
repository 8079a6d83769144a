//! How far an event has come.

use crate::error_number::ErrorNumber;
use crate::model::{AssetKey, LocationUid, Service};
use crate::wire::{self, AssetName, ErrorInfo, EveryReply, Failure, StatusReply, names};

/// The status of an event of this location. An event of another location is as unknown as one that never was.
pub(super) fn reply(
    service: &Service,
    uid: &LocationUid,
    query: &str,
    every_reply: EveryReply,
) -> Result<StatusReply, ErrorNumber> {
    let id = wire::event_id(query).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
    let event = service.events.get(&id).filter(|event| event.location == *uid);
    let event = event.ok_or(ErrorNumber::EVENT_NOT_FOUND)?;
    let failures = event.failures.by_number().map(|(number, concerned)| Failure {
        error_info: ErrorInfo {
            assets: concerned.assets.iter().map(name).collect(),
            client_user_ids: concerned.users.iter().map(ToString::to_string).collect(),
            serial_numbers: concerned.devices.iter().map(ToString::to_string).collect(),
        },
        error_message: number.message().to_owned(),
        error_number: number.number(),
    });
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(StatusReply {
        event_status: names::event_status(event.status).to_owned(),
        event_type: names::event_type(event.kind).to_owned(),
        failures: failures.collect(),
        num_completed: count(event.completed),
        num_requested: count(event.requested),
        every_reply,
    })
}

fn name(key: &AssetKey) -> AssetName {
    AssetName {
        adam_id: key.adam_id.to_string(),
        pricing_param: Some(names::pricing_param(key.pricing_param).to_owned()),
    }
}
