//! The standing of a recipient before licenses are given out: its outcome is settled, or it wants a license.

use super::{Holding, KeepsBecause, Outcome, PlannedApp, PlannedRecipient, WaitsFor};
use crate::{
    policy::{
        Candidate, Choice, Departing, HeldLicense, KeepReason, LicenseEffect, LicenseKind, NotRelevant,
        Recipient, choose, depart, unlicensed_install,
    },
    seats::{DepartureTrigger, Holder, SeatKey},
};

/// The standing of a recipient.
pub(super) enum Standing {
    /// Its outcome does not depend on free licenses.
    Decided(Outcome),
    /// It wants a license of one of these.
    Wants {
        /// The tokens that may give a license, best first.
        candidates: Vec<Candidate>,
        /// The outcome when no license is free. `None` when the rule of the token decides and the recipient keeps the
        /// seat that it holds.
        without_one: Option<Outcome>,
    },
}

/// Decides the standing of a recipient.
pub(super) fn stand<Id>(app: &PlannedApp<'_>, asking: &PlannedRecipient<'_, Id>) -> Standing {
    let Some(holds) = asking.holds else { return newcomer(app, choose_for(app, asking.recipient, None)) };
    let recipient = asking.recipient;
    // A move that is under way goes on while its goal is still the best choice; otherwise it is decided anew.
    if let Some(to) = holds.moving_to
        && still_stands(app, recipient, to)
    {
        return Standing::Decided(Outcome::Moves { from: holds.seat.clone(), to: to.clone() });
    }
    match choose_for(app, recipient, live(recipient, holds.seat).as_ref()) {
        Choice::Licensed { .. } if still_stands(app, recipient, holds.seat) => {
            keeps(holds, KeepsBecause::Chosen)
        }
        Choice::Licensed { candidates } => moves(app, recipient, holds, &candidates),
        Choice::AwaitingApproval => keeps(holds, KeepsBecause::AwaitingApproval),
        Choice::Refused => departs(app, recipient, holds, DepartureTrigger::DistributionStopped),
        // A policy kept the seat when the event occurred. A rule that was changed since applies to later events only.
        Choice::NotGiven | Choice::Unlicensed | Choice::NotRelevant { .. }
            if let Some(trigger) = holds.kept_after =>
        {
            keeps(holds, KeepsBecause::Policy { trigger, why: KeepReason::DecidedBefore })
        }
        Choice::NotGiven => departs(app, recipient, holds, app.cause.trigger()),
        Choice::Unlicensed if left_scope(app, recipient, holds.seat) => {
            match departs(app, recipient, holds, DepartureTrigger::TokenScopeLeft) {
                // Outside the groups, any recipient would have the app without a license, so this one keeps the app.
                Standing::Decided(Outcome::Loses { seat, .. }) => {
                    Standing::Decided(Outcome::Unlicensed { user_pays: app.paid, leaves: Some(seat) })
                }
                stays => stays,
            }
        }
        Choice::NotRelevant { .. } if left_scope(app, recipient, holds.seat) => {
            departs(app, recipient, holds, DepartureTrigger::TokenScopeLeft)
        }
        Choice::Unlicensed => keeps(holds, KeepsBecause::NotRelevant { why: NotRelevant::NotOwned }),
        Choice::NotRelevant { why } => keeps(holds, KeepsBecause::NotRelevant { why }),
    }
}

/// The choice for a recipient that holds `live`.
fn choose_for(app: &PlannedApp<'_>, recipient: &Recipient, live: Option<&Candidate>) -> Choice {
    choose(&app.app, app.owners, recipient, live)
}

/// Whether a seat belongs to the recipient and is the first choice now.
fn still_stands(app: &PlannedApp<'_>, recipient: &Recipient, seat: &SeatKey) -> bool {
    let live = live(recipient, seat);
    let chosen = choose_for(app, recipient, live.as_ref());
    matches!(chosen, Choice::Licensed { candidates } if live.is_some() && candidates.first() == live.as_ref())
}

/// The standing of a recipient that holds nothing.
fn newcomer(app: &PlannedApp<'_>, choice: Choice) -> Standing {
    Standing::Decided(match choice {
        Choice::Licensed { candidates } => return Standing::Wants { candidates, without_one: None },
        Choice::AwaitingApproval => Outcome::Waits { waits_for: WaitsFor::Approval, holds: None },
        Choice::Unlicensed => Outcome::Unlicensed { user_pays: app.paid, leaves: None },
        Choice::NotRelevant { why } => Outcome::NotRelevant { why },
        Choice::NotGiven => Outcome::NotGiven,
        Choice::Refused => Outcome::Refused,
    })
}

/// The recipient keeps its seat.
fn keeps(holds: Holding<'_>, because: KeepsBecause) -> Standing {
    Standing::Decided(Outcome::Keeps { seat: holds.seat.clone(), because })
}

/// The standing of a recipient that shall have another seat than the one it holds.
fn moves(
    app: &PlannedApp<'_>,
    recipient: &Recipient,
    holds: Holding<'_>,
    candidates: &[Candidate],
) -> Standing {
    let wants = |without_one| Standing::Wants { candidates: candidates.to_vec(), without_one };
    if live(recipient, holds.seat).is_none() {
        // The seat belongs to the previous user of the device, so its token's groups say nothing about this recipient.
        return wants(None);
    }
    if !holds.revocable {
        return keeps(holds, KeepsBecause::Irrevocable);
    }
    if !left_scope(app, recipient, holds.seat) {
        return wants(None);
    }
    match departs(app, recipient, holds, DepartureTrigger::TokenScopeLeft) {
        Standing::Decided(outcome) if outcome.leaves().is_some() => wants(Some(outcome)),
        stays => stays,
    }
}

/// The standing of a recipient whose seat has lost its reason, by the app's policies and the token's reclaim rules.
fn departs(
    app: &PlannedApp<'_>,
    recipient: &Recipient,
    holds: Holding<'_>,
    trigger: DepartureTrigger,
) -> Standing {
    let license = if holds.seat.holder.is_user() { HeldLicense::User } else { HeldLicense::Device };
    let departing = Departing { license, revocable: holds.revocable, given_otherwise: false };
    let departure = depart(trigger, departing, app.policies, holds.reclaim);
    let seat = holds.seat.clone();
    let kept = |why| keeps(holds, KeepsBecause::Policy { trigger, why });
    match departure.license {
        LicenseEffect::Revoke { grace } => {
            Standing::Decided(Outcome::Loses { seat, trigger, app: departure.app, grace })
        }
        LicenseEffect::Keep { why } => kept(why),
        LicenseEffect::BecomeUnlicensed if unlicensed_install(app.app.kind, recipient).is_ok() => {
            Standing::Decided(Outcome::Unlicensed { user_pays: app.paid, leaves: Some(seat) })
        }
        LicenseEffect::BecomeUnlicensed | LicenseEffect::None => kept(KeepReason::NoUnlicensedInstall),
    }
}

/// Whether the token of a seat is restricted to groups and the recipient is in none of them.
fn left_scope(app: &PlannedApp<'_>, recipient: &Recipient, seat: &SeatKey) -> bool {
    app.owners
        .iter()
        .find(|owner| *owner.location == seat.location && *owner.pricing_param == seat.asset.pricing_param)
        .is_some_and(|owner| !owner.scope.includes(&recipient.groups))
}

/// The seat as a candidate of a choice; `None` when it belongs to another holder, for example because the device was
/// given to another user.
fn live(recipient: &Recipient, seat: &SeatKey) -> Option<Candidate> {
    let license = if seat.holder.is_user() { LicenseKind::User } else { LicenseKind::Device };
    (holder(recipient, license)? == seat.holder).then(|| Candidate {
        location: seat.location.clone(),
        pricing_param: seat.asset.pricing_param.clone(),
        license,
    })
}

/// The holder of a license of a kind for a recipient; `None` when the recipient has none, such as a device without a
/// user.
pub(super) fn holder(recipient: &Recipient, license: LicenseKind) -> Option<Holder> {
    match license {
        LicenseKind::Device => {
            let serial_number = recipient.device.as_ref()?.serial_number.clone();
            Some(Holder::Device { serial_number })
        }
        LicenseKind::User => {
            let client_user_id = recipient.user.as_ref()?.client_user_id.clone();
            Some(Holder::User { client_user_id })
        }
    }
}
