//! Giving out seats, one recipient of the queue after the other.

use std::collections::BTreeSet;

use super::{
    Allotment, AppStock, Outcome, PlannedApp, PlannedRecipient, WaitsFor, allot::allot_one, standing::holder,
};
use crate::{
    catalog::AssetKey,
    policy::{Candidate, LicenseKind, Recipient, unlicensed_install},
    seats::SeatKey,
};

/// Somebody in the queue.
pub(super) struct Queued<'a, Id> {
    pub(super) asking: &'a PlannedRecipient<'a, Id>,
    /// The tokens that may give him a license, best first.
    pub(super) candidates: Vec<Candidate>,
    /// What becomes of him when none is to be had; `None`: the rule of the token decides.
    pub(super) without_one: Option<Outcome>,
}

/// The seats of an app while they are given out.
pub(super) struct GivingOut<'a> {
    pub(super) app: &'a PlannedApp<'a>,
    pub(super) stock: &'a mut AppStock,
    /// The seats that were taken.
    pub(super) granted: BTreeSet<SeatKey>,
}

enum Served {
    Granted(SeatKey),
    Held(SeatKey),
    Wait(WaitsFor),
    Unlicensed,
    OutOfLicenses,
}

impl GivingOut<'_> {
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
            (_, Some(seat), None) => Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: Some(seat) },
            (Served::Unlicensed, None, _) => Outcome::Unlicensed { user_pays: self.app.paid, leaves: None },
            (Served::OutOfLicenses, None, _) => Outcome::OutOfLicenses,
        }
    }

    /// One install fewer uses a seat.
    pub(super) fn leave(&mut self, seat: &SeatKey) {
        if let Some(uses) = self.stock.held.get_mut(seat) {
            *uses = uses.saturating_sub(1);
        }
    }

    /// A seat that is held for him already comes first, since none has to be taken.
    fn seat_for(&mut self, recipient: &Recipient, candidates: &[Candidate]) -> Served {
        let mut left = candidates.to_vec();
        for candidate in candidates {
            let Some(seat) = self.key(recipient, candidate) else { continue };
            let Some(uses) = self.stock.held.get_mut(&seat) else { continue };
            // A device has one seat, under however many ids it is asked for.
            if !seat.holder.is_user() || self.stock.device_limit.has_room(&seat, *uses) {
                *uses = uses.saturating_add(1);
                return Served::Held(seat);
            }
            // One license of an app is what a user gets.
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

    fn key(&self, recipient: &Recipient, candidate: &Candidate) -> Option<SeatKey> {
        let (location, pricing_param) = (candidate.location.clone(), candidate.pricing_param.clone());
        let asset = AssetKey { adam_id: self.app.adam_id, pricing_param };
        Some(SeatKey { location, asset, holder: holder(recipient, candidate.license)? })
    }
}
