//! Which token gives a recipient an app, and with which kind of license. Reads no counts.

use serde::Serialize;

use super::{
    Candidate, Choice, Distribution, Enrollment, LicenseKind, NotRelevant, Owner, OwnerSays, Owners,
    Recipient, Trace, TraceStep,
    distribution::TargetTypes,
    trace::{NoTrace, Tracing},
};
use crate::catalog::Approval;

/// An app, as far as the choice needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceApp<'a> {
    /// What it is, as far as it decides whether it can be installed without a license.
    pub kind: ChoiceAppKind,
    /// Whether it may be distributed at all.
    pub approval: Approval,
    /// To whom it is distributed.
    pub distribution: &'a Distribution,
}

/// What an app is, as far as it decides whether it can be installed without a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChoiceAppKind {
    /// An app of the public store.
    Public,
    /// One that was in the public store and is gone; owners may still install it.
    GoneFromStore,
    /// A custom (B2B) app.
    Custom,
    /// A macOS app.
    MacOs,
    /// A book.
    Book,
}

strict!(ChoiceAppKind { Public, GoneFromStore, Custom, MacOs, Book });

/// Decides for one recipient and one app.
///
/// Steps, in order: approval; targets; owners of the app; their group restriction; the kind of license, where kinds
/// that the enrollment or the asset cannot have drop out and device wins when targets mix; rank. `live` is the license
/// that the recipient holds now: it wins while its token stands and its kind is still wished and possible, so neither a
/// change of rank nor an asset that can be assigned to devices from now on moves anybody.
///
/// Sources: MaaS360 for the group rule with one token, the unlicensed install, the default of device licenses and the
/// impossible pairs; the order among several tokens is our choice.
#[must_use]
pub fn choose(
    app: &ChoiceApp<'_>,
    owners: &Owners<'_>,
    recipient: &Recipient,
    live: Option<&Candidate>,
) -> Choice {
    decide(app, owners, recipient, live, &mut NoTrace)
}

/// The same decision with the steps that led to it.
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
    let wishes = app.distribution.types_for(recipient);
    trace.step(|| TraceStep::Targets { given: !wishes.is_empty() });
    if wishes.is_empty() {
        return Choice::NotGiven;
    }
    let (mut candidates, mut out_of_scope, mut impossible) = (Vec::new(), false, None);
    for owner in owners.iter() {
        let says = judge(owner, recipient, wishes, live);
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
            if let Some(first) = candidates.get_mut(..=held) {
                first.rotate_right(1);
            }
        }
        return Choice::Licensed { candidates };
    }
    if let Some(why) = impossible {
        return Choice::NotRelevant { why };
    }
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

fn judge(
    owner: &Owner<'_>,
    recipient: &Recipient,
    wishes: TargetTypes,
    live: Option<&Candidate>,
) -> OwnerSays {
    if !owner.scope.includes(&recipient.groups) {
        return OwnerSays::OutOfScope;
    }
    let held =
        live.filter(|live| live.location == *owner.location && live.pricing_param == *owner.pricing_param);
    match license_kind(owner, recipient, wishes, held.map(|live| live.license)) {
        Ok(license) => OwnerSays::Gives { license },
        Err(why) => OwnerSays::Impossible { why },
    }
}

fn license_kind(
    owner: &Owner<'_>,
    recipient: &Recipient,
    wishes: TargetTypes,
    held: Option<LicenseKind>,
) -> Result<LicenseKind, NotRelevant> {
    platform_fits(owner, recipient)?;
    let by_device = (wishes.device || wishes.automatic).then(|| device_license(owner, recipient));
    let by_user = (wishes.user || wishes.automatic).then(|| user_license(recipient));
    match (by_device, by_user) {
        // What is held and still possible stays, although another kind would come first for somebody new.
        (_, Some(Ok(()))) if held == Some(LicenseKind::User) => Ok(LicenseKind::User),
        (Some(Ok(())), _) => Ok(LicenseKind::Device),
        (_, Some(Ok(()))) => Ok(LicenseKind::User),
        (Some(Err(why)), _) | (None, Some(Err(why))) => Err(why),
        (None, None) => Err(NotRelevant::NotOwned),
    }
}

/// Whether an app, as any of its owners describes it, runs on the recipient's device.
fn runs_on(owners: &Owners<'_>, recipient: &Recipient) -> Result<(), NotRelevant> {
    let mut verdicts = owners.iter().map(|owner| platform_fits(owner, recipient));
    let first = verdicts.next().unwrap_or(Ok(()));
    if verdicts.any(|verdict| verdict.is_ok()) { Ok(()) } else { first }
}

fn platform_fits(owner: &Owner<'_>, recipient: &Recipient) -> Result<(), NotRelevant> {
    let Some(device) = &recipient.device else { return Ok(()) };
    let platform = device.platform.as_ref().ok_or(NotRelevant::UnknownPlatform)?;
    if owner.platforms.is_empty() || owner.platforms.contains(platform) {
        Ok(())
    } else {
        Err(NotRelevant::OtherPlatform)
    }
}

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

/// Whether an app can be installed without a license; if not, why.
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
