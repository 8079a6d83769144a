//! The token dialog: its three tabs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Region, TokenName};
use crate::id::{AdamId, GroupId};

/// What an administrator enters for a token, tab by tab.
///
/// ```
/// use mdm_vpp_core::token::{Region, TokenName, TokenSettings};
///
/// let mut settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
/// settings.detail.add_apps_automatically = true;
/// settings.policies.restrict_data_backup = true;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The tab Token Detail.
    pub detail: TokenDetail,
    /// The tab Policies: the template for the apps that this token adds. A later change of it touches no app.
    pub policies: AppPolicies,
    /// The tab Distribution.
    pub scope: TokenScope,
}

/// The tab Token Detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenDetail {
    /// The token's name, unique in the tenant without regard to case.
    pub name: TokenName,
    /// The store in which the token's apps are looked up.
    pub region: Region,
    /// Add apps automatically: at every sync, public and custom apps come into the catalog; macOS apps do not.
    pub add_apps_automatically: bool,
}

impl TokenSettings {
    /// Settings with everything off and for everybody.
    #[must_use]
    pub fn new(name: TokenName, region: Region) -> Self {
        Self {
            detail: TokenDetail { name, region, add_apps_automatically: false },
            policies: AppPolicies::default(),
            scope: TokenScope::default(),
        }
    }
}

/// What happens to an app and its license. Each app has its own; a token's is the template for apps it adds.
///
/// The names are those of the Policies tab in MaaS360's token upload. Everything is off by default.
///
/// ```
/// use mdm_vpp_core::token::AppPolicies;
///
/// let mut policies = AppPolicies::default();
/// policies.remove_app_on.selective_wipe = true;
/// policies.restrict_data_backup = true;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppPolicies {
    /// The events that remove the app from a device.
    pub remove_app_on: RemoveAppOn,
    /// Give the license back when the app is deleted or its distribution is stopped.
    pub revoke_license_on_deletion_or_stop_of_distribution: bool,
    /// Keep the app's data out of backups.
    pub restrict_data_backup: bool,
    /// An app that is added waits for an approval before it may be distributed.
    pub app_approval: bool,
}

/// The events that remove an app from a device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemoveAppOn {
    /// Control of the device ends, by the administrator or by the user. Works through a flag that is set when the
    /// app is installed.
    pub mdm_control_removal: bool,
    /// A selective wipe is sent to the device.
    pub selective_wipe: bool,
    /// The app is deleted from the catalog, or its distribution to a target is stopped.
    pub deletion_or_stop_of_distribution: bool,
    /// A user signs out from a shared device.
    pub sign_out_from_shared_device: bool,
}

/// For whom a token's licenses are, and what happens when they run out.
///
/// ```
/// use mdm_vpp_core::{id::GroupId, token::TokenScope};
///
/// let scope = TokenScope { groups: [GroupId::new("field-staff")?].into(), ..TokenScope::default() };
/// assert!(scope.check().is_ok());
/// # Ok::<(), mdm_vpp_core::id::TextIdError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenScope {
    /// Restrict to user groups: only their members draw licenses from this token. Empty means everybody.
    pub groups: BTreeSet<GroupId>,
    /// Which of several tokens is asked first; smaller is earlier.
    pub priority: u32,
    /// What happens when no license is left.
    pub when_out_of_licenses: OutOfLicenseRule,
    /// Licenses that are kept for the members of a group.
    pub reservations: Vec<Reservation>,
}

/// What happens to an install when no license is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutOfLicenseRule {
    /// It waits, in order, until a license is free.
    #[default]
    WaitInOrder,
    /// It fails.
    Fail,
    /// The app is installed without a license, where that is possible.
    InstallUnlicensed,
}

strict!(OutOfLicenseRule { WaitInOrder, Fail, InstallUnlicensed });

/// A number of an app's licenses that only the members of one group may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The app.
    pub adam_id: AdamId,
    /// The group.
    pub group: GroupId,
    /// How many licenses are kept, at least 1.
    pub licenses: u32,
}

/// Why a token's scope cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// A reservation of no license at all.
    #[error(
        "the reservation of app `{adam_id}` for group `{group}` is of 0 licenses: remove it or reserve at least 1"
    )]
    EmptyReservation {
        /// The app.
        adam_id: AdamId,
        /// The group.
        group: GroupId,
    },
    /// The same app reserved twice for one group.
    #[error("app `{adam_id}` is reserved twice for group `{group}`: keep one of the two reservations")]
    ReservedTwice {
        /// The app.
        adam_id: AdamId,
        /// The group.
        group: GroupId,
    },
    /// A reservation for a group whose members the token does not serve.
    #[error(
        "app `{adam_id}` is reserved for group `{group}`, which is none of the token's groups: add the group to them or \
         remove the reservation"
    )]
    ReservedForOthers {
        /// The app.
        adam_id: AdamId,
        /// The group.
        group: GroupId,
    },
}

impl ScopeError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyReservation { .. } => "empty_reservation",
            Self::ReservedTwice { .. } => "reserved_twice",
            Self::ReservedForOthers { .. } => "reserved_for_others",
        }
    }
}

impl TokenScope {
    /// Whether somebody in these groups draws licenses from the token.
    #[must_use]
    pub fn includes(&self, groups: &BTreeSet<GroupId>) -> bool {
        self.groups.is_empty() || !self.groups.is_disjoint(groups)
    }

    /// Checks the reservations against the groups of the token and against each other.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] names the first reservation that cannot stand.
    pub fn check(&self) -> Result<(), ScopeError> {
        let mut seen = BTreeSet::new();
        for Reservation { adam_id, group, licenses } in &self.reservations {
            let (adam_id, group) = (*adam_id, group.clone());
            if *licenses == 0 {
                return Err(ScopeError::EmptyReservation { adam_id, group });
            }
            if !self.groups.is_empty() && !self.groups.contains(&group) {
                return Err(ScopeError::ReservedForOthers { adam_id, group });
            }
            if !seen.insert((adam_id, group.clone())) {
                return Err(ScopeError::ReservedTwice { adam_id, group });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserve(licenses: u32) -> Reservation {
        Reservation { adam_id: AdamId::new(1), group: GroupId::new("sales").unwrap(), licenses }
    }

    #[test]
    fn a_reservation_is_of_at_least_one_license_and_stands_once() {
        let scope = |reservations| TokenScope { reservations, ..TokenScope::default() };
        assert_eq!(scope(vec![reserve(8)]).check(), Ok(()));
        assert!(matches!(scope(vec![reserve(0)]).check(), Err(ScopeError::EmptyReservation { .. })));
        assert!(matches!(scope(vec![reserve(1), reserve(2)]).check(), Err(ScopeError::ReservedTwice { .. })));
    }

    #[test]
    fn nothing_is_reserved_for_a_group_that_the_token_does_not_serve() {
        let restricted = |group| {
            let groups = [GroupId::new(group).unwrap()].into();
            TokenScope { groups, reservations: vec![reserve(8)], ..TokenScope::default() }
        };
        assert_eq!(restricted("sales").check(), Ok(()));
        let refused = restricted("field").check().unwrap_err();
        assert_eq!(refused.code(), "reserved_for_others");
        assert!(
            refused.to_string().contains("group `sales`, which is none of the token's groups"),
            "{refused}"
        );
    }
}
