//! Requests: queued seats become requests, which are committed before they are sent; and a preview of them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    location::{LocationRows, LocationState},
    plan::{PackLimits, PackedRequest, pack},
    seats::{
        Direction, Epoch, Half, Holder, Holders, Progress, Request, RequestNumber, Seat, SeatEvent, SeatKey,
    },
    transaction::{Decision, DecisionBuilder},
};

/// After how long in the queue a seat goes with the next request, however few share it, in seconds. Our choice: a
/// device that is set up waits for its apps.
const PATIENCE_SECONDS: i64 = 30;

/// How many of the last requests of a location are kept when they are over. Our choice: for people who look for a
/// reason.
const KEPT_REQUESTS: u64 = 1_000;

/// Writes at most `most` requests for seats that were queued at `queued_by`, and says which. They may be sent once the
/// decision is saved, each once. Those that were queued later wait for others that may share their request.
///
/// Licenses that go back come first, then the seats that were queued longest. A request is for one direction, one kind
/// of holder, and one half of a request that Apple refused without naming the seat at fault. The largest ones go first,
/// unless a seat has waited for half a minute.
///
/// `rows` has to hold queued seats, their pools and the rows of their users.
#[must_use]
pub fn decide_write_request(
    rows: &LocationRows,
    epoch: Epoch,
    limits: &PackLimits,
    queued_by: DateTime<Utc>,
    most: usize,
    now: DateTime<Utc>,
) -> (Decision, Vec<Request>) {
    let mut builder = DecisionBuilder::new(rows, now);
    for key in rows.seats.keys() {
        builder.reconsider(key);
    }
    let mut next = rows.state.next_request;
    let mut written = Vec::new();
    for (assets, holders, direction) in
        requests(rows, &builder, limits, queued_by, now).into_iter().take(most)
    {
        let location = rows.state.location.clone();
        let request =
            Request::written(location, next, direction, assets.into_iter().collect(), holders, epoch);
        for key in request.seats() {
            builder.apply_event(&key, &SeatEvent::Written { request: next });
        }
        written.push(request);
        next = next.next();
    }
    if next != rows.state.next_request {
        builder.put_state(LocationState { next_request: next, ..rows.state.clone() });
        written.iter().for_each(|request| builder.put_request(request.clone()));
        builder.forget_requests_before(next.0.checked_sub(KEPT_REQUESTS).map(RequestNumber));
    }
    (builder.finish(), written)
}

/// A request that would be sent: each of the assets for each of the holders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewedRequest {
    /// Which way it moves licenses.
    pub direction: Direction,
    /// What is licensed.
    pub assets: BTreeSet<AssetKey>,
    /// For whom.
    pub holders: Holders,
}

/// The requests that would be sent now, in the order of sending. Nothing is written.
///
/// `rows` has to hold what [`decide_write_request`] needs.
#[must_use]
pub fn preview_requests(
    rows: &LocationRows,
    limits: &PackLimits,
    now: DateTime<Utc>,
) -> Vec<PreviewedRequest> {
    let (_, requests) = decide_write_request(rows, Epoch(0), limits, now, usize::MAX, now);
    requests
        .into_iter()
        .map(|request| PreviewedRequest {
            direction: request.direction,
            assets: request.assets,
            holders: request.holders,
        })
        .collect()
}

/// What seats have in common that may share a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    is_assign: bool,
    apart: Option<Half>,
    users: bool,
}

type Unnumbered = (Vec<AssetKey>, Holders, Direction);

/// All requests that the queue is good for, the best first.
fn requests(
    rows: &LocationRows,
    builder: &DecisionBuilder<'_>,
    limits: &PackLimits,
    queued_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Unnumbered> {
    let mut groups: BTreeMap<Group, Vec<&Seat>> = BTreeMap::new();
    // A seat that was queued in the future was queued before the clock was set back: it must not wait for that time.
    let lingers = |seat: &&Seat| queued_by < seat.touched_at && seat.touched_at <= now;
    for seat in rows.seats.keys().filter_map(|key| builder.seat(key)).filter(|seat| !lingers(seat)) {
        let Progress::Queued { apart } = seat.progress else { continue };
        let Some(direction) = seat.desired.direction() else { continue };
        let is_assign = direction == Direction::Associate;
        groups.entry(Group { is_assign, apart, users: seat.key.holder.is_user() }).or_default().push(seat);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(group, seats)| (group.is_assign, seats.iter().map(|seat| seat.touched_at).min()));
    groups.into_iter().flat_map(|(group, seats)| packed(group, &seats, limits, now)).collect()
}

fn packed(group: Group, seats: &[&Seat], limits: &PackLimits, now: DateTime<Utc>) -> Vec<Unnumbered> {
    let direction = if group.is_assign { Direction::Associate } else { Direction::Disassociate };
    let limits = if group.users { limits.of_users() } else { limits.of_devices() };
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
