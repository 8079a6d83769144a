//! A state that is well, each thing that can be wrong with it alone, and what is close to a finding and is none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::{
    catalog::{Platform, Pool, testing::app_asset},
    id::{DeviceId, TenantId},
    installs::{DevicePhase, Install, InstallLicense},
    plan::{AllotPool, AllotPools, PackLimits, Preview},
    seats::{
        AssignReason, CommandNumber, DepartureTrigger, Desired, DeviceLimit, Direction, Epoch, EventId,
        Fence, Holders, Observed, Progress, Request, RequestNumber, RequestState, Seat, SeatKey,
        testing::{FREE, HOLD, apple_error, asset, device_seat, serial, user_seat},
    },
    testing::{location_id, now},
    token::OutOfLicenseRule,
};

/// Two devices with an app: one has its license, the other's is in a request.
#[derive(Clone)]
struct Fixture {
    pools: Vec<Pool>,
    seats: Vec<Seat>,
    installs: Vec<Install>,
    requests: Vec<Request>,
    direct_assignments: BTreeSet<SeatKey>,
    out_of_scope: BTreeMap<SeatKey, Option<DateTime<Utc>>>,
}

fn install(device: &str, license: InstallLicense) -> Install {
    let (tenant, id) = (TenantId::new("t").unwrap(), DeviceId::new(device).unwrap());
    Install { license, ..Install::new(tenant, id, asset(7).adam_id, now()) }
}

fn on(device: &str, seat: SeatKey) -> Install {
    install(device, InstallLicense::OnSeat { seat })
}

fn request(number: u64, serials: &[&str]) -> Request {
    let serial_numbers = serials.iter().map(|text| serial(text)).collect();
    Request::written(
        location_id("1"),
        RequestNumber(number),
        Direction::Associate,
        BTreeSet::from([asset(7)]),
        Holders::Devices { serial_numbers },
        Epoch(1),
    )
}

fn well() -> Fixture {
    let (one, two) = (device_seat(7, "ONE"), device_seat(7, "TWO"));
    let mut requested = Seat::new(two.clone(), HOLD, Observed::Unassigned, now());
    requested.progress = Progress::InRequest { request: RequestNumber(4) };
    let mut commanded = install("one", InstallLicense::OnSeat { seat: one.clone() });
    commanded.phase = DevicePhase::InstallCommanded { command: CommandNumber(1) };
    Fixture {
        pools: vec![Pool::of(&location_id("1"), &app_asset(7, &[Platform::Ios], 9), now())],
        seats: vec![Seat::new(one, HOLD, Observed::Assigned, now()), requested],
        installs: vec![commanded, install("two", InstallLicense::OnSeat { seat: two })],
        requests: vec![request(4, &["TWO"])],
        direct_assignments: BTreeSet::new(),
        out_of_scope: BTreeMap::new(),
    }
}

fn findings(fixture: &Fixture) -> Vec<Finding> {
    let limits =
        PackLimits { max_serial_numbers: std::num::NonZeroU32::new(2).unwrap(), ..PackLimits::default() };
    check(&Checked {
        pools: &fixture.pools,
        seats: &fixture.seats,
        installs: &fixture.installs,
        requests: &fixture.requests,
        direct_assignments: &fixture.direct_assignments,
        out_of_scope: &fixture.out_of_scope,
        device_limit: DeviceLimit(std::num::NonZeroU32::new(2).unwrap()),
        limits: &limits,
        now: now(),
    })
}

fn names(fixture: &Fixture) -> Vec<&'static str> {
    findings(fixture).iter().map(Finding::name).collect()
}

#[test]
fn a_state_that_is_well_has_no_findings() {
    assert_eq!(findings(&well()), []);
}

#[test]
fn each_broken_fact_is_found_under_its_name() {
    type Break = fn(&mut Fixture);
    let broken: [(&[&str], Break); 25] = [
        (&["seat_twice"], |fixture| fixture.seats.push(fixture.seats[0].clone())),
        (&["desired_without_reason"], |fixture| drop(fixture.installs.remove(1))),
        (&["desired_without_reason"], |fixture| {
            fixture.seats[0].desired = Desired::Assigned { because: AssignReason::Direct }
        }),
        (&["install_on_unassigned"], |fixture| fixture.seats[0].desired = FREE),
        (&["seat_missing", "command_without_license"], |fixture| drop(fixture.seats.remove(0))),
        (&["command_without_license"], |fixture| fixture.seats[0].observed = Observed::Reported),
        (&["move_not_ended"], |fixture| {
            let (from, to) = (device_seat(7, "TWO"), user_seat(7, "ada"));
            fixture.seats.push(Seat::new(to.clone(), HOLD, Observed::Assigned, now()));
            fixture.installs[1].license = InstallLicense::Moving { from, to };
        }),
        (&["in_two_requests", "not_in_its_request"], |fixture| fixture.requests.push(request(5, &["TWO"]))),
        (&["in_no_request"], |fixture| fixture.requests.clear()),
        (&["in_no_request", "not_in_its_request"], |fixture| fixture.requests = vec![request(5, &["TWO"])]),
        (&["in_no_request", "not_in_its_request"], |fixture| fixture.requests = vec![request(4, &["ONE"])]),
        (&["not_in_its_request"], |fixture| fixture.requests.push(request(5, &["ONE"]))),
        (&["against_fence"], |fixture| {
            fixture.seats[1].fence = Some(Fence::around(Direction::Disassociate, now()));
        }),
        (&["request_of_wrong_size"], |fixture| {
            fixture.requests = vec![request(4, &["TWO", "X", "Y"])];
        }),
        (&["request_of_wrong_size"], |fixture| fixture.requests.push(request(5, &[]))),
        (&["out_of_scope"], |fixture| {
            fixture.out_of_scope.insert(device_seat(7, "ONE"), None);
        }),
        (&["seat_of_other_app"], |fixture| fixture.installs[0].adam_id = asset(8).adam_id),
        (&["device_seat_shared"], |fixture| fixture.installs.push(on("three", device_seat(7, "ONE")))),
        (&["beyond_device_limit"], |fixture| {
            fixture.seats.push(Seat::new(user_seat(7, "ada"), HOLD, Observed::Assigned, now()));
            fixture.installs.extend(["a", "b", "c"].map(|device| on(device, user_seat(7, "ada"))));
        }),
        (&["assignment_without_seat"], |fixture| {
            fixture.direct_assignments.insert(user_seat(7, "ada"));
        }),
        (&["assignment_without_seat"], |fixture| {
            fixture.seats.push(Seat::foreign(user_seat(7, "ada"), now()));
            fixture.direct_assignments.insert(user_seat(7, "ada"));
        }),
        (&["takes_back_foreign"], |fixture| {
            fixture.installs.remove(1);
            fixture.seats[1].desired = Desired::Assigned { because: AssignReason::Foreign };
            fixture.requests[0].direction = Direction::Disassociate;
        }),
        (&["pool_unknown"], |fixture| fixture.pools.clear()),
        (&["overdrawn"], |fixture| {
            fixture.pools = vec![Pool::of(&location_id("1"), &app_asset(7, &[], 1), now())];
        }),
        (&["given_up"], |fixture| {
            fixture.seats[1].progress = Progress::GivenUp { error: apple_error() };
            fixture.requests.clear();
        }),
    ];
    let mut found = BTreeSet::new();
    for (expected, break_it) in broken {
        let mut fixture = well();
        break_it(&mut fixture);
        let mut names = names(&fixture);
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
    let mut fixture = well();
    fixture.seats.push(Seat::new(user_seat(7, "ada"), HOLD, Observed::Assigned, now()));
    fixture.installs.extend(["a", "b"].map(|device| on(device, user_seat(7, "ada"))));
    assert_eq!(findings(&fixture), []);
    fixture.pools.clear();
    let (location, asset) = (location_id("1"), asset(7));
    assert_eq!(findings(&fixture), [Finding::PoolUnknown { location, asset, seats: 3 }]);
}

#[test]
fn what_can_happen_is_attention_and_what_cannot_is_broken() {
    let mut fixture = well();
    fixture.seats[0].progress = Progress::GivenUp { error: apple_error() };
    assert_eq!(findings(&fixture)[0].kind(), FindingKind::Attention);
    fixture = well();
    fixture.requests.clear();
    assert_eq!(findings(&fixture)[0].kind(), FindingKind::Broken);
    let stored = serde_json::to_value([FindingKind::Broken, FindingKind::Attention]).unwrap();
    assert_eq!(stored, serde_json::json!([{"kind": "broken"}, {"kind": "attention"}]));
}

#[test]
fn a_holder_out_of_scope_is_no_finding_while_a_rule_keeps_the_license_or_a_job_decides_within_a_day() {
    let outside = |because, due: Option<TimeDelta>| {
        let mut fixture = well();
        let key = user_seat(7, "ada");
        fixture.seats.push(Seat::new(key.clone(), Desired::Assigned { because }, Observed::Assigned, now()));
        fixture.direct_assignments.insert(key.clone());
        fixture.out_of_scope.insert(key, due.map(|due| now() + due));
        names(&fixture)
    };
    let kept = AssignReason::Kept { trigger: DepartureTrigger::TokenScopeLeft };
    assert_eq!(outside(kept, None), [""; 0]);
    assert_eq!(outside(AssignReason::Direct, Some(TimeDelta::hours(24))), [""; 0]);
    assert_eq!(outside(AssignReason::Direct, Some(TimeDelta::hours(25))), ["out_of_scope"]);
    assert_eq!(outside(AssignReason::Direct, None), ["out_of_scope"]);
    assert_eq!(outside(AssignReason::Direct, Some(-TimeDelta::hours(24))), [""; 0]);
    assert_eq!(
        outside(AssignReason::Direct, Some(-TimeDelta::hours(25))),
        ["out_of_scope"],
        "the job did not run"
    );
}

#[test]
fn a_fence_that_has_passed_or_stands_the_same_way_is_no_obstacle() {
    let mut fixture = well();
    fixture.seats[1].fence = Some(Fence::around(Direction::Associate, now()));
    assert_eq!(findings(&fixture), []);
    fixture.seats[1].fence = Some(Fence { direction: Direction::Disassociate, until: now() });
    assert_eq!(findings(&fixture), []);
}

#[test]
fn a_request_far_too_large_is_one_finding_and_its_seats_are_not_gone_through() {
    let mut fixture = well();
    let many: Vec<String> = (0..2_000).map(|number| format!("S{number}")).collect();
    let mut huge = request(5, &many.iter().map(String::as_str).collect::<Vec<_>>());
    huge.assets = (0..2_000).map(asset).collect();
    fixture.requests.push(huge);
    let (location, request, assets, holders) = (location_id("1"), RequestNumber(5), 2_000, 2_000);
    assert_eq!(findings(&fixture), [Finding::RequestOfWrongSize { location, request, assets, holders }]);
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
    let fixture = well();
    assert_eq!(unsettled(&fixture.seats, now()).collect::<Vec<_>>(), [&device_seat(7, "TWO")]);
    let mut seats = fixture.seats;
    (seats[1].progress, seats[1].observed) = (Progress::Idle, Observed::Assigned);
    assert_eq!(unsettled(&seats, now()).count(), 0);
}

#[test]
fn every_finding_says_what_and_where_and_is_stored_under_its_name() {
    let mut fixture = well();
    fixture.seats[0].progress = Progress::GivenUp { error: apple_error() };
    let finding = findings(&fixture).remove(0);
    assert_eq!(finding.to_string(), "the seat of app `7` for device `ONE` was given up: Apple answered: no");
    let stored = serde_json::to_value(&finding).unwrap();
    assert_eq!(stored["kind"], finding.name());
    assert_eq!(serde_json::from_value::<Finding>(stored).unwrap(), finding);
}

fn pool(adam_id: u64, total: u64) -> Pool {
    Pool::of(&location_id("1"), &app_asset(adam_id, &[Platform::Ios], total), now())
}

#[test]
fn a_seat_that_is_unassigned_and_not_desired_is_not_counted_as_taken() {
    let mut fixture = well();
    fixture.pools = vec![pool(7, 2)];
    fixture.seats.push(Seat::new(device_seat(7, "THREE"), FREE, Observed::Unassigned, now()));
    assert_eq!(findings(&fixture), []);
    fixture.seats[2].observed = Observed::Unknown;
    assert_eq!(names(&fixture), ["overdrawn"]);
}

#[test]
fn a_request_that_was_accepted_has_passed_the_fence_already() {
    let mut fixture = well();
    fixture.seats[1].fence = Some(Fence::around(Direction::Disassociate, now()));
    let event_id = EventId::new("e").unwrap();
    fixture.requests[0].state = RequestState::Accepted { event_id, accepted_at: now(), asked_at: None };
    assert_eq!(findings(&fixture), []);
}

#[test]
fn a_request_names_a_seat_by_its_asset_too() {
    let mut fixture = well();
    let because = AssignReason::Kept { trigger: DepartureTrigger::DeviceWiped };
    let mut other_app =
        Seat::new(device_seat(8, "TWO"), Desired::Assigned { because }, Observed::Assigned, now());
    other_app.progress = Progress::InRequest { request: RequestNumber(4) };
    fixture.pools.push(pool(8, 9));
    fixture.seats.push(other_app);
    let (seat, request) = (device_seat(8, "TWO"), RequestNumber(4));
    assert_eq!(findings(&fixture), [Finding::InNoRequest { seat, request }]);
    assert_eq!(fixture.requests[0].assets, [asset(7)].into());
}

#[test]
fn both_seats_of_a_move_are_checked() {
    let mut fixture = well();
    let (from, to) = (device_seat(7, "ONE"), user_seat(7, "ada"));
    fixture.installs[0].license = InstallLicense::Moving { from, to: to.clone() };
    assert_eq!(names(&fixture), ["seat_missing"]);
    // The goal is listed and not usable yet, so the command has a license and the move goes on.
    let mut goal = Seat::new(to, HOLD, Observed::Assigned, now());
    goal.fence = Some(Fence::around(Direction::Disassociate, now()));
    fixture.seats.push(goal);
    fixture.seats[0].observed = Observed::Reported;
    assert_eq!(findings(&fixture), []);
}
