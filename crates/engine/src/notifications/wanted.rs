//! The subscription that is wanted for a location.

use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{NotificationSecretError, Subscription};

use super::{NotificationKeys, NotificationUrl};

/// Which notifications are wanted, in Apple's words: those from which something follows.
const TYPES: [&str; 4] = ["ASSET_MANAGEMENT", "ASSET_COUNT", "USER_MANAGEMENT", "USER_ASSOCIATED"];

/// Where notifications go, and how they are known to be Apple's.
pub(crate) struct Notifications {
    pub(crate) url: NotificationUrl,
    pub(crate) keys: NotificationKeys,
}

impl Notifications {
    /// What Apple shall be told about a location.
    pub(crate) fn wanted(&self, location: &LocationId) -> Result<Subscription, NotificationSecretError> {
        let types = TYPES.map(str::to_owned).into();
        Ok(Subscription { url: self.url.to_string(), bearer: self.keys.secret(location)?, types })
    }
}
