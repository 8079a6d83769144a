//! Distributions: the targets of an app, the kind of license that each asks for, and the flags of its install command.

use serde::{Deserialize, Serialize};

use super::Recipient;
use crate::{
    id::{DeviceId, GroupId, UserId},
    token::AppPolicies,
};

/// The targets of an app. An app without targets has no recipients.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// The targets, in any order.
    pub targets: Vec<Target>,
}

/// A target of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The recipients that it includes.
    pub to: TargetOf,
    /// The kind of license that the target asks for.
    pub license: LicenseType,
}

/// The recipients that a target includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TargetOf {
    /// Every device and every user of the tenant.
    Everyone,
    /// The members of a group: users and devices.
    Group {
        /// The group.
        group: GroupId,
    },
    /// One user, with all of their devices.
    User {
        /// The user.
        user: UserId,
    },
    /// One device.
    Device {
        /// The device.
        device: DeviceId,
    },
}

strict!(TargetOf { Everyone, Group { group: GroupId }, User { user: UserId }, Device { device: DeviceId } });

/// The kind of license that a target asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LicenseType {
    /// A device license where one is possible, else a user license. Books and account-driven User Enrollment have user
    /// licenses only (MaaS360: device is the default, and user is automatic for User Enrollment).
    #[default]
    Automatic,
    /// A device license.
    Device,
    /// A user license.
    User,
}

strict!(LicenseType { Automatic, Device, User });

impl Target {
    /// Whether the target includes a recipient.
    #[must_use]
    pub fn means(&self, recipient: &Recipient) -> bool {
        match &self.to {
            TargetOf::Everyone => true,
            TargetOf::Group { group } => recipient.groups.contains(group),
            TargetOf::User { user } => recipient.user.as_ref().is_some_and(|of| &of.id == user),
            TargetOf::Device { device } => recipient.device.as_ref().is_some_and(|of| &of.id == device),
        }
    }
}

/// The kinds of license that the targets of a recipient ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TargetTypes {
    pub(crate) automatic: bool,
    pub(crate) device: bool,
    pub(crate) user: bool,
}

impl TargetTypes {
    /// Whether no target includes the recipient.
    pub(crate) const fn is_empty(self) -> bool {
        !(self.automatic || self.device || self.user)
    }
}

impl Distribution {
    /// The kinds of license that the targets which include a recipient ask for.
    pub(crate) fn types_for(&self, recipient: &Recipient) -> TargetTypes {
        let mut types = TargetTypes::default();
        for target in self.targets.iter().filter(|target| target.means(recipient)) {
            match target.license {
                LicenseType::Automatic => types.automatic = true,
                LicenseType::Device => types.device = true,
                LicenseType::User => types.user = true,
            }
        }
        types
    }
}

/// The `ManagementFlags` of Apple's install command. They have to be set when an app is installed: only then does the
/// end of control remove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ManagementFlags(pub u8);

impl ManagementFlags {
    /// The device removes the app when its control ends (Apple: 1).
    pub const REMOVE_WITH_CONTROL: u8 = 1;
    /// The app's data stay out of backups (Apple: 4).
    pub const NO_BACKUP: u8 = 4;

    /// The flags that an app's policies ask for.
    ///
    /// ```
    /// use mdm_vpp_core::{policy::ManagementFlags, token::AppPolicies};
    ///
    /// let mut policies = AppPolicies { restrict_data_backup: true, ..AppPolicies::default() };
    /// policies.remove_app_on.mdm_control_removal = true;
    /// assert_eq!(ManagementFlags::of(&policies), ManagementFlags(5));
    /// ```
    #[must_use]
    pub const fn of(policies: &AppPolicies) -> Self {
        let remove = if policies.remove_app_on.mdm_control_removal { Self::REMOVE_WITH_CONTROL } else { 0 };
        let backup = if policies.restrict_data_backup { Self::NO_BACKUP } else { 0 };
        Self(remove | backup)
    }
}
