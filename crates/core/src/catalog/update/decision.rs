//! The decision about an update, with its reason.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::VersionId;

/// The decision about an update of one app on one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum UpdateDecision {
    /// The version is pushed now.
    Push {
        /// The version.
        version: VersionId,
        /// The time of its batch, UTC; with [`Cadence::AtOnce`](super::Cadence::AtOnce) the time of its publication.
        batch_at: DateTime<Utc>,
    },
    /// The version is not pushed now.
    Hold {
        /// The reason.
        reason: UpdateHold,
        /// When to decide again, UTC; `None` when a fact has to change first.
        until: Option<DateTime<Utc>>,
    },
    /// The device cannot have the version.
    Refuse {
        /// The reason.
        reason: RefuseReason,
    },
    /// There is nothing to push.
    Nothing {
        /// The reason.
        reason: NothingReason,
    },
}

/// The reason for which an update is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum UpdateHold {
    /// Its batch is still to come.
    AwaitsBatch,
    /// No update window is open on the device.
    OutsideWindow,
    /// There are update windows, and the device's time zone is not known.
    UnknownTimeZone,
    /// The store's newest version is not known.
    NewestVersionUnknown,
    /// The device did not report which version it has.
    InstalledVersionUnknown,
    /// The device has a later version than the store: one of the two is out of date.
    InstalledIsNewer {
        /// The version on the device.
        installed: VersionId,
        /// The version in the store.
        newest: VersionId,
    },
    /// The version was published in the future: a clock or the store is wrong.
    PublishedInTheFuture,
    /// The version needs a certain operating system, and the device did not report which it has.
    OsUnknown,
    /// The version of the device's operating system cannot be compared.
    OsNotComparable {
        /// The version as the device reported it.
        device: String,
    },
    /// The operating system that the version needs cannot be compared.
    MinimumOsNotComparable {
        /// The version as the store names it.
        minimum: String,
    },
    /// A time lies outside the range that can be represented.
    TimeOutOfRange,
}

/// The reason for which a device cannot have an update.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RefuseReason {
    /// Its operating system is older than the version needs.
    OsTooOld {
        /// The device's operating system.
        device: String,
        /// The oldest operating system that the version runs on.
        minimum: String,
    },
}

/// The reason for which there is nothing to push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NothingReason {
    /// The rule set disables updates.
    UpdatesDisabled,
    /// Administrators decide, and the app's flag is off.
    AppFlagOff,
    /// Users decide, and this one switched updates off.
    UserSwitchedOff,
    /// Users decide, and this one never chose.
    UserDidNotChoose,
    /// Users decide, and the device has none.
    NoUser,
    /// The app is not on the device.
    NotInstalled,
    /// The device has the newest version.
    AlreadyNewest,
}

impl UpdateHold {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AwaitsBatch => "awaits_batch",
            Self::OutsideWindow => "outside_window",
            Self::UnknownTimeZone => "unknown_time_zone",
            Self::NewestVersionUnknown => "newest_version_unknown",
            Self::InstalledVersionUnknown => "installed_version_unknown",
            Self::InstalledIsNewer { .. } => "installed_is_newer",
            Self::PublishedInTheFuture => "published_in_the_future",
            Self::OsUnknown => "os_unknown",
            Self::OsNotComparable { .. } => "os_not_comparable",
            Self::MinimumOsNotComparable { .. } => "minimum_os_not_comparable",
            Self::TimeOutOfRange => "time_out_of_range",
        }
    }
}

impl RefuseReason {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OsTooOld { .. } => "os_too_old",
        }
    }
}

impl NothingReason {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UpdatesDisabled => "updates_disabled",
            Self::AppFlagOff => "app_flag_off",
            Self::UserSwitchedOff => "user_switched_off",
            Self::UserDidNotChoose => "user_did_not_choose",
            Self::NoUser => "no_user",
            Self::NotInstalled => "not_installed",
            Self::AlreadyNewest => "already_newest",
        }
    }
}
