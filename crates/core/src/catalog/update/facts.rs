//! The facts about an app on a device from which its update is decided, and how versions are compared.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalog::AppKind;

/// The facts about one app on one device that decide its update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateFacts {
    /// Public or custom.
    pub app_kind: AppKind,
    /// The app's flag "update automatically".
    pub update_automatically: bool,
    /// The user's switch for updates of all apps.
    pub user_switch: UserSwitch,
    /// The version on the device.
    pub installed: InstalledVersion,
    /// The newest version in the store; `None` while it is not known.
    pub newest: Option<NewestVersion>,
    /// The version of the device's operating system, as the device reports it; `None` while it is not known.
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
    /// The device has no user.
    NoUser,
}

strict!(UserSwitch { On, Off, NotChosen, NoUser });

impl UserSwitch {
    /// All positions, in the order of the published table.
    pub const ALL: [Self; 4] = [Self::On, Self::Off, Self::NotChosen, Self::NoUser];
}

/// The version of an app on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InstalledVersion {
    /// The app is not installed.
    NotInstalled,
    /// The app is installed, and the device did not report in which version.
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
    /// When it was published, UTC; when it was first seen if the store does not say.
    pub published_at: DateTime<Utc>,
    /// The oldest operating system it runs on, as the store names it; `None` if the store names none.
    pub minimum_os: Option<String>,
}

/// The store's number of a version: `externalVersionId` in the store, `ExternalVersionIdentifier` on the device. A
/// later version has a larger number. It is serialised as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId(u64);

impl VersionId {
    /// Makes an id from its number.
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
        // Rust's parser accepts a leading `+`, which the store never writes. A lone `+` makes it refuse the text.
        let number = if text.starts_with('+') { "+" } else { text.as_str() };
        number.parse().map(Self)
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.0.to_string()
    }
}

/// The version of an operating system: one to four numbers with points between them. Versions are compared number by
/// number, and a missing part counts as 0. White space around the text is ignored.
///
/// ```
/// use mdm_vpp_core::catalog::OsVersion;
///
/// let version = |text: &str| text.parse::<OsVersion>();
/// assert!(version("9.3.5")? < version("10.0")?);
/// assert_eq!(version("17.4")?, version("17.4.0")?);
/// assert!(version("16.5.1 (c)").is_err());
/// # Ok::<(), mdm_vpp_core::catalog::OsVersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsVersion {
    parts: [u32; 4],
}

/// The refusal of a text that is not a version of an operating system.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{given}` cannot be compared with other versions: it is not made of one to four numbers with points between them"
)]
pub struct OsVersionError {
    /// The text, cut after 40 characters.
    pub given: String,
}

impl OsVersionError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "not_a_version"
    }
}

impl FromStr for OsVersion {
    type Err = OsVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || OsVersionError { given: text.chars().take(40).collect() };
        let mut parts = [0; 4];
        let mut places = parts.iter_mut();
        for part in text.trim().split('.') {
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { part.parse().ok() } else { None };
            *places.next().ok_or_else(refused)? = number.ok_or_else(refused)?;
        }
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> OsVersion {
        text.parse().unwrap()
    }

    #[test]
    fn p14_rule_versions_are_compared_as_numbers_part_by_part() {
        let in_order = ["0", "9.3.5", "10", "10.0.1", "10.2", "10.10", "17.4.1", "26.0.1", "100"];
        for pair in in_order.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        for equal in [["17", "17.0.0"], ["017.4", "17.4"], [" 353.0", "353"], ["0.0", "0"]] {
            assert_eq!(version(equal[0]), version(equal[1]));
        }
    }

    #[test]
    fn a_version_that_is_not_made_of_numbers_cannot_be_compared() {
        for wrong in [
            "",
            ".",
            "17.",
            ".4",
            "17..4",
            "17.x",
            "-1",
            "+1",
            "17,4",
            "1.2.3.4.5",
            "16.5.1 (c)",
            "99999999999",
            "１７",
        ] {
            assert!(wrong.parse::<OsVersion>().is_err(), "{wrong:?} was taken");
        }
    }
}
