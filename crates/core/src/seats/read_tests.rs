//! When a read counts, what it removes, and what it cannot say.

use chrono::TimeDelta;

use super::*;
use crate::{
    seats::{Gate, NextAction, decide_next_action, testing::*},
    testing::now,
};

fn at(minutes: i64) -> DateTime<Utc> {
    now() + TimeDelta::minutes(minutes)
}

fn observed_after(seat: &Seat, found: Observed, begun_at: DateTime<Utc>) -> Option<Observed> {
    read(seat, found, begun_at).or_unchanged(seat).map(|seat| seat.observed)
}

#[test]
fn a_read_that_began_no_later_than_the_last_touch_says_nothing() {
    let seat = seat(HOLD, Observed::Reported, at(5));
    for begun in [at(0), at(5)] {
        assert_eq!(read(&seat, Observed::Unassigned, begun), Applied::Unchanged);
        assert_eq!(read(&seat, Observed::Assigned, begun), Applied::Unchanged);
    }
    assert_eq!(observed_after(&seat, Observed::Assigned, at(6)), Some(Observed::Assigned));
}

#[test]
fn a_read_of_a_seat_whose_request_is_under_way_says_only_that_it_is_listed() {
    let progress = Progress::InRequest { request: RequestNumber(1) };
    let seat = Seat { progress: progress.clone(), ..seat(HOLD, Observed::Unassigned, at(0)) };
    assert_eq!(read(&seat, Observed::Unassigned, at(9)), Applied::Unchanged);
    assert_eq!(read(&seat, Observed::Assigned, at(0)), Applied::Unchanged);
    let listed = read(&seat, Observed::Assigned, at(9)).or_unchanged(&seat).unwrap();
    assert_eq!((listed.observed, listed.progress, listed.touched_at), (Observed::Assigned, progress, at(9)));
    let fenced = Seat { fence: Some(Fence::around(Direction::Associate, at(0))), ..seat };
    assert_eq!(read(&fenced, Observed::Assigned, at(9)), Applied::Unchanged);
}

#[test]
fn before_a_fence_has_passed_only_what_it_would_bring_about_anyway_counts() {
    let fenced = |direction| Seat {
        fence: Some(Fence { direction, until: at(15) }),
        ..seat(HOLD, Observed::Reported, at(0))
    };
    let (associate, disassociate) = (fenced(Direction::Associate), fenced(Direction::Disassociate));
    assert_eq!(observed_after(&associate, Observed::Assigned, at(1)), Some(Observed::Assigned));
    assert_eq!(observed_after(&associate, Observed::Unassigned, at(1)), Some(Observed::Unknown));
    assert_eq!(observed_after(&disassociate, Observed::Assigned, at(1)), Some(Observed::Unknown));
    assert_eq!(observed_after(&disassociate, Observed::Unassigned, at(1)), Some(Observed::Unassigned));
}

#[test]
fn a_read_that_began_after_the_fence_removes_it_and_outdates_those_from_before() {
    let fence = Some(Fence { direction: Direction::Associate, until: at(15) });
    let lost = Seat { fence, ..seat(HOLD, Observed::Unknown, at(0)) };
    let read_once = read(&lost, Observed::Assigned, at(15)).or_unchanged(&lost).unwrap();
    assert_eq!((read_once.observed, read_once.fence), (Observed::Assigned, None));
    // It began under the fence, saw the pool before the lost request ran, and arrives last.
    assert_eq!(read(&read_once, Observed::Unassigned, at(14)), Applied::Unchanged);
}

#[test]
fn a_released_seat_stays_until_a_full_read_that_began_after_its_fence_does_not_list_it() {
    let fence = Some(Fence { direction: Direction::Disassociate, until: at(15) });
    let tombstone = Seat { fence, ..seat(FREE, Observed::Unassigned, at(0)) };
    assert_eq!(read(&tombstone, Observed::Unassigned, at(14)), Applied::Unchanged);
    assert_eq!(read(&tombstone, Observed::Unassigned, at(15)), Applied::Forgotten);
    let found = read(&tombstone, Observed::Assigned, at(15)).or_unchanged(&tombstone).unwrap();
    let next = decide_next_action(&found, Gate::Open, at(16)).next;
    assert_eq!((next, found.desired), (Some(NextAction::Send), FREE));
    let complete = seat(FREE, Observed::Unassigned, at(0));
    assert_eq!(read(&complete, Observed::Unassigned, at(0)), Applied::Unchanged);
    assert_eq!(read(&complete, Observed::Unassigned, at(1)), Applied::Forgotten);
}

#[test]
fn a_foreign_license_is_forgotten_when_it_is_listed_no_more_and_never_assigned_by_us() {
    let foreign = Seat::foreign(device_seat(7, "C02A"), at(0));
    assert_eq!(read(&foreign, Observed::Assigned, at(1)), Applied::Unchanged);
    assert_eq!(read(&foreign, Observed::Unassigned, at(1)), Applied::Forgotten);
}

#[test]
fn what_apple_reports_as_given_three_times_and_never_lists_is_given_up() {
    let reported = |tries| Seat { tries, ..seat(HOLD, Observed::Reported, at(0)) };
    let progress = |tries| {
        read(&reported(tries), Observed::Unassigned, at(1)).or_unchanged(&reported(tries)).unwrap().progress
    };
    assert_eq!(progress(MOST_TRIES - 1), Progress::Idle);
    let given_up = Progress::GivenUp { error: SeatError::Unconfirmed };
    assert_eq!(progress(MOST_TRIES), given_up);
    // Given up, it is taken up again when a later read lists it after all.
    let seat = Seat { progress: given_up, ..seat(HOLD, Observed::Unassigned, at(1)) };
    let found = read(&seat, Observed::Assigned, at(2)).or_unchanged(&seat).unwrap();
    assert_eq!((found.progress.clone(), found.is_usable()), (Progress::Idle, true));
}

#[test]
fn a_second_read_of_what_is_known_changes_nothing() {
    let assigned = seat(HOLD, Observed::Assigned, at(0));
    assert_eq!(read(&assigned, Observed::Assigned, at(1)), Applied::Unchanged);
}
