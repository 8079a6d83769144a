//! Notifications: where Apple sends them, how Apple is known by them, and what follows from one.

mod effect;
mod key;
mod receive;
mod url;

use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{NotificationSecretError, Subscription};

pub use key::{NotificationKey, NotificationKeyError, NotificationKeys};
pub(crate) use receive::receive;
pub use url::{NotificationUrl, NotificationUrlError};

use crate::context::NotificationSettings;

/// The types of notifications that are wanted, in Apple's words: those from which something follows.
const TYPES: [&str; 4] = ["ASSET_MANAGEMENT", "ASSET_COUNT", "USER_MANAGEMENT", "USER_ASSOCIATED"];

/// Where notifications go, and the keys by which they are known to be Apple's.
pub(crate) struct Notifications {
    url: NotificationUrl,
    keys: NotificationKeys,
}

impl Notifications {
    pub(crate) const fn new(url: NotificationUrl, keys: NotificationKeys) -> Self {
        Self { url, keys }
    }
}

impl NotificationSettings for Notifications {
    fn subscription(&self, location: &LocationId) -> Result<Subscription, NotificationSecretError> {
        let types = TYPES.map(str::to_owned).into();
        Ok(Subscription { url: self.url.to_string(), bearer: self.keys.secret(location)?, types })
    }

    fn location_of(&self, bearer: &str) -> Option<LocationId> {
        self.keys.location_of(bearer)
    }
}
