//! The events that may take an app from a device, or its license.

use serde::Serialize;

/// An event that may take an app from a device, or its license. Each is distinct: two that look alike to a user may
/// be ruled differently.
///
/// Sources: MaaS360's Policies tab and its B2B page for control removal, selective wipe, deletion, stop of
/// distribution and sign-out; its page on enterprise apps for the group that was left; the others answer what users
/// of other products ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DepartureTrigger {
    /// An administrator ended the control of the device.
    ControlRemovedByAdministrator,
    /// The user ended the control of the device.
    ControlRemovedByUser,
    /// A selective wipe was sent.
    SelectiveWipe,
    /// The device was wiped as a whole.
    DeviceWiped,
    /// The device was deleted from the portal.
    DeviceDeleted,
    /// The app was deleted from the catalog.
    AppDeleted,
    /// The app's distribution to the target was stopped.
    DistributionStopped,
    /// The device or its user left the group that the app was distributed to.
    TargetGroupLeft,
    /// The user left the groups that the token is restricted to; the app is still distributed to them.
    TokenScopeLeft,
    /// A user signed out from a shared device.
    SharedSignOut,
    /// The user was deleted from the directory.
    UserDeleted,
    /// The user removed the app from the device.
    UserRemovedApp,
    /// The app was not used for the number of days that the rules name.
    Unused,
    /// The app was never installed, for the number of days that the rules name.
    InstallAbandoned,
}

strict!(DepartureTrigger {
    ControlRemovedByAdministrator,
    ControlRemovedByUser,
    SelectiveWipe,
    DeviceWiped,
    DeviceDeleted,
    AppDeleted,
    DistributionStopped,
    TargetGroupLeft,
    TokenScopeLeft,
    SharedSignOut,
    UserDeleted,
    UserRemovedApp,
    Unused,
    InstallAbandoned,
});

impl DepartureTrigger {
    /// All triggers, in the order of the published table.
    pub const ALL: [Self; 14] = [
        Self::ControlRemovedByAdministrator,
        Self::ControlRemovedByUser,
        Self::SelectiveWipe,
        Self::DeviceWiped,
        Self::DeviceDeleted,
        Self::AppDeleted,
        Self::DistributionStopped,
        Self::TargetGroupLeft,
        Self::TokenScopeLeft,
        Self::SharedSignOut,
        Self::UserDeleted,
        Self::UserRemovedApp,
        Self::Unused,
        Self::InstallAbandoned,
    ];

    /// The trigger as administrators read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ControlRemovedByAdministrator => "control removed by the administrator",
            Self::ControlRemovedByUser => "control removed by the user",
            Self::SelectiveWipe => "selective wipe",
            Self::DeviceWiped => "device wiped",
            Self::DeviceDeleted => "device deleted",
            Self::AppDeleted => "app deleted from the catalog",
            Self::DistributionStopped => "distribution stopped",
            Self::TargetGroupLeft => "target group left",
            Self::TokenScopeLeft => "token's groups left",
            Self::SharedSignOut => "sign-out from a shared device",
            Self::UserDeleted => "user deleted",
            Self::UserRemovedApp => "user removed the app",
            Self::Unused => "app unused",
            Self::InstallAbandoned => "install abandoned",
        }
    }

    /// Whether another target that gives the app makes the event meaningless.
    #[must_use]
    pub const fn is_about_one_target(self) -> bool {
        matches!(self, Self::DistributionStopped | Self::TargetGroupLeft)
    }
}
