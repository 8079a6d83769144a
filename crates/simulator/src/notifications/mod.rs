//! Notifications: what the service tells an MDM by itself, and what goes wrong on the way.

mod compose;
mod dials;
mod notification;
mod outbox;
mod receiver;

pub use dials::NotificationDials;
pub use notification::{Notification, NotificationId, NotificationKind};

pub(crate) use outbox::Outbox;
pub(crate) use receiver::TestReceiver;
