//! What is known about an app on a device when its update is decided.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::AppKind;

/// One app on one device, as far as an update is about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateFacts {
    /// Public or custom.
    pub app_kind: AppKind,
    /// The app's flag "update automatically".
    pub update_automatically: bool,
    /// The user's switch for updates of all apps.
    pub user_switch: UserSwitch,
    /// What the device has.
    pub installed: InstalledVersion,
    /// What the store has; `None` while that is not known.
    pub newest: Option<NewestVersion>,
    /// The version of the device's operating system, as the device says it; `None` while that is not known.
    pub device_os: Option<String>,
}

/// The user's switch for updates of all apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UserSwitch {
    /// The user wants updates.
    On,
    /// The user does not want updates.
    Off,
    /// The user never touched it.
    NotChosen,
    /// The device has no user who could.
    NoUser,
}

strict!(UserSwitch { On, Off, NotChosen, NoUser });

impl UserSwitch {
    /// All positions, in the order of the published table.
    pub const ALL: [Self; 4] = [Self::On, Self::Off, Self::NotChosen, Self::NoUser];
}

/// What the device has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InstalledVersion {
    /// The app is not installed.
    NotInstalled,
    /// The app is installed, and the device does not say in which version.
    Unknown,
    /// The app is installed in this version.
    Installed {
        /// The version.
        version: VersionId,
    },
}

strict!(InstalledVersion { NotInstalled, Unknown, Installed { version: VersionId } });

/// The newest version in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewestVersion {
    /// The version.
    pub version: VersionId,
    /// When it was published, or first seen if the store does not say. UTC.
    pub published_at: DateTime<Utc>,
    /// The oldest operating system it runs on, as the store says it; `None` if the store names none.
    pub minimum_os: Option<String>,
}

/// The store's number of a version: `externalVersionId` in the store, `ExternalVersionIdentifier` on the device. A later
/// version has a larger number. Written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId(u64);

impl VersionId {
    /// A version from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl TryFrom<String> for VersionId {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // A sign alone is refused by the parser, and a sign before a number must not pass either.
        let number = if text.starts_with('+') { "+" } else { text.as_str() };
        number.parse().map(Self)
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.0.to_string()
    }
}
