//! Notifications that Apple posted. They are found by their events and deleted by their age, so they have columns of
//! their own; only what one reports of an event is a document.

use mdm_vpp_core::{
    id::LocationId,
    location::NotifiedEvent,
    seats::{EventId, Request},
};
use mdm_vpp_ports::{Receipt, ReceivedNotification, StoreError};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    driver::{change, failed, select},
    job_rows, token_rows,
};
use crate::{
    documents::json,
    rows::work,
    times::{deleted_before, due_micros},
};

const READING: &str = "reading the events that notifications reported";
const WRITING: &str = "recording a notification";

/// Records a notification and enqueues its jobs.
pub(super) fn record(
    transaction: &Transaction<'_>,
    notification: &ReceivedNotification,
) -> Result<Receipt, StoreError> {
    let location = &notification.location;
    let Some(tenant) = token_rows::tenant_of(transaction, location)? else {
        return Ok(Receipt::UnknownLocation);
    };
    let event_id = notification.event.as_ref().map(|event| event.event_id.as_str());
    let document = notification.event.as_ref().map(json).transpose()?;
    let received_at = due_micros(notification.received_at);
    let insert = "INSERT INTO notifications (location, notification_id, received_at, event_id, document)
                  VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let params = params![location.as_str(), notification.id.as_str(), received_at, event_id, document];
    if change(transaction, WRITING, insert, params)? == 0 {
        return Ok(Receipt::Repeated);
    }
    // Each new notification deletes the old ones of its location, so that no job has to.
    let delete = "DELETE FROM notifications WHERE location = ?1 AND received_at < ?2";
    let before = due_micros(deleted_before(notification.received_at));
    change(transaction, WRITING, delete, params![location.as_str(), before])?;
    notification.jobs.iter().try_for_each(|job| job_rows::enqueue(transaction, &tenant, job))?;
    let Some(event_id) = event_id else { return Ok(Receipt::Recorded) };
    let known = transaction
        .prepare_cached("SELECT 1 FROM requests WHERE location = ?1 AND open = 1 AND event_id = ?2")
        .and_then(|mut statement| {
            statement.query_row(params![location.as_str(), event_id], |_| Ok(())).optional()
        })
        .map_err(failed(WRITING))?;
    Ok(if known.is_some() { Receipt::Recorded } else { Receipt::UnknownEvent })
}

/// The events that notifications reported of these requests, in the order in which they were received.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    requests: &[Request],
) -> Result<Vec<NotifiedEvent>, StoreError> {
    let sql = "SELECT location, notification_id, received_at, document FROM notifications
               WHERE location = ?1 AND event_id = ?2";
    let mut found = Vec::new();
    for event_id in requests.iter().filter_map(Request::event_id).map(EventId::as_str) {
        let params = params![location.as_str(), event_id];
        let events: Vec<_> = select(transaction, READING, sql, params, |row| work::notified_event(row))?;
        found.extend(events);
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, event)| event).collect())
}
