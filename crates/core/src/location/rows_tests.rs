//! Changes do to rows what a store does to its tables.

use super::*;
use crate::{
    seats::{Direction, Epoch, EventId, Holders, RequestState, testing::*},
    testing::{days, location_id, now},
};

fn rows() -> LocationRows {
    LocationRows {
        state: LocationState::new(location_id("1")),
        pools: BTreeMap::new(),
        seats: BTreeMap::new(),
        requests: Vec::new(),
        users: BTreeMap::new(),
        waitlist: Vec::new(),
        full_read_pages: Vec::new(),
        notified_events: Vec::new(),
    }
}

fn request(number: u64, state: RequestState) -> Request {
    let holders = Holders::Devices { serial_numbers: [serial("A")].into() };
    let (assets, number) = ([asset(7)].into(), RequestNumber(number));
    let written = Request::written(location_id("1"), number, Direction::Associate, assets, holders, Epoch(1));
    Request { state, ..written }
}

fn accepted() -> RequestState {
    let event_id = EventId::new("e").unwrap();
    RequestState::Accepted { event_id, accepted_at: now(), asked_at: None }
}

fn after(mut rows: LocationRows, changes: LocationChanges) -> LocationRows {
    changes.apply_to(&mut rows);
    rows
}

#[test]
fn closed_requests_are_forgotten_before_changed_ones_are_put_and_open_ones_never() {
    let kept = [request(1, RequestState::Ended), request(2, accepted()), request(3, accepted())];
    let before = LocationRows { requests: kept.to_vec(), ..rows() };
    let changes = LocationChanges {
        requests: vec![request(4, RequestState::Lost), request(2, RequestState::Ended)],
        forget_requests_before: Some(RequestNumber(9)),
        ..LocationChanges::default()
    };
    let left: Vec<_> = after(before, changes).requests;
    assert_eq!(
        left,
        [request(2, RequestState::Ended), request(3, accepted()), request(4, RequestState::Lost)]
    );
}

#[test]
fn the_waitlist_stays_in_the_order_of_waiting_and_then_of_seats() {
    let entry = |name: &str, since| WaitlistEntry { seat: device_seat(7, name), since };
    let before = LocationRows { waitlist: vec![entry("D", days(0)), entry("A", days(2))], ..rows() };
    let add = |entry: WaitlistEntry| (entry.seat.clone(), WaitlistChange::Add(entry));
    let changes = LocationChanges {
        waitlist: [
            add(entry("C", days(1))),
            add(entry("B", days(1))),
            add(entry("A", days(3))),
            (device_seat(7, "D"), WaitlistChange::Remove),
        ]
        .into(),
        ..LocationChanges::default()
    };
    let expected = [entry("B", days(1)), entry("C", days(1)), entry("A", days(3))];
    assert_eq!(after(before, changes).waitlist, expected);
}

#[test]
fn kept_pages_go_before_the_pages_of_another_read_come() {
    let page = |page, next| FullReadPage { page, next, listed: Vec::new() };
    let before = LocationRows { full_read_pages: vec![page(0, Some(2)), page(2, None)], ..rows() };
    let more = LocationChanges { full_read_pages: vec![page(1, None)], ..LocationChanges::default() };
    let merged = after(before.clone(), more.clone()).full_read_pages;
    assert_eq!(merged, [page(0, Some(2)), page(1, None), page(2, None)]);
    let anew = LocationChanges { forget_full_read_pages: true, ..more };
    assert_eq!(after(before, anew).full_read_pages, [page(1, None)]);
}

#[test]
fn seats_and_users_are_put_and_forgotten() {
    let kept = seat(HOLD, crate::seats::Observed::Assigned, now());
    let put = LocationChanges {
        seats: [(kept.key.clone(), SeatChange::Put(kept.clone()))].into(),
        ..LocationChanges::default()
    };
    let with_seat = after(rows(), put);
    assert_eq!(with_seat.seats[&kept.key], kept);
    let forget =
        LocationChanges { seats: [(kept.key, SeatChange::Forget)].into(), ..LocationChanges::default() };
    assert_eq!(after(with_seat, forget), rows());
}
