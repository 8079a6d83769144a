//! What Apple sends to us by itself.

mod receive;

pub use mdm_vpp_ports::LARGEST_NOTIFICATION;
pub use receive::read_notification;
