//! The rule set for updates.

use std::num::NonZeroU16;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::UpdateWindow;
use crate::catalog::AppKind;

/// A rule set for updates: who decides, how often, and when. Public and custom apps follow the same one (MaaS360).
///
/// By default administrators decide app by app, public apps go in a batch every 7 days and custom apps every 24 hours
/// (MaaS360's own numbers), at any time of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateRules {
    /// Who decides.
    pub mode: UpdateMode,
    /// How often new versions of public apps go out.
    pub public_cadence: Cadence,
    /// How often new versions of custom apps go out.
    pub custom_cadence: Cadence,
    /// A time at which batches go out; all others are whole cadences away from it. UTC, by default 1970-01-01, so
    /// that weekly batches are on Thursdays at 00:00 UTC.
    pub batches_from: DateTime<Utc>,
    /// When devices may be updated, in their local time. A device may be updated while any of them is open; none
    /// means at any time.
    pub windows: Vec<UpdateWindow>,
}

/// Who decides about updates: MaaS360's three modes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UpdateMode {
    /// The administrator, by the app's flag "update automatically"; the user's switch is not asked.
    #[default]
    Administrator,
    /// The user, by one switch for all apps; the app's flag is not asked.
    EndUser,
    /// Nobody: users update by hand.
    Disabled,
}

strict!(UpdateMode { Administrator, EndUser, Disabled });

/// How often new versions go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cadence {
    /// As soon as they are known.
    AtOnce,
    /// In batches. A version waits for the first batch after it was published, so never longer than this.
    Batch {
        /// The hours between two batches.
        every_hours: NonZeroU16,
    },
}

strict!(Cadence { AtOnce, Batch { every_hours: NonZeroU16 } });

impl UpdateMode {
    /// All modes, in the order of the published table.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::EndUser, Self::Disabled];
}

impl UpdateRules {
    /// How often new versions of a kind of app go out.
    #[must_use]
    pub const fn cadence(&self, kind: AppKind) -> Cadence {
        match kind {
            AppKind::Public => self.public_cadence,
            AppKind::Custom => self.custom_cadence,
        }
    }
}

impl Default for UpdateRules {
    fn default() -> Self {
        const fn every(hours: u16) -> Cadence {
            Cadence::Batch { every_hours: NonZeroU16::MIN.saturating_add(hours - 1) }
        }
        Self {
            mode: UpdateMode::default(),
            public_cadence: every(7 * 24),
            custom_cadence: every(24),
            batches_from: DateTime::UNIX_EPOCH,
            windows: Vec::new(),
        }
    }
}
