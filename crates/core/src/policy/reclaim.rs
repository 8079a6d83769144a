//! Reclaim rules: when a license is revoked although no policy of the app says so.

use serde::{Deserialize, Serialize};

/// The reclaim rules of a token, or of a tenant for tokens without rules of their own.
///
/// The defaults for wipe and control removal are MaaS360's: a device license is revoked, a user license is kept. An
/// abandoned install gives its license back after 14 days (ours). The other rules are off by default; users of other
/// products have asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReclaimRules {
    /// Revoke device licenses when the device is wiped or deleted.
    pub device_license_on_wipe: bool,
    /// Revoke user licenses when the device is wiped or deleted.
    pub user_license_on_wipe: bool,
    /// Revoke device licenses when the control of the device ends.
    pub device_license_on_control_removal: bool,
    /// Revoke user licenses when the control of the device ends.
    pub user_license_on_control_removal: bool,
    /// Revoke the license when the user removed the app.
    pub on_user_removed_app: bool,
    /// Revoke the license when the app was not used for this many days; `None` means never.
    pub unused_days: Option<u16>,
    /// Revoke user licenses when the user was deleted.
    pub on_user_deleted: bool,
    /// What happens to a license when its recipient leaves the groups of the token.
    pub on_token_scope_left: ScopeLeftRule,
    /// Revoke the license when the app was not installed within this many days; `None` means never.
    pub abandoned_days: Option<u16>,
}

/// What happens to a license when its recipient leaves the groups that the token is restricted to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeLeftRule {
    /// It is kept.
    #[default]
    Keep,
    /// It is revoked, and the app stays without a license, where that is possible.
    Unlicensed,
    /// It is revoked.
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
