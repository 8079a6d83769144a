//! Requests: of a size that Apple takes, never against a fence, never for what is not ours, and each seat in at most
//! one of them.

use std::{collections::BTreeMap, num::NonZeroU32};

use super::{Checked, Finding};
use crate::{
    id::LocationId,
    seats::{Direction, Holder, Holders, Progress, Request, RequestNumber, RequestState, Seat, SeatKey},
};

pub(super) fn check(state: &Checked<'_>, seats: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open: BTreeMap<SeatKey, RequestNumber> = BTreeMap::new();
    let mut by_number: BTreeMap<(&LocationId, RequestNumber), &Request> = BTreeMap::new();
    for request in state.requests.iter().filter(|request| request.is_open()) {
        by_number.insert((&request.location, request.number), request);
        if let Some(finding) = wrong_size(state, request) {
            // Its seats are not gone through: of two large lists there may be millions.
            findings.push(finding);
            continue;
        }
        for key in request.seats() {
            let seat = seats.get(&key);
            findings.extend(seat.and_then(|seat| against_fence(state, request, seat)));
            if request.direction == Direction::Disassociate && seat.is_some_and(|seat| !seat.is_ours()) {
                findings.push(Finding::TakesBackForeign { seat: key.clone(), request: request.number });
            }
            if !seat.is_some_and(|seat| seat.progress == Progress::InRequest { request: request.number }) {
                findings.push(Finding::NotInItsRequest { seat: key.clone(), request: request.number });
            }
            if let Some(one) = open.insert(key.clone(), request.number) {
                findings.push(Finding::InTwoRequests { seat: key, one, other: request.number });
            }
        }
    }
    for seat in state.seats {
        let Progress::InRequest { request } = seat.progress else { continue };
        if !by_number.get(&(&seat.key.location, request)).is_some_and(|request| names(request, &seat.key)) {
            findings.push(Finding::InNoRequest { seat: seat.key.clone(), request });
        }
    }
    findings
}

fn names(request: &Request, seat: &SeatKey) -> bool {
    request.assets.contains(&seat.asset)
        && match (&request.holders, &seat.holder) {
            (Holders::Devices { serial_numbers }, Holder::Device { serial_number }) => {
                serial_numbers.contains(serial_number)
            }
            (Holders::Users { client_user_ids }, Holder::User { client_user_id }) => {
                client_user_ids.contains(client_user_id)
            }
            _ => false,
        }
}

fn wrong_size(state: &Checked<'_>, request: &Request) -> Option<Finding> {
    let (limits, holders) = match &request.holders {
        Holders::Devices { serial_numbers } => (state.limits.of_devices(), serial_numbers.len()),
        Holders::Users { client_user_ids } => (state.limits.of_users(), client_user_ids.len()),
    };
    let assets = request.assets.len();
    let fits = |count: usize, most: NonZeroU32| {
        count > 0 && u32::try_from(count).is_ok_and(|count| count <= most.get())
    };
    let right = fits(assets, limits.assets) && fits(holders, limits.holders);
    let (location, request) = (request.location.clone(), request.number);
    (!right).then_some(Finding::RequestOfWrongSize { location, request, assets, holders })
}

/// A request that was accepted has passed already; one that was written may still leave.
fn against_fence(state: &Checked<'_>, request: &Request, seat: &Seat) -> Option<Finding> {
    let fence = seat.fence.filter(|fence| {
        matches!(request.state, RequestState::Written { .. })
            && fence.direction != request.direction
            && !fence.has_passed(state.now)
    })?;
    let (seat, request) = (seat.key.clone(), request.number);
    Some(Finding::AgainstFence { seat, request, until: fence.until })
}
