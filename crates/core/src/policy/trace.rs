//! The result of a choice, the steps that led to it, and the choice that follows from the steps alone.

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
    /// A license of a device, held by its serial number.
    Device,
    /// A license of a user, for all of their devices.
    User,
}

/// A token that can give an app, with the kind of license it would give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The token's location.
    pub location: LocationId,
    /// The quality of the asset. With the app and the location it identifies the pool.
    pub pricing_param: PricingParam,
    /// The kind of license.
    pub license: LicenseKind,
}

/// The choice for one recipient and one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// No target includes the recipient.
    NotGiven,
    /// The app waits for an approval. Until then no call is made.
    AwaitingApproval,
    /// An administrator refused the app.
    Refused,
    /// The recipient cannot have the app.
    NotRelevant {
        /// The first obstacle.
        why: NotRelevant,
    },
    /// The app is installed without a license, because every token that owns it is restricted to other groups. License
    /// counts do not change, and the user has to buy a paid app.
    Unlicensed,
    /// The first of these tokens that has a free license gives one.
    Licensed {
        /// The tokens, best first; never empty.
        candidates: Vec<Candidate>,
    },
}

/// The steps that led to a choice, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Whether a target includes the recipient.
    Targets {
        /// `true` if at least one does.
        given: bool,
    },
    /// The verdict of a token that owns the app, in the order of rank.
    Owner {
        /// The token.
        token: TokenName,
        /// Its location.
        location: LocationId,
        /// The quality of the asset.
        pricing_param: PricingParam,
        /// The verdict.
        says: OwnerSays,
    },
    /// The recipient holds a license that can still be chosen. It comes first, whatever its rank.
    HeldAlready {
        /// Its position among the tokens that can give a license, counted from 0 in the order of rank.
        position: usize,
    },
    /// Every token is restricted to other groups, so an install without a license was considered.
    WithoutLicense {
        /// The obstacle; `None` when it is possible.
        impossible: Option<NotRelevant>,
    },
}

/// The verdict of a token that owns the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OwnerSays {
    /// It is restricted to groups, and the recipient is in none of them.
    OutOfScope,
    /// No kind of license that was asked for is possible.
    Impossible {
        /// The first obstacle.
        why: NotRelevant,
    },
    /// It can give a license of this kind.
    Gives {
        /// The kind.
        license: LicenseKind,
    },
}

impl TraceStep {
    /// The step of an owner with its verdict.
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
    /// The choice that follows from the steps alone. It equals the choice that was made, so a reader can check a stored
    /// trace without the facts behind it.
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

/// A recorder of steps.
pub(super) trait Tracing {
    fn step(&mut self, step: impl FnOnce() -> TraceStep);
}

/// Records nothing. The steps are closures, so none of them is even built.
pub(super) struct NoTrace;

impl Tracing for NoTrace {
    fn step(&mut self, _step: impl FnOnce() -> TraceStep) {}
}

impl Tracing for Trace {
    fn step(&mut self, step: impl FnOnce() -> TraceStep) {
        self.steps.push(step());
    }
}

/// The reason for which an app is "Not Relevant" for a recipient (MaaS360's words). No call to Apple is made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum NotRelevant {
    /// No token's location owns it.
    NotOwned,
    /// The recipient is a user without a device, and only devices can have the app.
    NoDevice,
    /// The embedder does not know the device's platform yet.
    UnknownPlatform,
    /// The app does not run on the device's platform.
    OtherPlatform,
    /// Apple, or the developer, allows user licenses only.
    NotDeviceAssignable,
    /// Books are for users only.
    BookOnDevice,
    /// Account-driven User Enrollment: Apple would assign the license, but the install would fail (observed).
    DeviceLicenseOnUserEnrolledDevice,
    /// A user license was asked for, and the device has no user.
    UserLicenseWithoutUser,
    /// A Shared iPad has device licenses only.
    UserLicenseOnSharedDevice,
    /// Without a license: a custom app is in no public store.
    UnlicensedCustomApp,
    /// Without a license: a macOS app.
    UnlicensedMacOsApp,
    /// Without a license: a book.
    UnlicensedBook,
    /// Without a license: the app was removed from the store.
    UnlicensedGoneFromStore,
    /// Without a license: account-driven User Enrollment installs licensed apps only.
    UnlicensedOnUserEnrolledDevice,
    /// Without a license: a shared device has no Apple Account to install with.
    UnlicensedOnSharedDevice,
}

impl NotRelevant {
    /// All reasons, in the order of their declaration.
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

    /// Whether MaaS360 would show it as "Device Criteria": the device, its enrollment and the license do not match.
    #[must_use]
    pub const fn is_device_criteria(self) -> bool {
        !matches!(self, Self::NotOwned | Self::NoDevice)
    }
}
