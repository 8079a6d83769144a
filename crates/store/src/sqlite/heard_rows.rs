//! Notifications that were heard.

use mdm_vpp_core::{
    id::LocationId,
    location::NotifiedEvent,
    seats::{EventId, Request},
};
use mdm_vpp_ports::{Receipt, ReceivedNotification, StoreError};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{due_rows, failure::failed, token_rows};
use crate::{
    kept::{due_micros, forgotten_before},
    rows::{document::json, talk},
};

const READING: &str = "reading what notifications said";
const WRITING: &str = "taking in a notification";

/// Takes in a notification.
pub(super) fn hear(
    transaction: &Transaction<'_>,
    notification: &ReceivedNotification,
) -> Result<Receipt, StoreError> {
    let location = &notification.location;
    let Some(tenant) = token_rows::tenant_of(transaction, location)? else {
        return Ok(Receipt::UnknownLocation);
    };
    let event_id = notification.event.as_ref().map(|notice| &notice.event_id);
    let document = notification.event.as_ref().map(json).transpose()?;
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO notifications (location, notification_id, received_at, event_id, document)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )
        .and_then(|mut statement| {
            let heard_at = due_micros(notification.received_at);
            let (location, event_id) = (location.as_str(), event_id.map(EventId::as_str));
            statement.execute(params![location, notification.id.as_str(), heard_at, event_id, document])
        })
        .map_err(failed(WRITING))?;
    if inserted == 0 {
        return Ok(Receipt::Repeated);
    }
    let forgotten = due_micros(forgotten_before(notification.received_at));
    transaction
        .prepare_cached("DELETE FROM notifications WHERE location = ?1 AND received_at < ?2")
        .and_then(|mut statement| statement.execute(params![location.as_str(), forgotten]))
        .map_err(failed(WRITING))?;
    notification.jobs.iter().try_for_each(|due| due_rows::note(transaction, &tenant, due))?;
    let Some(event_id) = event_id else { return Ok(Receipt::Recorded) };
    let known = transaction
        .prepare_cached("SELECT 1 FROM requests WHERE location = ?1 AND open = 1 AND event_id = ?2")
        .and_then(|mut statement| {
            statement.query_row(params![location.as_str(), event_id.as_str()], |_| Ok(())).optional()
        })
        .map_err(failed(WRITING))?;
    Ok(if known.is_some() { Receipt::Recorded } else { Receipt::UnknownEvent })
}

/// What notifications said of requests that Apple accepted.
pub(super) fn notices(
    transaction: &Transaction<'_>,
    location: &LocationId,
    requests: &[Request],
) -> Result<Vec<NotifiedEvent>, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT location, notification_id, received_at, document FROM notifications
             WHERE location = ?1 AND event_id = ?2",
        )
        .map_err(failed(READING))?;
    let mut found = Vec::new();
    for event_id in requests.iter().filter_map(Request::event_id) {
        let mut rows =
            statement.query(params![location.as_str(), event_id.as_str()]).map_err(failed(READING))?;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            found.push(talk::heard(row)?);
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, notice)| notice).collect())
}
