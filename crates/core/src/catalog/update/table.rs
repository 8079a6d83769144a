//! The published table of the update modes, asked from the decision function itself.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    InstalledVersion, NewestVersion, NothingReason, UpdateDecision, UpdateFacts, UpdateMode, UpdateRules,
    UserSwitch, VersionId, decide_update,
};
use crate::catalog::AppKind;

/// A row of the published table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateRow {
    /// Who decides.
    pub mode: UpdateMode,
    /// The app's flag "update automatically".
    pub update_automatically: bool,
    /// The user's switch.
    pub user_switch: UserSwitch,
    /// Public or custom.
    pub app_kind: AppKind,
    /// `None`: a new version is pushed with its batch. Otherwise why it is not.
    pub stopped_by: Option<NothingReason>,
}

/// The table: each mode with each flag, switch and kind of app, for a device that lacks a version whose batch has gone
/// out.
#[must_use]
pub fn update_table() -> Vec<UpdateRow> {
    let mut rows = Vec::new();
    for mode in UpdateMode::ALL {
        for update_automatically in [true, false] {
            for user_switch in UserSwitch::ALL {
                for app_kind in [AppKind::Public, AppKind::Custom] {
                    let stopped_by = stopped_by(mode, update_automatically, user_switch, app_kind);
                    rows.push(UpdateRow { mode, update_automatically, user_switch, app_kind, stopped_by });
                }
            }
        }
    }
    rows
}

fn stopped_by(
    mode: UpdateMode,
    update_automatically: bool,
    user_switch: UserSwitch,
    app_kind: AppKind,
) -> Option<NothingReason> {
    let published_at = DateTime::UNIX_EPOCH;
    let facts = UpdateFacts {
        app_kind,
        update_automatically,
        user_switch,
        installed: InstalledVersion::Installed { version: VersionId::new(1) },
        newest: Some(NewestVersion { version: VersionId::new(2), published_at, minimum_os: None }),
        device_os: None,
    };
    let rules = UpdateRules { mode, ..UpdateRules::default() };
    match decide_update(&rules, &facts, None::<&Utc>, published_at + TimeDelta::days(7)) {
        UpdateDecision::Nothing { reason } => Some(reason),
        UpdateDecision::Push { .. } | UpdateDecision::Hold { .. } | UpdateDecision::Refuse { .. } => None,
    }
}
