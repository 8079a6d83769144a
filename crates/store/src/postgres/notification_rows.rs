//! Notifications that Apple posted. They are found by their events and deleted by their age, so they have columns of
//! their own; only what one reports of an event is a document.

use mdm_vpp_core::{
    id::LocationId,
    location::NotifiedEvent,
    seats::{EventId, Request},
};
use mdm_vpp_ports::{Receipt, ReceivedNotification, StoreError};

use super::{job_rows, token_rows, work::Work};
use crate::{
    documents::json,
    rows::work::notified_event,
    times::{deleted_before, due_micros},
};

const READING: &str = "reading the events that notifications reported";
const WRITING: &str = "recording a notification";

/// Records a notification and enqueues its jobs. When two transactions record the same id at once, the key makes the
/// second wait for the first.
pub(super) async fn record(
    work: &Work<'_>,
    notification: &ReceivedNotification,
) -> Result<Receipt, StoreError> {
    let location = &notification.location;
    let Some(tenant) = token_rows::tenant_of(work, location).await? else {
        return Ok(Receipt::UnknownLocation);
    };
    let event_id = notification.event.as_ref().map(|event| event.event_id.as_str());
    let document = notification.event.as_ref().map(json).transpose()?;
    let received_at = due_micros(notification.received_at);
    let insert = "INSERT INTO notifications (location, notification_id, received_at, event_id, document)
                  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let (doing, location, id) = (work.doing(WRITING), location.as_str(), notification.id.as_str());
    if doing.change(insert, &[&location, &id, &received_at, &event_id, &document]).await? == 0 {
        return Ok(Receipt::Repeated);
    }
    // Each new notification deletes the old ones of its location, so that no job has to.
    let delete = "DELETE FROM notifications WHERE location = $1 AND received_at < $2";
    let before = due_micros(deleted_before(notification.received_at));
    doing.change(delete, &[&location, &before]).await?;
    job_rows::enqueue(work, &tenant, &notification.jobs).await?;
    let Some(event_id) = event_id else { return Ok(Receipt::Recorded) };
    let known = "SELECT 1 FROM requests WHERE location = $1 AND open AND event_id = $2";
    let known = doing.row(known, &[&location, &event_id]).await?;
    Ok(if known.is_some() { Receipt::Recorded } else { Receipt::UnknownEvent })
}

/// The events that notifications reported of these requests, in the order in which they were received.
pub(super) async fn load(
    work: &Work<'_>,
    location: &LocationId,
    requests: &[Request],
) -> Result<Vec<NotifiedEvent>, StoreError> {
    let events: Vec<&str> = requests.iter().filter_map(Request::event_id).map(EventId::as_str).collect();
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT location, notification_id, received_at, document FROM notifications
               WHERE location = $1 AND event_id = ANY($2) ORDER BY received_at, notification_id";
    let rows = work.doing(READING).rows(sql, &[&location.as_str(), &events]).await?;
    rows.iter().map(|row| notified_event(row).map(|(_, event)| event)).collect()
}
