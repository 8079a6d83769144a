//! The parts of Apple's state: locations with their assets and users, tokens, events, notifications, the request log.

mod asset;
mod collections;
mod content_token;
mod event;
mod location;
mod log;
mod notification;
mod users;

pub use content_token::{DownloadedToken, TokenDownload};
pub use event::EventView;
pub use location::{Claim, NewLocation, NotificationSettings};
pub use log::LogEntry;
pub use notification::Notification;

pub(crate) use asset::{OwnedAsset, Seats};
pub(crate) use content_token::{ContentToken, TokenFile, TokenRole};
pub(crate) use event::{Event, Failures, Task, Work};
pub(crate) use location::Location;
pub(crate) use log::{RequestLog, without_secrets};
pub(crate) use notification::{Outbox, TestReceiver};
pub(crate) use users::{User, WantedUser, invite_code};
