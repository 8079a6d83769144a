//! Recipients: a device, a user, or a device with its user.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    catalog::Platform,
    id::{ClientUserId, DeviceId, GroupId, SerialNumber, UserId},
};

/// A recipient of apps: a device with its user, a device without a user, or a user alone (for books).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The device; `None` for a user alone.
    pub device: Option<RecipientDevice>,
    /// The user; `None` for a device without one.
    pub user: Option<RecipientUser>,
    /// The groups of the device and of the user.
    pub groups: BTreeSet<GroupId>,
}

/// The device of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientDevice {
    /// The embedder's id of the device.
    pub id: DeviceId,
    /// The serial number, which is the holder of a device license.
    pub serial_number: SerialNumber,
    /// How it is enrolled.
    pub enrollment: Enrollment,
    /// The platform; `None` while the embedder does not know it.
    pub platform: Option<Platform>,
}

/// The user of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientUser {
    /// The embedder's id of the user.
    pub id: UserId,
    /// The id under which the user is, or will be, registered at Apple: the holder of a user license.
    pub client_user_id: ClientUserId,
}

/// How a device is enrolled, as far as it decides which licenses it can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Enrollment {
    /// Managed as a whole: supervised, enrolled by hand, or a personal device with a profile. The channel of management
    /// decides, not the ownership of the device (observed).
    Device,
    /// Account-driven User Enrollment. Apple assigns a license to its serial number, but the install fails (observed).
    User,
    /// A Shared iPad, which has device licenses only.
    SharedDevice,
}

strict!(Enrollment { Device, User, SharedDevice });

/// The refusal of contradictory facts about a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecipientError {
    /// The recipient has neither a device nor a user.
    #[error("the recipient is neither a device nor a user: give at least one of the two")]
    NeitherDeviceNorUser,
    /// The recipient is in a group that the directory does not have.
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
