//! What the tester's door tells: requests, events and notifications.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::events::{EventKind, EventStatus, EventView};
use crate::log::LogEntry;
use crate::notifications::{Notification, NotificationKind};

/// A line of the request log.
#[derive(Debug, Serialize)]
pub(super) struct ToldRequest {
    at: DateTime<Utc>,
    endpoint: Option<Endpoint>,
    method: String,
    path: String,
    query: String,
    status: Option<u16>,
    error: Option<i32>,
    location: Option<String>,
    token: Option<String>,
    token_sent: bool,
}

impl From<LogEntry> for ToldRequest {
    fn from(entry: LogEntry) -> Self {
        Self {
            at: entry.at,
            endpoint: entry.endpoint,
            method: entry.method,
            path: entry.path,
            query: entry.query,
            status: entry.status,
            error: entry.error.map(|number| number.number()),
            location: entry.uid.map(|uid| uid.to_string()),
            token: entry.token.map(|token| token.to_string()),
            token_sent: entry.token_sent,
        }
    }
}

/// An event.
#[derive(Debug, Serialize)]
pub(super) struct ToldEvent {
    id: String,
    location: String,
    event: EventKind,
    status: EventStatus,
    requested: usize,
    completed: usize,
    accepted_at: DateTime<Utc>,
    next_step_at: Option<DateTime<Utc>>,
}

impl From<EventView> for ToldEvent {
    fn from(view: EventView) -> Self {
        Self {
            id: view.id.to_string(),
            location: view.location.to_string(),
            event: view.kind,
            status: view.status,
            requested: view.requested,
            completed: view.completed,
            accepted_at: view.accepted_at,
            next_step_at: view.next_step_at,
        }
    }
}

/// A notification that was taken. It carries the MDM's token, so that the tester can deliver it.
#[derive(Serialize)]
pub(super) struct ToldNotification {
    id: String,
    notification: NotificationKind,
    url: String,
    bearer: String,
    body: Value,
    made_at: DateTime<Utc>,
}

impl From<Notification> for ToldNotification {
    fn from(told: Notification) -> Self {
        Self {
            body: told.value().unwrap_or_default(),
            id: told.id.to_string(),
            notification: told.kind,
            url: told.url,
            bearer: told.bearer,
            made_at: told.made_at,
        }
    }
}
