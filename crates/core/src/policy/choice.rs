//! The choice: which tokens can give a recipient an app, and with which kind of license. It reads no counts.

use serde::Serialize;

use super::{
    Candidate, Choice, Distribution, Enrollment, LicenseKind, NotRelevant, Owner, OwnerSays, Owners,
    Recipient, Trace, TraceStep,
    distribution::TargetTypes,
    trace::{NoTrace, Tracing},
};
use crate::catalog::Approval;

/// The facts about an app that a choice needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceApp<'a> {
    /// The kind of app, which decides whether it can be installed without a license.
    pub kind: ChoiceAppKind,
    /// Whether it may be distributed.
    pub approval: Approval,
    /// The targets to which it is distributed.
    pub distribution: &'a Distribution,
}

/// The kind of an app, as far as it decides whether the app can be installed without a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChoiceAppKind {
    /// An app of the public store.
    Public,
    /// An app that was removed from the public store. Locations that own it may still install it.
    GoneFromStore,
    /// A custom (B2B) app.
    Custom,
    /// A macOS app.
    MacOs,
    /// A book.
    Book,
}

strict!(ChoiceAppKind { Public, GoneFromStore, Custom, MacOs, Book });

/// Chooses the tokens that can give one app to one recipient.
///
/// The steps, in order: approval; targets; the tokens that own the app; their group restriction; the kind of license;
/// rank. Kinds that the enrollment or the asset rules out drop out, and a device license wins when targets mix.
///
/// `live` is the license that the recipient holds now. It comes first while its token still gives it and its kind is
/// still asked for and possible. So neither a change of rank nor an asset that becomes assignable to devices moves a
/// recipient to another license.
///
/// Sources: MaaS360 for the group rule with one token, the unlicensed install, the default of device licenses and the
/// impossible pairs. The order among several tokens is ours.
///
/// ```
/// use std::collections::BTreeSet;
/// use mdm_vpp_core::{catalog::{Approval, Platform}, id::*, policy::*};
///
/// let ipad = Recipient {
///     device: Some(RecipientDevice {
///         id: DeviceId::new("ipad-7")?,
///         serial_number: SerialNumber::new("C02AAAAAAA07")?,
///         enrollment: Enrollment::Device,
///         platform: Some(Platform::Ios),
///     }),
///     user: None,
///     groups: BTreeSet::new(),
/// };
/// let everyone = Target { to: TargetOf::Everyone, license: LicenseType::Automatic };
/// let distribution = Distribution { targets: vec![everyone] };
/// let app = ChoiceApp { kind: ChoiceAppKind::Public, approval: Approval::Approved, distribution: &distribution };
///
/// // No token owns the app.
/// let choice = choose(&app, &Owners::default(), &ipad, None);
/// assert_eq!(choice, Choice::NotRelevant { why: NotRelevant::NotOwned });
/// # Ok::<(), TextIdError>(())
/// ```
#[must_use]
pub fn choose(
    app: &ChoiceApp<'_>,
    owners: &Owners<'_>,
    recipient: &Recipient,
    live: Option<&Candidate>,
) -> Choice {
    decide(app, owners, recipient, live, &mut NoTrace)
}

/// Chooses as [`choose`] does, and returns the steps that led to the choice.
#[must_use]
pub fn explain(
    app: &ChoiceApp<'_>,
    owners: &Owners<'_>,
    recipient: &Recipient,
    live: Option<&Candidate>,
) -> (Choice, Trace) {
    let mut trace = Trace::default();
    let choice = decide(app, owners, recipient, live, &mut trace);
    (choice, trace)
}

fn decide(
    app: &ChoiceApp<'_>,
    owners: &Owners<'_>,
    recipient: &Recipient,
    live: Option<&Candidate>,
    trace: &mut impl Tracing,
) -> Choice {
    trace.step(|| TraceStep::Approval { approval: app.approval });
    match app.approval {
        Approval::Awaiting => return Choice::AwaitingApproval,
        Approval::Refused => return Choice::Refused,
        Approval::NotNeeded | Approval::Approved => {}
    }
    let types = app.distribution.types_for(recipient);
    trace.step(|| TraceStep::Targets { given: !types.is_empty() });
    if types.is_empty() {
        return Choice::NotGiven;
    }
    // All owners are asked before anything is decided: one out of scope matters only if none gives a license.
    let (mut candidates, mut out_of_scope, mut impossible) = (Vec::new(), false, None);
    for owner in owners.iter() {
        let says = judge(owner, recipient, types, live);
        trace.step(|| TraceStep::owner(owner, says));
        match says {
            OwnerSays::OutOfScope => out_of_scope = true,
            OwnerSays::Impossible { why } => impossible = impossible.or(Some(why)),
            OwnerSays::Gives { license } => {
                candidates.push(Candidate {
                    location: owner.location.clone(),
                    pricing_param: owner.pricing_param.clone(),
                    license,
                });
            }
        }
    }
    if !candidates.is_empty() {
        if let Some(held) = live.and_then(|live| candidates.iter().position(|candidate| candidate == live)) {
            trace.step(|| TraceStep::HeldAlready { position: held });
            // The held license moves to the front, and the order of the others stays.
            if let Some(first) = candidates.get_mut(..=held) {
                first.rotate_right(1);
            }
        }
        return Choice::Licensed { candidates };
    }
    if let Some(why) = impossible {
        return Choice::NotRelevant { why };
    }
    // An install without a license replaces only a license that groups withhold. A tenant whose tokens do not own the
    // app has nothing to install without a license (MaaS360).
    if !out_of_scope {
        return Choice::NotRelevant { why: NotRelevant::NotOwned };
    }
    let unlicensed = unlicensed_install(app.kind, recipient).and_then(|()| runs_on(owners, recipient));
    trace.step(|| TraceStep::WithoutLicense { impossible: unlicensed.err() });
    match unlicensed {
        Ok(()) => Choice::Unlicensed,
        Err(why) => Choice::NotRelevant { why },
    }
}

/// The verdict of one owner.
fn judge(
    owner: &Owner<'_>,
    recipient: &Recipient,
    types: TargetTypes,
    live: Option<&Candidate>,
) -> OwnerSays {
    if !owner.scope.includes(&recipient.groups) {
        return OwnerSays::OutOfScope;
    }
    let held =
        live.filter(|live| live.location == *owner.location && live.pricing_param == *owner.pricing_param);
    match license_kind(owner, recipient, types, held.map(|live| live.license)) {
        Ok(license) => OwnerSays::Gives { license },
        Err(why) => OwnerSays::Impossible { why },
    }
}

/// The kind of license that an owner can give; otherwise the first obstacle.
fn license_kind(
    owner: &Owner<'_>,
    recipient: &Recipient,
    types: TargetTypes,
    held: Option<LicenseKind>,
) -> Result<LicenseKind, NotRelevant> {
    platform_fits(owner, recipient)?;
    let by_device = (types.device || types.automatic).then(|| device_license(owner, recipient));
    let by_user = (types.user || types.automatic).then(|| user_license(recipient));
    match (by_device, by_user) {
        // A held user license that is still possible stays, although a new recipient would get a device license.
        (_, Some(Ok(()))) if held == Some(LicenseKind::User) => Ok(LicenseKind::User),
        (Some(Ok(())), _) => Ok(LicenseKind::Device),
        (_, Some(Ok(()))) => Ok(LicenseKind::User),
        (Some(Err(why)), _) | (None, Some(Err(why))) => Err(why),
        (None, None) => Err(NotRelevant::NotOwned),
    }
}

/// Whether the app runs on the recipient's device according to at least one of its owners.
fn runs_on(owners: &Owners<'_>, recipient: &Recipient) -> Result<(), NotRelevant> {
    let mut verdicts = owners.iter().map(|owner| platform_fits(owner, recipient));
    let first = verdicts.next().unwrap_or(Ok(()));
    if verdicts.any(|verdict| verdict.is_ok()) { Ok(()) } else { first }
}

/// Whether an owner's asset runs on the recipient's device. An empty list of platforms means that Apple did not say,
/// and then any platform fits.
fn platform_fits(owner: &Owner<'_>, recipient: &Recipient) -> Result<(), NotRelevant> {
    let Some(device) = &recipient.device else { return Ok(()) };
    let platform = device.platform.as_ref().ok_or(NotRelevant::UnknownPlatform)?;
    if owner.platforms.is_empty() || owner.platforms.contains(platform) {
        Ok(())
    } else {
        Err(NotRelevant::OtherPlatform)
    }
}

/// Whether the recipient can have a device license of an owner's asset.
fn device_license(owner: &Owner<'_>, recipient: &Recipient) -> Result<(), NotRelevant> {
    let device = recipient.device.as_ref().ok_or(NotRelevant::NoDevice)?;
    if owner.book {
        return Err(NotRelevant::BookOnDevice);
    }
    if device.enrollment == Enrollment::User {
        return Err(NotRelevant::DeviceLicenseOnUserEnrolledDevice);
    }
    if owner.device_assignable { Ok(()) } else { Err(NotRelevant::NotDeviceAssignable) }
}

/// Whether the recipient can have a user license.
fn user_license(recipient: &Recipient) -> Result<(), NotRelevant> {
    if recipient.user.is_none() {
        return Err(NotRelevant::UserLicenseWithoutUser);
    }
    match &recipient.device {
        Some(device) if device.enrollment == Enrollment::SharedDevice => {
            Err(NotRelevant::UserLicenseOnSharedDevice)
        }
        _ => Ok(()),
    }
}

/// Whether a recipient can install an app without a license. That is possible only for apps of the public store, and on
/// devices that are managed as a whole (MaaS360).
///
/// # Errors
///
/// [`NotRelevant`] names the first obstacle.
pub fn unlicensed_install(kind: ChoiceAppKind, recipient: &Recipient) -> Result<(), NotRelevant> {
    let device = recipient.device.as_ref().ok_or(NotRelevant::NoDevice)?;
    match kind {
        ChoiceAppKind::Custom => return Err(NotRelevant::UnlicensedCustomApp),
        ChoiceAppKind::MacOs => return Err(NotRelevant::UnlicensedMacOsApp),
        ChoiceAppKind::Book => return Err(NotRelevant::UnlicensedBook),
        ChoiceAppKind::GoneFromStore => return Err(NotRelevant::UnlicensedGoneFromStore),
        ChoiceAppKind::Public => {}
    }
    match device.enrollment {
        Enrollment::Device => Ok(()),
        Enrollment::User => Err(NotRelevant::UnlicensedOnUserEnrolledDevice),
        Enrollment::SharedDevice => Err(NotRelevant::UnlicensedOnSharedDevice),
    }
}

#[cfg(test)]
#[path = "choice_tests.rs"]
mod tests;
