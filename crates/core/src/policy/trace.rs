//! The steps that led to a choice, and the choice that follows from the steps.

use serde::{Deserialize, Serialize};

use super::Owner;
use crate::{
    catalog::{Approval, PricingParam},
    id::LocationId,
    token::TokenName,
};

/// A kind of license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LicenseKind {
    /// One of a device, by its serial number.
    Device,
    /// One of a user, for all of his devices.
    User,
}

/// A token that can give the app, with the kind of license it would give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The token's location.
    pub location: LocationId,
    /// The quality of the asset: with the app and the location it names the pool.
    pub pricing_param: PricingParam,
    /// The kind of license.
    pub license: LicenseKind,
}

/// What the rules say about one recipient and one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// No target means the recipient.
    NotGiven,
    /// The app waits for an approval: no call is made.
    AwaitingApproval,
    /// The app was refused.
    Refused,
    /// It cannot be.
    NotRelevant {
        /// Why.
        why: NotRelevant,
    },
    /// It is installed without a license: every token that owns it is for other groups. The license counts do not
    /// change. Who pays for a paid app is its user.
    Unlicensed,
    /// One of these gives a license, the first that has one.
    Licensed {
        /// At least one, best first.
        candidates: Vec<Candidate>,
    },
}

/// The steps that led to a choice, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<TraceStep>,
}

/// A step of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TraceStep {
    /// Whether the app may be distributed.
    Approval {
        /// Its approval.
        approval: Approval,
    },
    /// Whether a target means the recipient.
    Targets {
        /// Whether one does.
        given: bool,
    },
    /// A token that owns the app, in the order of rank.
    Owner {
        /// The token.
        token: TokenName,
        /// Its location.
        location: LocationId,
        /// The quality of the asset.
        pricing_param: PricingParam,
        /// What it says.
        says: OwnerSays,
    },
    /// The recipient holds a license that still stands: it stays, whatever its rank.
    HeldAlready {
        /// Which of the tokens that could give it, counted from 0 in the order of rank.
        position: usize,
    },
    /// Every token is for other groups; whether the app can be installed without a license.
    WithoutLicense {
        /// Why not, if not.
        impossible: Option<NotRelevant>,
    },
}

/// What a token that owns the app says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OwnerSays {
    /// It is restricted to groups, and the recipient is in none of them.
    OutOfScope,
    /// No kind of license is possible.
    Impossible {
        /// Why.
        why: NotRelevant,
    },
    /// It could give this kind.
    Gives {
        /// The kind.
        license: LicenseKind,
    },
}

impl TraceStep {
    pub(super) fn owner(owner: &Owner<'_>, says: OwnerSays) -> Self {
        Self::Owner {
            token: owner.name.clone(),
            location: owner.location.clone(),
            pricing_param: owner.pricing_param.clone(),
            says,
        }
    }
}

impl Trace {
    /// The choice that follows from the steps alone: the same that was made. So a trace can be checked by whoever
    /// reads it.
    #[must_use]
    pub fn choice(&self) -> Choice {
        let (mut candidates, mut impossible) = (Vec::new(), None);
        for step in &self.steps {
            match step {
                TraceStep::Approval { approval: Approval::Awaiting } => return Choice::AwaitingApproval,
                TraceStep::Approval { approval: Approval::Refused } => return Choice::Refused,
                TraceStep::Targets { given: false } => return Choice::NotGiven,
                TraceStep::Approval { .. } | TraceStep::Targets { .. } => {}
                TraceStep::Owner { location, pricing_param, says, .. } => match says {
                    OwnerSays::OutOfScope => {}
                    OwnerSays::Impossible { why } => impossible = impossible.or(Some(*why)),
                    OwnerSays::Gives { license } => {
                        candidates.push(Candidate {
                            location: location.clone(),
                            pricing_param: pricing_param.clone(),
                            license: *license,
                        });
                    }
                },
                TraceStep::HeldAlready { position } => {
                    if let Some(first) = candidates.get_mut(..=*position) {
                        first.rotate_right(1);
                    }
                }
                TraceStep::WithoutLicense { impossible: None } => return Choice::Unlicensed,
                TraceStep::WithoutLicense { impossible: Some(why) } => {
                    return Choice::NotRelevant { why: *why };
                }
            }
        }
        if !candidates.is_empty() {
            return Choice::Licensed { candidates };
        }
        Choice::NotRelevant { why: impossible.unwrap_or(NotRelevant::NotOwned) }
    }
}

/// Something that may keep the steps.
pub(super) trait Tracing {
    fn step(&mut self, step: impl FnOnce() -> TraceStep);
}

/// Keeps nothing, and costs nothing.
pub(super) struct NoTrace;

impl Tracing for NoTrace {
    fn step(&mut self, _step: impl FnOnce() -> TraceStep) {}
}

impl Tracing for Trace {
    fn step(&mut self, step: impl FnOnce() -> TraceStep) {
        self.steps.push(step());
    }
}

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
