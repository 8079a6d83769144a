//! Events: late, in steps, held, out of order, failing, dropping tasks, and shown later than they are finished.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_simulator::demonstration::{ROUTE_SHEET, TORQUE_CALCULATOR};
use mdm_vpp_simulator::{
    Assignment, Endpoint, ErrorNumber, EventId, EventOrder, EventPlan, EventStatus, Fault, FaultRule, Holder,
    SerialNumber, TokenDownload,
};
use serde_json::{Value, json};

use crate::fixture::{
    ASSOCIATE, CREATE_USERS, DISASSOCIATE, Fixture, RETIRE_USERS, REVOKE, STATUS, to_devices, to_users,
    verdict,
};

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn progress(fixture: &Fixture, event: &EventId) -> (String, i64) {
    let status = fixture.status(event);
    (status["eventStatus"].as_str().unwrap().to_owned(), status["numCompleted"].as_i64().unwrap())
}

#[test]
fn an_event_is_pending_until_its_time_and_nothing_has_happened_before() {
    let fixture = Fixture::with_plan(EventPlan::usual().after(seconds(60)));
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert_eq!(fixture.status(&event)["numRequested"], 2);
    fixture.simulator.advance(TimeDelta::seconds(59));
    assert_eq!((progress(&fixture, &event), fixture.assignments("").len()), (("PENDING".into(), 0), 0));
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert_eq!((progress(&fixture, &event), fixture.assignments("").len()), (("COMPLETE".into(), 2), 2));
}

#[test]
fn an_event_in_steps_counts_what_is_done_so_far() {
    let fixture = Fixture::with_plan(EventPlan::usual().after(seconds(60)).in_steps(4.try_into().unwrap()));
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C", "D", "E", "F"]));
    let mut seen = Vec::new();
    for _ in 0..4 {
        fixture.simulator.advance(TimeDelta::seconds(15));
        seen.push(progress(&fixture, &event).1);
    }

    assert_eq!(seen, [1, 3, 4, 6]);
    assert_eq!(progress(&fixture, &event).0, "COMPLETE");
}

#[test]
fn events_that_came_due_in_one_leap_run_in_the_order_of_their_times() {
    let fixture = Fixture::with_plan(EventPlan::usual().after(seconds(60)));
    let slow = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3"]));
    let quick = Fault::Event(EventPlan::usual().after(seconds(10)));
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, quick));
    let fast = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["4", "5", "6"]));

    fixture.simulator.advance(TimeDelta::days(1));

    assert_eq!(progress(&fixture, &fast), ("COMPLETE".into(), 3));
    assert_eq!(progress(&fixture, &slow), ("FAILED".into(), 2), "the later request was served first");
}

#[test]
fn an_event_that_never_runs_waits_for_the_tester() {
    let fixture = Fixture::with_plan(EventPlan::usual().never());
    let first = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3"]));
    let second = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["4", "5", "6"]));

    fixture.simulator.advance(TimeDelta::days(365));

    assert_eq!(progress(&fixture, &first), ("PENDING".into(), 0));
    assert_eq!(fixture.simulator.run_events(EventOrder::NewestFirst), 2);
    assert_eq!(
        (progress(&fixture, &first).0, progress(&fixture, &second).0),
        ("FAILED".into(), "COMPLETE".into())
    );
    assert!(!fixture.simulator.run_event(&first), "it is finished");
}

#[test]
fn an_event_can_be_held_and_run_late() {
    let fixture = Fixture::with_plan(EventPlan::usual().after(seconds(5)));
    let [held, late] =
        ["A", "B"].map(|device| fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &[device])));
    assert!(fixture.simulator.hold_event(&held));
    assert!(fixture.simulator.postpone_event(&late, TimeDelta::hours(1)));
    fixture.simulator.advance(TimeDelta::minutes(59));
    assert_eq!(fixture.assignments(""), []);
    fixture.simulator.advance(TimeDelta::minutes(1));
    assert_eq!(fixture.assignments(""), [(101, "B".to_owned())]);
    assert_eq!(fixture.simulator.event(&held).unwrap().next_step_at, None);
    assert!(fixture.simulator.run_event(&held) && !fixture.simulator.hold_event(&held));
    assert_eq!(fixture.simulator.event(&held).unwrap().status, EventStatus::Complete);
}

#[test]
fn the_steps_after_one_that_was_postponed_do_not_run_before_it() {
    let plan =
        EventPlan::usual().after(seconds(4)).in_steps(2.try_into().unwrap()).visible_after(seconds(60));
    let fixture = Fixture::with_plan(plan);
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert!(fixture.simulator.postpone_event(&event, TimeDelta::hours(1)));
    fixture.simulator.advance(TimeDelta::hours(1));
    assert_eq!(progress(&fixture, &event), ("COMPLETE".into(), 2));
    fixture.simulator.advance(TimeDelta::seconds(59));
    assert_eq!(fixture.assignments("").len(), 0, "the lag begins when the event is finished");
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert_eq!(fixture.assignments("").len(), 2);
}

#[test]
fn an_event_runs_although_its_answer_was_lost_and_late_at_that() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(Fault::Event(EventPlan::usual().after(seconds(600)))));
    fixture.simulator.inject(FaultRule::new(Fault::AnswerLost));
    assert!(fixture.post(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"])).delivery.lost);
    assert_eq!(fixture.assignments(""), []);
    fixture.simulator.advance(TimeDelta::seconds(600));
    assert_eq!(fixture.assignments(""), [(101, "A".to_owned())]);
    let event = fixture.simulator.events()[0].id.clone();
    assert_eq!(fixture.status(&event)["eventStatus"], "COMPLETE");
}

#[test]
fn chosen_devices_fail_with_chosen_numbers_and_the_others_are_served() {
    let plan = EventPlan::usual()
        .failing(Holder::device("B"), ErrorNumber::INTERNAL)
        .failing(Holder::device("D"), ErrorNumber::new(9644));
    let fixture = Fixture::with_plan(plan);
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C", "D"]));
    let status = fixture.status(&event);
    assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("FAILED"), &json!(2)));
    let failures = status["failures"].as_array().unwrap().iter().map(|failure| {
        (failure["errorNumber"].as_i64().unwrap(), failure["errorInfo"]["serialNumbers"].clone())
    });
    assert_eq!(failures.collect::<Vec<_>>(), [(9603, json!(["B"])), (9644, json!(["D"]))]);
    assert_eq!(fixture.assignments(""), [(101, "A".to_owned()), (101, "C".to_owned())]);
}

#[test]
fn a_whole_event_can_fail() {
    let fixture = Fixture::with_plan(EventPlan::usual().all_failing(ErrorNumber::INTERNAL));
    let event = fixture.begin(CREATE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));

    assert_eq!(progress(&fixture, &event), ("FAILED".into(), 0));
}

#[test]
fn a_device_dropped_silently_is_reported_as_done_and_never_listed() {
    let fixture = Fixture::with_plan(EventPlan::usual().dropping(Holder::device("B")));
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert_eq!(progress(&fixture, &event), ("COMPLETE".into(), 2));
    fixture.simulator.advance(TimeDelta::days(1));
    assert_eq!(fixture.assignments(""), [(101, "A".to_owned())]);
    assert_eq!(fixture.seats(ROUTE_SHEET), [500, 1, 499, 0]);
}

#[test]
fn changes_of_an_event_can_show_after_it_is_finished() {
    let fixture = Fixture::with_plan(EventPlan::usual().visible_after(seconds(30)));
    let event = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3", "4", "5"]));
    assert_eq!(progress(&fixture, &event), ("COMPLETE".into(), 5));
    assert_eq!((fixture.assignments("").len(), fixture.seats(TORQUE_CALCULATOR)), (0, [5, 0, 5, 0]));
    let more = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["6"]));
    assert_eq!(fixture.status(&more)["failures"][0]["errorNumber"], 9709, "the seats are gone all the same");
    let back = fixture.begin(DISASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1"]));
    assert_eq!(progress(&fixture, &back), ("COMPLETE".into(), 1));
    fixture.simulator.advance(TimeDelta::seconds(29));
    assert_eq!(fixture.assignments("").len(), 0);
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert_eq!((fixture.assignments("").len(), fixture.seats(TORQUE_CALCULATOR)), (4, [5, 4, 1, 0]));
}

#[test]
fn changes_shown_in_another_order_than_they_were_made_end_in_the_truth() {
    let fixture = Fixture::new();
    let lagging = |lag| Fault::Event(EventPlan::usual().visible_after(seconds(lag)));
    fixture.simulator.inject(FaultRule::new(lagging(60)));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    fixture.simulator.inject(FaultRule::new(lagging(10)));
    fixture.begin(DISASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let (uid, device) = (&fixture.location.uid, Holder::device("A"));
    assert_eq!(fixture.simulator.holds(uid, ROUTE_SHEET, &device), Ok(false));
    let truth = [Assignment::new(ROUTE_SHEET, Holder::device("B"))];
    assert_eq!(
        (fixture.simulator.assignments(uid).unwrap(), fixture.assignments("")),
        (truth.to_vec(), vec![])
    );
    fixture.simulator.advance(TimeDelta::seconds(60));
    assert_eq!(fixture.assignments(""), [(101, "B".to_owned())]);
    assert_eq!(fixture.seats(ROUTE_SHEET), [500, 1, 499, 0]);
}

#[test]
fn a_device_meets_9610_for_a_while_after_the_event() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.device_lag = seconds(45));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let meets = |device: &str| {
        let device = SerialNumber::new(device);
        fixture.simulator.license_on_device(&fixture.location.uid, ROUTE_SHEET, &device).unwrap()
    };
    assert_eq!(meets("A"), Some(ErrorNumber::LICENSE_NOT_FOUND));
    fixture.simulator.advance(TimeDelta::seconds(45));
    assert_eq!((meets("A"), meets("B")), (None, Some(ErrorNumber::LICENSE_NOT_FOUND)));
}

#[test]
fn a_user_retired_between_request_and_run_is_9609_in_the_event() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada"]);
    fixture.simulator.inject(FaultRule::new(Fault::Event(EventPlan::usual().after(seconds(9)))));
    let event = fixture.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada"]));
    fixture.begin(RETIRE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));

    fixture.simulator.advance(TimeDelta::seconds(9));

    assert_eq!(fixture.status(&event)["failures"][0]["errorNumber"], 9609);
}

#[test]
fn revoking_takes_what_is_held_when_it_runs() {
    let fixture = Fixture::with_plan(EventPlan::usual().after(seconds(5)));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let event = fixture.begin(REVOKE, &json!({"serialNumbers": ["A"]}));

    fixture.simulator.advance(TimeDelta::seconds(5));

    assert_eq!(progress(&fixture, &event), ("COMPLETE".into(), 1));
    assert_eq!(fixture.assignments(""), []);
}

#[test]
fn an_event_unknown_foreign_or_too_old_is_9708_and_none_named_is_9602() {
    let fixture = Fixture::new();
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let (_, token) = fixture.other_location();
    let target = format!("{STATUS}?eventId={event}");
    assert_eq!(verdict(&fixture.get_with(&target, &token.file)), (400, 9708));
    assert_eq!(verdict(&fixture.get(&format!("{STATUS}?eventId=x"))), (400, 9708));
    assert_eq!(verdict(&fixture.get(STATUS)), (400, 9602));
    fixture.simulator.advance(TimeDelta::hours(24));
    assert_eq!(verdict(&fixture.get(&target)), (200, 0));
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert_eq!(verdict(&fixture.get(&target)), (400, 9708));
}

#[test]
fn a_token_that_may_only_read_reads_these_lists_and_begins_no_event() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    let token = fixture.simulator.download_token(uid, TokenDownload::usual().read_only()).unwrap();
    for path in ["/mdm/v2/assignments", "/mdm/v2/users"] {
        assert_eq!(verdict(&fixture.get_with(path, &token.file)), (200, 0));
    }
    let paths = [
        "assets/associate",
        "assets/disassociate",
        "assets/revoke",
        "users/create",
        "users/update",
        "users/retire",
    ];
    for path in paths {
        let target = format!("/mdm/v2/{path}");
        assert_eq!(verdict(&fixture.post_with(&target, &token.file, &Value::Null)), (403, 9637), "{path}");
        assert_eq!(verdict(&fixture.get(&target)), (405, 9726), "{path}");
    }
    fixture.simulator.set_managed_by_apple(uid, true).unwrap();

    assert_eq!(verdict(&fixture.post(ASSOCIATE, &json!({}))), (403, 9645));
}
