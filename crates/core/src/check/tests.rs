//! A state that is well, and each thing that can be wrong with it, alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::{testing::*, *};
use crate::{
    catalog::{Pool, testing::app_asset},
    installs::InstallLicense,
    plan::{AllotPool, AllotPools, Preview},
    seats::{
        AssignReason, DepartureTrigger, Desired, Direction, Fence, Observed, Progress, RequestNumber, Seat,
        testing::{FREE, HOLD, apple_error, asset, device_seat, user_seat},
    },
    testing::{location_id, now},
    token::OutOfLicenseRule,
};

#[test]
fn a_state_that_is_well_has_no_findings() {
    assert_eq!(findings(&well()), []);
}

#[test]
fn each_broken_fact_is_found_under_its_name() {
    type Break = fn(&mut House);
    let broken: [(&[&str], Break); 25] = [
        (&["seat_twice"], |house| house.seats.push(house.seats[0].clone())),
        (&["desired_without_reason"], |house| drop(house.installs.remove(1))),
        (&["desired_without_reason"], |house| {
            house.seats[0].desired = Desired::Assigned { because: AssignReason::Direct }
        }),
        (&["install_on_unassigned"], |house| house.seats[0].desired = FREE),
        (&["seat_missing", "command_without_license"], |house| drop(house.seats.remove(0))),
        (&["command_without_license"], |house| house.seats[0].observed = Observed::Reported),
        (&["move_not_ended"], |house| {
            let (from, to) = (device_seat(7, "TWO"), user_seat(7, "ada"));
            house.seats.push(Seat::new(to.clone(), HOLD, Observed::Assigned, now()));
            house.installs[1].license = InstallLicense::Moving { from, to };
        }),
        (&["in_two_requests", "not_in_its_request"], |house| house.requests.push(request(5, &["TWO"]))),
        (&["in_no_request"], |house| house.requests.clear()),
        (&["in_no_request", "not_in_its_request"], |house| house.requests = vec![request(5, &["TWO"])]),
        (&["in_no_request", "not_in_its_request"], |house| house.requests = vec![request(4, &["ONE"])]),
        (&["not_in_its_request"], |house| house.requests.push(request(5, &["ONE"]))),
        (&["against_fence"], |house| {
            house.seats[1].fence = Some(Fence::around(Direction::Disassociate, now()));
        }),
        (&["request_of_wrong_size"], |house| {
            house.requests = vec![request(4, &["TWO", "X", "Y"])];
        }),
        (&["request_of_wrong_size"], |house| house.requests.push(request(5, &[]))),
        (&["out_of_scope"], |house| {
            house.out_of_scope.insert(device_seat(7, "ONE"), None);
        }),
        (&["seat_of_other_app"], |house| house.installs[0].adam_id = asset(8).adam_id),
        (&["device_seat_shared"], |house| house.installs.push(on("three", device_seat(7, "ONE")))),
        (&["beyond_device_limit"], |house| {
            house.seats.push(Seat::new(user_seat(7, "ada"), HOLD, Observed::Assigned, now()));
            house.installs.extend(["a", "b", "c"].map(|device| on(device, user_seat(7, "ada"))));
        }),
        (&["assignment_without_seat"], |house| {
            house.direct_assignments.insert(user_seat(7, "ada"));
        }),
        (&["assignment_without_seat"], |house| {
            house.seats.push(Seat::foreign(user_seat(7, "ada"), now()));
            house.direct_assignments.insert(user_seat(7, "ada"));
        }),
        (&["takes_back_foreign"], |house| {
            house.installs.remove(1);
            house.seats[1].desired = Desired::Assigned { because: AssignReason::Foreign };
            house.requests[0].direction = Direction::Disassociate;
        }),
        (&["pool_unknown"], |house| house.pools.clear()),
        (&["overdrawn"], |house| {
            house.pools = vec![Pool::of(&location_id("1"), &app_asset(7, &[], 1), now())];
        }),
        (&["given_up"], |house| {
            house.seats[1].progress = Progress::GivenUp { error: apple_error() };
            house.requests.clear();
        }),
    ];
    let mut found = BTreeSet::new();
    for (expected, break_it) in broken {
        let mut house = well();
        break_it(&mut house);
        let mut names = names(&house);
        names.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected);
        found.extend(expected);
    }
    assert_eq!(found.len(), 20, "every finding but the one about plans: {found:?}");
}

#[test]
fn a_seat_serves_as_many_installs_as_the_limit_says_and_seats_without_a_pool_are_counted_by_asset() {
    let mut house = well();
    house.seats.push(Seat::new(user_seat(7, "ada"), HOLD, Observed::Assigned, now()));
    house.installs.extend(["a", "b"].map(|device| on(device, user_seat(7, "ada"))));
    assert_eq!(findings(&house), []);
    house.pools.clear();
    let (location, asset) = (location_id("1"), asset(7));
    assert_eq!(findings(&house), [Finding::PoolUnknown { location, asset, seats: 3 }]);
}

#[test]
fn what_may_be_is_told_from_what_may_not() {
    let mut house = well();
    house.seats[0].progress = Progress::GivenUp { error: apple_error() };
    assert_eq!(findings(&house)[0].kind(), FindingKind::Attention);
    house = well();
    house.requests.clear();
    assert_eq!(findings(&house)[0].kind(), FindingKind::Broken);
    let stored = serde_json::to_value([FindingKind::Broken, FindingKind::Attention]).unwrap();
    assert_eq!(stored, serde_json::json!([{"kind": "broken"}, {"kind": "attention"}]));
}

#[test]
fn somebody_out_of_scope_is_no_finding_while_a_rule_keeps_the_license_or_it_is_due_within_a_day() {
    let outside = |because, due: Option<TimeDelta>| {
        let mut house = well();
        let key = user_seat(7, "ada");
        house.seats.push(Seat::new(key.clone(), Desired::Assigned { because }, Observed::Assigned, now()));
        house.direct_assignments.insert(key.clone());
        house.out_of_scope.insert(key, due.map(|due| now() + due));
        names(&house)
    };
    let kept = AssignReason::Kept { trigger: DepartureTrigger::TokenScopeLeft };
    assert_eq!(outside(kept, None), [""; 0]);
    assert_eq!(outside(AssignReason::Direct, Some(TimeDelta::hours(24))), [""; 0]);
    assert_eq!(outside(AssignReason::Direct, Some(TimeDelta::hours(25))), ["out_of_scope"]);
    assert_eq!(outside(AssignReason::Direct, None), ["out_of_scope"]);
    assert_eq!(outside(AssignReason::Direct, Some(-TimeDelta::hours(24))), [""; 0]);
    assert_eq!(outside(AssignReason::Direct, Some(-TimeDelta::hours(25))), ["out_of_scope"], "nobody came");
}

#[test]
fn a_fence_that_has_passed_or_stands_the_same_way_is_no_obstacle() {
    let mut house = well();
    house.seats[1].fence = Some(Fence::around(Direction::Associate, now()));
    assert_eq!(findings(&house), []);
    house.seats[1].fence = Some(Fence { direction: Direction::Disassociate, until: now() });
    assert_eq!(findings(&house), []);
}

#[test]
fn a_request_far_too_large_is_one_finding_and_its_seats_are_not_gone_through() {
    let mut house = well();
    let many: Vec<String> = (0..2_000).map(|number| format!("S{number}")).collect();
    let mut huge = request(5, &many.iter().map(String::as_str).collect::<Vec<_>>());
    huge.assets = (0..2_000).map(asset).collect();
    house.requests.push(huge);
    let (location, request, assets, holders) = (location_id("1"), RequestNumber(5), 2_000, 2_000);
    assert_eq!(findings(&house), [Finding::RequestOfWrongSize { location, request, assets, holders }]);
}

#[test]
fn a_plan_that_gives_out_more_than_was_free_is_found() {
    let pool = AllotPool {
        counts: app_asset(7, &[], 1).counts,
        occupied: 0,
        uncounted: 0,
        writable: true,
        when_out_of_licenses: OutOfLicenseRule::WaitInOrder,
        reservations: BTreeMap::new(),
    };
    let pools = AllotPools::from([((location_id("1"), asset(7).pricing_param), pool)]);
    let gains = |serials: &[&str]| Preview {
        gains: serials.iter().map(|serial| device_seat(7, serial)).collect(),
        ..Preview::default()
    };
    assert_eq!(check_grants(&pools, &gains(&["ONE"])), []);
    let beyond =
        Finding::GrantBeyondFree { location: location_id("1"), asset: asset(7), granted: 2, free: 1 };
    assert_eq!(check_grants(&pools, &gains(&["ONE", "TWO"])), [beyond]);
    assert_eq!(
        check_grants(&AllotPools::new(), &gains(&["ONE"])).len(),
        1,
        "an unknown pool has none to give"
    );
}

#[test]
fn what_is_still_to_be_done_is_unsettled_until_it_is_as_desired() {
    let house = well();
    assert_eq!(unsettled(&house.seats, now()).collect::<Vec<_>>(), [&device_seat(7, "TWO")]);
    let mut seats = house.seats;
    (seats[1].progress, seats[1].observed) = (Progress::Idle, Observed::Assigned);
    assert_eq!(unsettled(&seats, now()).count(), 0);
}

#[test]
fn every_finding_says_what_and_where_and_is_stored_under_its_name() {
    let mut house = well();
    house.seats[0].progress = Progress::GivenUp { error: apple_error() };
    let finding = findings(&house).remove(0);
    assert_eq!(finding.to_string(), "the seat of app `7` for device `ONE` was given up: Apple answered: no");
    let stored = serde_json::to_value(&finding).unwrap();
    assert_eq!(stored["kind"], finding.name());
    assert_eq!(serde_json::from_value::<Finding>(stored).unwrap(), finding);
}
