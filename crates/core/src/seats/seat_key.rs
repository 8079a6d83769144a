//! What tells seats apart: the asset, where it is, and who holds it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    id::{ClientUserId, LocationId, SerialNumber},
};

/// Who holds a license: Apple knows two kinds of holders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holder {
    /// A device.
    Device {
        /// Its serial number.
        serial_number: SerialNumber,
    },
    /// A user, for all of his devices.
    User {
        /// The id under which he is registered at Apple.
        client_user_id: ClientUserId,
    },
}

/// A seat: one asset of one location for one holder. There is at most one for each key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatKey {
    /// The location that owns the license.
    pub location: LocationId,
    /// What is licensed.
    pub asset: AssetKey,
    /// Who holds it.
    pub holder: Holder,
}

impl Holder {
    /// Whether it is a user.
    #[must_use]
    pub const fn is_user(&self) -> bool {
        matches!(self, Self::User { .. })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device { serial_number } => write!(f, "device `{serial_number}`"),
            Self::User { client_user_id } => write!(f, "user `{client_user_id}`"),
        }
    }
}
