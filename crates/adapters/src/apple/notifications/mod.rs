//! What Apple sends to us by itself.

mod receive;

pub use receive::{LARGEST_NOTIFICATION, read_notification};
