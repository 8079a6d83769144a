//! What is no finding, although it is close to one, and what is found only by looking twice.

use super::{testing::*, *};
use crate::{
    catalog::{Platform, Pool, testing::app_asset},
    installs::InstallLicense,
    seats::{
        AssignReason, DepartureTrigger, Desired, Direction, EventId, Fence, Observed, Progress,
        RequestNumber, RequestState, Seat,
        testing::{FREE, HOLD, asset, device_seat, user_seat},
    },
    testing::{location_id, now},
};

fn pool(adam_id: u64, total: u64) -> Pool {
    Pool::of(&location_id("1"), &app_asset(adam_id, &[Platform::Ios], total), now())
}

#[test]
fn a_seat_that_nobody_holds_or_wants_is_not_counted_as_taken() {
    let mut house = well();
    house.pools = vec![pool(7, 2)];
    house.seats.push(Seat::new(device_seat(7, "THREE"), FREE, Observed::Unassigned, now()));
    assert_eq!(findings(&house), []);
    house.seats[2].observed = Observed::Unknown;
    assert_eq!(names(&house), ["overdrawn"]);
}

#[test]
fn a_request_that_was_accepted_has_passed_the_fence_already() {
    let mut house = well();
    house.seats[1].fence = Some(Fence::around(Direction::Disassociate, now()));
    let event_id = EventId::new("e").unwrap();
    house.requests[0].state = RequestState::Accepted { event_id, accepted_at: now(), asked_at: None };
    assert_eq!(findings(&house), []);
}

#[test]
fn a_request_names_a_seat_by_its_asset_too() {
    let mut house = well();
    let because = AssignReason::Kept { trigger: DepartureTrigger::DeviceWiped };
    let mut other_app =
        Seat::new(device_seat(8, "TWO"), Desired::Assigned { because }, Observed::Assigned, now());
    other_app.progress = Progress::InRequest { request: RequestNumber(4) };
    house.pools.push(pool(8, 9));
    house.seats.push(other_app);
    let (seat, request) = (device_seat(8, "TWO"), RequestNumber(4));
    assert_eq!(findings(&house), [Finding::InNoRequest { seat, request }]);
    assert_eq!(house.requests[0].assets, [asset(7)].into());
}

#[test]
fn both_seats_of_a_move_are_looked_at() {
    let mut house = well();
    let (from, to) = (device_seat(7, "ONE"), user_seat(7, "ada"));
    house.installs[0].license = InstallLicense::Moving { from, to: to.clone() };
    assert_eq!(names(&house), ["seat_missing"]);
    // The goal is listed and not usable yet, so the command has a license and the move goes on.
    let mut goal = Seat::new(to, HOLD, Observed::Assigned, now());
    goal.fence = Some(Fence::around(Direction::Disassociate, now()));
    house.seats.push(goal);
    house.seats[0].observed = Observed::Reported;
    assert_eq!(findings(&house), []);
}
