//! The settings of a token, as the three tabs of MaaS360's dialog: Token Detail, Policies, Distribution.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Region, TokenName};
use crate::id::{AdamId, GroupId};

/// The settings that an administrator enters for a token, tab by tab (MaaS360's dialog).
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
    /// The tab Policies: the template for the apps that this token adds. A later change does not alter added apps.
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
    /// The country of the store in which the token's apps are looked up.
    pub region: Region,
    /// Add apps automatically: each sync adds the location's public and custom apps to the catalog, but no macOS apps.
    pub add_apps_automatically: bool,
}

impl TokenSettings {
    /// Settings with everything off, whose licenses are for all users and devices.
    #[must_use]
    pub fn new(name: TokenName, region: Region) -> Self {
        Self {
            detail: TokenDetail { name, region, add_apps_automatically: false },
            policies: AppPolicies::default(),
            scope: TokenScope::default(),
        }
    }
}

/// The rules about removal, revocation, backup and approval of an app. Each app has its own; those of a token are the
/// template for the apps it adds.
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
    /// Control of the device ends, by the administrator or by the user. The device removes the app itself, because of
    /// a flag that was set when the app was installed.
    pub mdm_control_removal: bool,
    /// A selective wipe is sent to the device.
    pub selective_wipe: bool,
    /// The app is deleted from the catalog, or its distribution to a target is stopped.
    pub deletion_or_stop_of_distribution: bool,
    /// A user signs out from a shared device.
    pub sign_out_from_shared_device: bool,
}

/// The tab Distribution: which groups draw licenses from a token, and what happens when none is left.
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
    /// Restrict to user groups: only members of these groups draw licenses from the token. Empty means no restriction.
    pub groups: BTreeSet<GroupId>,
    /// The rank among several tokens that own an app: the smaller number is asked first.
    pub priority: u32,
    /// What happens when no license is left.
    pub when_out_of_licenses: OutOfLicenseRule,
    /// Licenses that only members of a group may take.
    pub reservations: Vec<Reservation>,
}

/// What happens to an install when no license is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutOfLicenseRule {
    /// It waits until a license is free. Waiting installs are served in the order in which they began to wait.
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

/// The reason for which a token's scope contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// A reservation of 0 licenses.
    #[error(
        "the reservation of app `{adam_id}` for group `{group}` is of 0 licenses: remove it or reserve at least 1"
    )]
    EmptyReservation {
        /// The app.
        adam_id: AdamId,
        /// The group.
        group: GroupId,
    },
    /// Two reservations of one app for one group.
    #[error("app `{adam_id}` is reserved twice for group `{group}`: keep one of the two reservations")]
    ReservedTwice {
        /// The app.
        adam_id: AdamId,
        /// The group.
        group: GroupId,
    },
    /// A reservation for a group that is not among the token's groups.
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
    /// Whether a recipient in these groups draws licenses from the token.
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
