//! The dialog's Policies tab: when an app leaves a device, and what happens to its license.

use serde::{Deserialize, Serialize};

/// What happens to an app and its license. Each app has its own; a token's is the template for apps it adds.
///
/// The names are those of the Policies tab in MaaS360's token upload. Everything is off by default.
///
/// ```
/// use mdm_vpp_core::token::AppPolicies;
///
/// let mut policies = AppPolicies::default();
/// policies.remove_app_on.selective_wipe = true;
/// policies.restrict_data_backup = true;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppPolicies {
    /// The events that remove the app from a device.
    pub remove_app_on: RemoveAppOn,
    /// Give the license back when the app is deleted or its distribution is stopped.
    pub revoke_license_on_deletion_or_stop_of_distribution: bool,
    /// Keep the app's data out of backups.
    pub restrict_data_backup: bool,
    /// An app that is added waits for an approval before it may be distributed.
    pub app_approval: bool,
}

/// The events that remove an app from a device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemoveAppOn {
    /// Control of the device ends, by the administrator or by the user. Works through a flag that is set when the
    /// app is installed.
    pub mdm_control_removal: bool,
    /// A selective wipe is sent to the device.
    pub selective_wipe: bool,
    /// The app is deleted from the catalog, or its distribution to a target is stopped.
    pub deletion_or_stop_of_distribution: bool,
    /// A user signs out from a shared device.
    pub sign_out_from_shared_device: bool,
}
