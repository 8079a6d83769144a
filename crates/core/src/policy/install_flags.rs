//! What an app's policies become in the order to install it.

use serde::{Deserialize, Serialize};

use crate::token::AppPolicies;

/// `ManagementFlags` of Apple's install command. They are set when the app is installed; removing control of a device
/// can only then remove the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ManagementFlags(pub u8);

impl ManagementFlags {
    /// The app goes when the control of the device ends (Apple's documentation: 1).
    pub const REMOVE_WITH_CONTROL: u8 = 1;
    /// The app's data stay out of backups (Apple's documentation: 4).
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
