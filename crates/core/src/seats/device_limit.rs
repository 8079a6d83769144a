//! How many devices of a user one license serves.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::seats::SeatKey;

/// How many devices of a user one license serves; 5 by default, as other products document it (Intune). Apple's pages
/// state no number, so it is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceLimit(pub NonZeroU32);

impl Default for DeviceLimit {
    fn default() -> Self {
        Self(NonZeroU32::new(5).unwrap_or(NonZeroU32::MIN))
    }
}

impl DeviceLimit {
    /// Whether one more device may use a seat that this number of devices use: a device's own seat serves that device
    /// alone, a user's as many of their devices as the limit says.
    #[must_use]
    pub fn has_room(self, seat: &SeatKey, devices: usize) -> bool {
        if seat.holder.is_user() {
            usize::try_from(self.0.get()).is_ok_and(|limit| devices < limit)
        } else {
            devices == 0
        }
    }
}
