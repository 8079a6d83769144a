//! Requests: queued seats become requests, which are committed before they are sent.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    catalog::AssetKey,
    plan::{PackLimits, PackedRequest, pack},
    seats::{
        Direction, Epoch, Half, Holder, Holders, Progress, Request, RequestNumber, Seat, SeatEvent, SeatKey,
    },
    transaction::Decision,
};
use crate::{
    location::{LocationRows, LocationState},
    transaction::DecisionBuilder,
};

/// A seat that is queued for so long goes with the next request, however few share it, in seconds.
const PATIENCE_SECONDS: i64 = 30;

/// So many of the last requests of a location are kept when they are over, for people who look for a reason.
const KEPT_REQUESTS: u64 = 1_000;

/// Writes at most `most` requests for seats that were queued at `queued_by`, and says which. They may be sent once the
/// decision is saved, each once. Those that were queued later wait for others that may share their request.
///
/// Licenses that go back come first, then who was queued longest. A request is for one direction, one kind of holder,
/// and one half of a request that Apple refused without saying why. The largest ones go first, unless a seat has waited
/// for half a minute.
///
/// `rows` has to hold queued seats, their pools and the users of their users.
#[must_use]
pub fn decide_write_request(
    rows: &LocationRows,
    epoch: Epoch,
    limits: &PackLimits,
    queued_by: DateTime<Utc>,
    most: usize,
    now: DateTime<Utc>,
) -> (Decision, Vec<Request>) {
    let mut ledger = DecisionBuilder::open(rows, now);
    for key in rows.seats.keys() {
        ledger.look_again(key);
    }
    let mut next = rows.state.next_request;
    let mut written = Vec::new();
    for (assets, holders, direction) in requests(rows, &ledger, limits, queued_by, now).into_iter().take(most)
    {
        let location = rows.state.location.clone();
        let request =
            Request::written(location, next, direction, assets.into_iter().collect(), holders, epoch);
        for key in request.seats() {
            ledger.happen(&key, &SeatEvent::Written { request: next });
        }
        written.push(request);
        next = next.next();
    }
    if next != rows.state.next_request {
        ledger.changes.state = Some(LocationState { next_request: next, ..rows.state.clone() });
        ledger.changes.requests.clone_from(&written);
        ledger.changes.forget_requests_before = next.0.checked_sub(KEPT_REQUESTS).map(RequestNumber);
    }
    (ledger.close(), written)
}

/// What may share a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Company {
    takes: bool,
    apart: Option<Half>,
    users: bool,
}

type Unnumbered = (Vec<AssetKey>, Holders, Direction);

/// All requests that the queue is good for, the best first.
fn requests(
    rows: &LocationRows,
    ledger: &DecisionBuilder<'_>,
    limits: &PackLimits,
    queued_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Unnumbered> {
    let mut companies: BTreeMap<Company, Vec<&Seat>> = BTreeMap::new();
    // A seat of the future was queued before the clock jumped back.
    let lingers = |seat: &&Seat| queued_by < seat.touched_at && seat.touched_at <= now;
    for seat in rows.seats.keys().filter_map(|key| ledger.seat(key)).filter(|seat| !lingers(seat)) {
        let Progress::Queued { apart } = seat.progress else { continue };
        let Some(direction) = seat.desired.direction() else { continue };
        let takes = direction == Direction::Associate;
        companies.entry(Company { takes, apart, users: seat.key.holder.is_user() }).or_default().push(seat);
    }
    let mut companies: Vec<_> = companies.into_iter().collect();
    companies.sort_by_key(|(company, seats)| (company.takes, seats.iter().map(|seat| seat.touched_at).min()));
    companies.into_iter().flat_map(|(company, seats)| packed(company, &seats, limits, now)).collect()
}

fn packed(company: Company, seats: &[&Seat], limits: &PackLimits, now: DateTime<Utc>) -> Vec<Unnumbered> {
    let direction = if company.takes { Direction::Associate } else { Direction::Disassociate };
    let limits = if company.users { limits.of_users() } else { limits.of_devices() };
    let mut packed = pack(seats.iter().map(|seat| (&seat.key.asset, &seat.key.holder)), limits);
    let patience = TimeDelta::seconds(PATIENCE_SECONDS);
    let overdue = seats
        .iter()
        .filter(|seat| now.signed_duration_since(seat.touched_at) >= patience)
        .min_by_key(|seat| (seat.touched_at, &seat.key));
    let names = |request: &PackedRequest<Holder>, seat: &SeatKey| {
        request.assets.contains(&seat.asset) && request.holders.contains(&seat.holder)
    };
    packed.sort_by_key(|request| {
        let first = overdue.is_some_and(|seat| names(request, &seat.key));
        (Reverse(first), Reverse(request.pairs()))
    });
    packed.into_iter().map(|request| (request.assets, holders(request.holders), direction)).collect()
}

/// Holders of one kind.
fn holders(all: Vec<Holder>) -> Holders {
    let (mut serial_numbers, mut client_user_ids) = (BTreeSet::new(), BTreeSet::new());
    for holder in all {
        match holder {
            Holder::Device { serial_number } => drop(serial_numbers.insert(serial_number)),
            Holder::User { client_user_id } => drop(client_user_ids.insert(client_user_id)),
        }
    }
    if client_user_ids.is_empty() {
        Holders::Devices { serial_numbers }
    } else {
        Holders::Users { client_user_ids }
    }
}
