//! When a license goes back although no policy of the app says so.

use serde::{Deserialize, Serialize};

/// Reclaim rules. They stand for a token, or for a tenant where the token has none of its own.
///
/// The defaults for wipe and control removal are MaaS360's: a device license goes back, a user license stays. The
/// others are off; what they would do has been asked for by users of other products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReclaimRules {
    /// Take device licenses back when the device is wiped or deleted.
    pub device_license_on_wipe: bool,
    /// Take user licenses back when the device is wiped or deleted.
    pub user_license_on_wipe: bool,
    /// Take device licenses back when the control of the device ends.
    pub device_license_on_control_removal: bool,
    /// Take user licenses back when the control of the device ends.
    pub user_license_on_control_removal: bool,
    /// Take the license back when the user removed the app.
    pub on_user_removed_app: bool,
    /// Take the license back when the app was not used for so many days; `None` means never.
    pub unused_days: Option<u16>,
    /// Take user licenses back when the user was deleted.
    pub on_user_deleted: bool,
    /// What happens when a user leaves the groups that the token is restricted to.
    pub on_token_scope_left: ScopeLeftRule,
    /// Give the license back when the app was not installed within so many days; `None` means never.
    pub abandoned_days: Option<u16>,
}

/// What happens to a license when its user leaves the groups that the token is restricted to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeLeftRule {
    /// It stays.
    #[default]
    Keep,
    /// It goes back, and the app stays as one without a license, where that is possible.
    Unlicensed,
    /// It goes back.
    Revoke,
}

strict!(ScopeLeftRule { Keep, Unlicensed, Revoke });

impl Default for ReclaimRules {
    fn default() -> Self {
        Self {
            device_license_on_wipe: true,
            user_license_on_wipe: false,
            device_license_on_control_removal: true,
            user_license_on_control_removal: false,
            on_user_removed_app: false,
            unused_days: None,
            on_user_deleted: false,
            on_token_scope_left: ScopeLeftRule::Keep,
            abandoned_days: Some(14),
        }
    }
}
