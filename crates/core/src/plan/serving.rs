//! Giving out seats to the recipients of the waitlist, one after the other.

use std::collections::BTreeSet;

use super::{
    Allotment, AppStock, Outcome, PlannedApp, PlannedRecipient, WaitsFor, allot::allot_one, standing::holder,
};
use crate::{
    catalog::AssetKey,
    policy::{Candidate, LicenseKind, Recipient, unlicensed_install},
    seats::SeatKey,
};

/// A recipient on the waitlist.
pub(super) struct Queued<'a, Id> {
    pub(super) asking: &'a PlannedRecipient<'a, Id>,
    /// The tokens that may give a license, best first.
    pub(super) candidates: Vec<Candidate>,
    /// The outcome when no license is free; `None` when the rule of the token decides.
    pub(super) without_one: Option<Outcome>,
}

/// The seats of an app while they are given out.
pub(super) struct GivingOut<'a> {
    pub(super) app: &'a PlannedApp<'a>,
    pub(super) stock: &'a mut AppStock,
    /// The seats that were taken by this plan.
    pub(super) granted: BTreeSet<SeatKey>,
}

/// How one recipient was served.
enum Served {
    Granted(SeatKey),
    Held(SeatKey),
    Wait(WaitsFor),
    Unlicensed,
    OutOfLicenses,
}

impl GivingOut<'_> {
    /// Serves one recipient, and releases the seat that it leaves.
    pub(super) fn serve<Id>(&mut self, queued: &Queued<'_, Id>) -> Outcome {
        let holds = queued.asking.holds.map(|holds| holds.seat.clone());
        let served = self.seat_for(queued.asking.recipient, &queued.candidates);
        match (served, holds, queued.without_one.clone()) {
            (Served::Granted(to) | Served::Held(to), Some(from), _) => {
                self.leave(&from);
                Outcome::Moves { from, to }
            }
            (Served::Granted(seat), None, _) => Outcome::Gains { seat },
            (Served::Held(seat), None, _) => Outcome::Reuses { seat },
            (_, Some(from), Some(without_one)) => {
                self.leave(&from);
                without_one
            }
            (Served::Wait(waits_for), holds, _) => Outcome::Waits { waits_for, holds },
            // The rule of the token is about new installs. A recipient that holds a seat keeps it rather than failing.
            (_, Some(seat), None) => Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: Some(seat) },
            (Served::Unlicensed, None, _) => Outcome::Unlicensed { user_pays: self.app.paid, leaves: None },
            (Served::OutOfLicenses, None, _) => Outcome::OutOfLicenses,
        }
    }

    /// Counts one use of a seat less.
    pub(super) fn leave(&mut self, seat: &SeatKey) {
        if let Some(uses) = self.stock.held.get_mut(seat) {
            *uses = uses.saturating_sub(1);
        }
    }

    /// Finds a seat for a recipient. One that is held already comes first, because it takes no license.
    fn seat_for(&mut self, recipient: &Recipient, candidates: &[Candidate]) -> Served {
        let mut left = candidates.to_vec();
        for candidate in candidates {
            let Some(seat) = self.key(recipient, candidate) else { continue };
            let Some(uses) = self.stock.held.get_mut(&seat) else { continue };
            // A device that is listed under several ids has one seat, so the limit is not asked.
            if !seat.holder.is_user() || self.stock.device_limit.has_room(&seat, *uses) {
                *uses = uses.saturating_add(1);
                return Served::Held(seat);
            }
            // A user gets one license of an app, so with the seat full no other user license is tried.
            left.retain(|candidate| candidate.license == LicenseKind::Device);
        }
        if left.is_empty() && !candidates.is_empty() {
            return Served::Wait(WaitsFor::DeviceLimit);
        }
        let unlicensed_possible = unlicensed_install(self.app.app.kind, recipient).is_ok();
        match allot_one(&mut self.stock.pools, &recipient.groups, &left, unlicensed_possible) {
            Allotment::Seat { candidate } => match self.key(recipient, &candidate) {
                Some(seat) => {
                    self.stock.held.insert(seat.clone(), 1);
                    self.granted.insert(seat.clone());
                    Served::Granted(seat)
                }
                None => Served::OutOfLicenses,
            },
            Allotment::Wait { waits_for } => Served::Wait(waits_for),
            Allotment::Unlicensed => Served::Unlicensed,
            Allotment::Failed => Served::OutOfLicenses,
        }
    }

    /// The seat that a candidate gives a recipient; `None` when the recipient has no holder of that kind.
    fn key(&self, recipient: &Recipient, candidate: &Candidate) -> Option<SeatKey> {
        let (location, pricing_param) = (candidate.location.clone(), candidate.pricing_param.clone());
        let asset = AssetKey { adam_id: self.app.adam_id, pricing_param };
        Some(SeatKey { location, asset, holder: holder(recipient, candidate.license)? })
    }
}
