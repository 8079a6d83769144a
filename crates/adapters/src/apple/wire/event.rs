//! Events: the reply to a request that Apple accepted, and how far it is.

use mdm_vpp_core::{printable_text, seats::EventId};
use mdm_vpp_ports::{AcceptedEvent, EventStatus};
use serde_json::Value;

use super::{Members, Unusable, read_location_id, read_reply_facts, read_told_error};
use crate::apple::{reply::failure, scrub::Scrubber};

/// A request that Apple accepted.
pub(crate) fn read_accepted(reply: &Members<'_>) -> Result<AcceptedEvent, Unusable> {
    Ok(AcceptedEvent {
        event_id: read_event_id(reply)?,
        location: read_location_id(reply)?,
        reply: read_reply_facts(reply)?,
    })
}

/// The id of an event.
pub(crate) fn read_event_id(of: &Members<'_>) -> Result<EventId, Unusable> {
    let id = of.id("eventId")?.ok_or_else(|| of.missing("eventId"))?;
    EventId::new(&id).map_err(|_| of.unusable("eventId", "it is no id of 1 to 100 visible characters"))
}

/// How far an event is. Of `failures`, what cannot be read is left out: that it failed matters more.
pub(crate) fn read_event_status(reply: &Members<'_>, scrub: Scrubber<'_>) -> Result<EventStatus, Unusable> {
    match reply.text("eventStatus")?.ok_or_else(|| reply.missing("eventStatus"))? {
        "PENDING" => Ok(EventStatus::Pending),
        "COMPLETE" => Ok(EventStatus::Complete),
        "FAILED" => {
            let told = reply.any("failures").and_then(Value::as_array).into_iter().flatten();
            let errors = told.filter_map(Value::as_object).map(read_told_error);
            Ok(EventStatus::Failed { failures: errors.map(|error| failure(error, scrub)).collect() })
        }
        other => {
            let other: String = scrub.text(&printable_text(other)).chars().take(40).collect();
            Err(reply.unusable("eventStatus", format!("it is `{other}`")))
        }
    }
}
