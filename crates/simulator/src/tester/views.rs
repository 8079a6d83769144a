//! What the tester's server answers with: requests, events, notifications, and errors.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::apple::{Endpoint, EventKind, EventStatus, NotificationKind};
use crate::model::{EventView, LogEntry, Notification};
use crate::portal::PortalError;
use crate::settings::BaseUrlError;

/// An entry of the request log.
#[derive(Debug, Serialize)]
pub(crate) struct RequestView {
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

impl From<LogEntry> for RequestView {
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

/// An event, with its kind under the name `event`.
#[derive(Debug, Serialize)]
pub(crate) struct TesterEventView {
    id: String,
    location: String,
    event: EventKind,
    status: EventStatus,
    requested: usize,
    completed: usize,
    accepted_at: DateTime<Utc>,
    next_step_at: Option<DateTime<Utc>>,
}

impl From<EventView> for TesterEventView {
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
pub(crate) struct NotificationView {
    id: String,
    notification: NotificationKind,
    url: String,
    bearer: String,
    body: Value,
    made_at: DateTime<Utc>,
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        Self {
            body: notification.value().unwrap_or_default(),
            id: notification.id.to_string(),
            notification: notification.kind,
            url: notification.url,
            bearer: notification.bearer,
            made_at: notification.made_at,
        }
    }
}

/// The reason why a tester's request is refused.
#[derive(Debug, Error)]
pub(crate) enum TesterError {
    #[error("there is no such path with this method; `GET /` lists all")]
    NoSuchPath,
    #[error("the body cannot be read: {0}")]
    Body(#[from] serde_json::Error),
    #[error("`{0}` is no id of its kind; take one from an answer of the simulator")]
    Id(String),
    #[error("there is no location; create one with `POST /portal/create_location`")]
    NoLocation,
    #[error("there is no pending event `{0}`; `GET /events` lists all")]
    Event(String),
    #[error(transparent)]
    Portal(#[from] PortalError),
    #[error(transparent)]
    Url(#[from] BaseUrlError),
}

impl TesterError {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::NoSuchPath | Self::Event(_) => 404,
            Self::Body(_) | Self::Id(_) | Self::Url(_) => 400,
            Self::NoLocation | Self::Portal(_) => 409,
        }
    }
}
