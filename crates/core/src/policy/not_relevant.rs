//! Why an app cannot be given to a recipient at all.

use serde::{Deserialize, Serialize};

/// Why an app is "Not Relevant" for a recipient. No call is made to Apple for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum NotRelevant {
    /// No token's location owns it.
    NotOwned,
    /// The recipient is a user alone, and only devices can have it.
    NoDevice,
    /// The host does not know yet what the device runs.
    UnknownPlatform,
    /// The app does not run on the device's platform.
    OtherPlatform,
    /// Apple, or the developer, allows user licenses only.
    NotDeviceAssignable,
    /// Books are for users only.
    BookOnDevice,
    /// Account-driven User Enrollment: the license would be taken and the install would fail.
    DeviceLicenseOnUserEnrolledDevice,
    /// A user license was asked for, and the device has no user.
    UserLicenseWithoutUser,
    /// A Shared iPad takes device licenses only.
    UserLicenseOnSharedDevice,
    /// Without a license: a custom app is in no public store.
    UnlicensedCustomApp,
    /// Without a license: a macOS app.
    UnlicensedMacOsApp,
    /// Without a license: a book.
    UnlicensedBook,
    /// Without a license: the store sells the app no more.
    UnlicensedGoneFromStore,
    /// Without a license: account-driven User Enrollment installs licensed apps only.
    UnlicensedOnUserEnrolledDevice,
    /// Without a license: a shared device has no Apple Account to install with.
    UnlicensedOnSharedDevice,
}

impl NotRelevant {
    /// All reasons, in the order in which they are declared.
    pub const ALL: [Self; 15] = [
        Self::NotOwned,
        Self::NoDevice,
        Self::UnknownPlatform,
        Self::OtherPlatform,
        Self::NotDeviceAssignable,
        Self::BookOnDevice,
        Self::DeviceLicenseOnUserEnrolledDevice,
        Self::UserLicenseWithoutUser,
        Self::UserLicenseOnSharedDevice,
        Self::UnlicensedCustomApp,
        Self::UnlicensedMacOsApp,
        Self::UnlicensedBook,
        Self::UnlicensedGoneFromStore,
        Self::UnlicensedOnUserEnrolledDevice,
        Self::UnlicensedOnSharedDevice,
    ];

    /// Whether MaaS360 would show it as "Device Criteria": the device, its enrollment and the license do not go
    /// together.
    #[must_use]
    pub const fn is_device_criteria(self) -> bool {
        !matches!(self, Self::NotOwned | Self::NoDevice)
    }
}
