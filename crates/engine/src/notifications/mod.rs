//! Notifications: what Apple tells us by itself, and how it is known to be Apple.

mod address;
mod bearer;
mod effect;
mod key;
mod key_error;
mod keys;
mod receive;
mod wanted;

pub use address::{NotificationUrl, NotificationUrlError};
pub use key::NotificationKey;
pub use key_error::NotificationKeyError;
pub use keys::NotificationKeys;
pub(crate) use wanted::Notifications;
