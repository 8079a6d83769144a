//! Apple's kinds of events, notifications, users and portals, each with Apple's name.

use serde::{Deserialize, Serialize};

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// Gives assets to users or devices.
    Associate,
    /// Takes assets from users or devices.
    Disassociate,
    /// Takes all revocable assets from users or devices.
    Revoke,
    /// Creates users.
    CreateUsers,
    /// Changes users.
    UpdateUsers,
    /// Retires users, and takes their revocable assets.
    RetireUsers,
}

impl EventKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Associate => "ASSOCIATE",
            Self::Disassociate => "DISASSOCIATE",
            Self::Revoke => "REVOKE",
            Self::CreateUsers => "CREATE",
            Self::UpdateUsers => "UPDATE",
            Self::RetireUsers => "RETIRE",
        }
    }
}

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventStatus {
    /// Not finished.
    Pending,
    /// Finished; all tasks were done.
    Complete,
    /// Finished; at least one task failed, the others were done.
    Failed,
}

impl EventStatus {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
        }
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotificationKind {
    /// Whether the MDM can be reached; sent while client config is written.
    Test,
    /// Tasks of an event that gave or took assets.
    AssetManagement,
    /// Tasks of an event that changed users.
    UserManagement,
    /// A user accepted the invitation.
    UserAssociated,
    /// The total of an asset changed.
    AssetCount,
}

impl NotificationKind {
    /// The names that service config lists (Apple's documentation, 2026). The simulator sends the first four kinds.
    pub(crate) const LISTED: [&str; 7] = [
        "ASSET_MANAGEMENT",
        "USER_MANAGEMENT",
        "USER_ASSOCIATED",
        "ASSET_COUNT",
        "SUBSCRIPTION_MANAGEMENT",
        "SUBSCRIPTION_COUNT",
        "UNLIMITED_ASSET",
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Test => "TEST_NOTIFICATION",
            Self::AssetManagement => "ASSET_MANAGEMENT",
            Self::UserManagement => "USER_MANAGEMENT",
            Self::UserAssociated => "USER_ASSOCIATED",
            Self::AssetCount => "ASSET_COUNT",
        }
    }

    /// Whether an MDM may subscribe to the kind with this name. The test's own kind may be named too, though the
    /// service does not list it (Apple's documentation).
    pub(crate) fn accepts(name: &str) -> bool {
        name == Self::Test.name() || Self::LISTED.contains(&name)
    }
}

/// The status of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserStatus {
    /// Known, without an Apple Account.
    Registered,
    /// Known, with an Apple Account.
    Associated,
    /// Retired by the MDM.
    Retired,
    /// Replaced: its Apple Account went back to an older user of the same id.
    Deleted,
}

impl UserStatus {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Registered => "Registered",
            Self::Associated => "Associated",
            Self::Retired => "Retired",
            Self::Deleted => "Deleted",
        }
    }
}

/// Which of Apple's portals a location belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Platform {
    /// Apple Business.
    #[default]
    Business,
    /// Apple School Manager.
    School,
}

impl Platform {
    /// The store that a location of the portal asks for metadata.
    pub(crate) const fn store_name(self) -> &'static str {
        match self {
            Self::Business => "enterprisestore",
            Self::School => "volumestore",
        }
    }

    pub(crate) const fn website(self) -> &'static str {
        match self {
            Self::Business => "https://business.apple.com",
            Self::School => "https://school.apple.com",
        }
    }
}
