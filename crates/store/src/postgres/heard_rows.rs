//! Notifications that were heard.

use mdm_vpp_core::{
    id::LocationId,
    location::NotifiedEvent,
    seats::{EventId, Request},
};
use mdm_vpp_ports::{Receipt, ReceivedNotification, StoreError};

use super::{due_rows, token_rows, work::Work};
use crate::{
    kept::{due_micros, forgotten_before},
    rows::{document::json, talk},
};

const READING: &str = "reading what notifications said";
const WRITING: &str = "taking in a notification";

/// Takes in a notification. One with the same id that is taken in at the same time is waited for.
pub(super) async fn hear(
    work: &Work<'_>,
    notification: &ReceivedNotification,
) -> Result<Receipt, StoreError> {
    let location = &notification.location;
    let Some(tenant) = token_rows::tenant_of(work, location).await? else {
        return Ok(Receipt::UnknownLocation);
    };
    let event_id = notification.event.as_ref().map(|notice| notice.event_id.as_str());
    let document = notification.event.as_ref().map(json).transpose()?;
    let heard_at = due_micros(notification.received_at);
    let insert = "INSERT INTO notifications (location, notification_id, received_at, event_id, document)
                  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let (doing, of) = (work.doing(WRITING), location.as_str());
    let id = notification.id.as_str();
    if doing.change(insert, &[&of, &id, &heard_at, &event_id, &document]).await? == 0 {
        return Ok(Receipt::Repeated);
    }
    let forgotten = due_micros(forgotten_before(notification.received_at));
    doing
        .change("DELETE FROM notifications WHERE location = $1 AND received_at < $2", &[&of, &forgotten])
        .await?;
    due_rows::note(work, &tenant, &notification.jobs).await?;
    let Some(event_id) = event_id else { return Ok(Receipt::Recorded) };
    let known = "SELECT 1 FROM requests WHERE location = $1 AND open AND event_id = $2";
    let known = doing.row(known, &[&of, &event_id]).await?;
    Ok(if known.is_some() { Receipt::Recorded } else { Receipt::UnknownEvent })
}

/// What notifications said of requests that Apple accepted.
pub(super) async fn notices(
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
    rows.iter().map(|row| talk::heard(row).map(|(_, notice)| notice)).collect()
}
