//! Who an app is for: a device, a user, or a user's device.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    catalog::Platform,
    id::{ClientUserId, DeviceId, GroupId, SerialNumber, UserId},
};

/// One device with its user, one device without a user, or a user alone (for books).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The device, unless the user alone is meant.
    pub device: Option<RecipientDevice>,
    /// The user of the device, if it has one.
    pub user: Option<RecipientUser>,
    /// The groups of both.
    pub groups: BTreeSet<GroupId>,
}

/// The device of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientDevice {
    /// The host's id.
    pub id: DeviceId,
    /// The serial number, the holder of a device license.
    pub serial_number: SerialNumber,
    /// How it is enrolled.
    pub enrollment: Enrollment,
    /// What it runs; `None` when the host does not know yet.
    pub platform: Option<Platform>,
}

/// The user of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientUser {
    /// The host's id.
    pub id: UserId,
    /// The id under which he is, or will be, registered at Apple: the holder of a user license.
    pub client_user_id: ClientUserId,
}

/// How a device is enrolled, as far as it decides which licenses it can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Enrollment {
    /// Managed as a whole: supervised, enrolled by hand, or a personal device with a profile. What decides is the
    /// channel, not who owns the device (observed in the wild).
    Device,
    /// Account-driven User Enrollment: Apple takes a license for its serial number, but the install fails.
    User,
    /// A Shared iPad: device licenses only.
    SharedDevice,
}

strict!(Enrollment { Device, User, SharedDevice });

/// Facts about a recipient that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecipientError {
    /// Neither a device nor a user.
    #[error("the recipient is neither a device nor a user: name at least one")]
    NeitherDeviceNorUser,
    /// A group that the directory does not have.
    #[error("the recipient is in group `{group}`, which does not exist: read the directory again")]
    UnknownGroup {
        /// The group.
        group: GroupId,
    },
}

impl RecipientError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NeitherDeviceNorUser => "neither_device_nor_user",
            Self::UnknownGroup { .. } => "unknown_group",
        }
    }
}

impl Recipient {
    /// Checks the facts against each other and against the groups that exist.
    ///
    /// # Errors
    ///
    /// [`RecipientError`] names the first contradiction.
    pub fn check(&self, groups: &BTreeSet<GroupId>) -> Result<(), RecipientError> {
        if self.device.is_none() && self.user.is_none() {
            return Err(RecipientError::NeitherDeviceNorUser);
        }
        match self.groups.difference(groups).next() {
            Some(group) => Err(RecipientError::UnknownGroup { group: group.clone() }),
            None => Ok(()),
        }
    }
}
