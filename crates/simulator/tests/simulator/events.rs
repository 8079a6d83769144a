//! Events: late, in steps, held, out of order, failing, lying, and shown later than they are finished.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_simulator::demonstration::{ROUTE_SHEET, TORQUE_CALCULATOR};
use mdm_vpp_simulator::{
    Assignment, Endpoint, ErrorNumber, EventId, EventOrder, EventPlan, EventStatus, Fault, FaultRule, Holder,
    NewLocation, SerialNumber, TokenDownload,
};
use serde_json::{Value, json};

use crate::scene::{
    ASSOCIATE, CREATE_USERS, DISASSOCIATE, RETIRE_USERS, REVOKE, STATUS, Scene, to_devices, to_users, verdict,
};

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn planned(plan: EventPlan) -> Scene {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.events = plan);
    scene
}

fn progress(scene: &Scene, event: &EventId) -> (String, i64) {
    let status = scene.status(event);
    (status["eventStatus"].as_str().unwrap().to_owned(), status["numCompleted"].as_i64().unwrap())
}

#[test]
fn an_event_is_pending_until_its_time_and_nothing_has_happened_before() {
    let scene = planned(EventPlan::usual().after(seconds(60)));
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert_eq!(scene.status(&event)["numRequested"], 2);
    scene.simulator.advance(TimeDelta::seconds(59));
    assert_eq!((progress(&scene, &event), scene.assignments("").len()), (("PENDING".into(), 0), 0));
    scene.simulator.advance(TimeDelta::seconds(1));
    assert_eq!((progress(&scene, &event), scene.assignments("").len()), (("COMPLETE".into(), 2), 2));
}

#[test]
fn an_event_in_steps_counts_what_is_done_so_far() {
    let scene = planned(EventPlan::usual().after(seconds(60)).in_steps(4.try_into().unwrap()));
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C", "D", "E", "F"]));
    let mut seen = Vec::new();
    for _ in 0..4 {
        scene.simulator.advance(TimeDelta::seconds(15));
        seen.push(progress(&scene, &event).1);
    }
    assert_eq!(seen, [1, 3, 4, 6]);
    assert_eq!(progress(&scene, &event).0, "COMPLETE");
}

#[test]
fn events_that_came_due_in_one_leap_run_in_the_order_of_their_times() {
    let scene = planned(EventPlan::usual().after(seconds(60)));
    let slow = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3"]));
    let quick = Fault::Event(EventPlan::usual().after(seconds(10)));
    scene.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, quick));
    let fast = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["4", "5", "6"]));
    scene.simulator.advance(TimeDelta::days(1));
    assert_eq!(progress(&scene, &fast), ("COMPLETE".into(), 3));
    assert_eq!(progress(&scene, &slow), ("FAILED".into(), 2), "the later request was served first");
}

#[test]
fn an_event_that_never_runs_waits_for_the_tester() {
    let scene = planned(EventPlan::usual().never());
    let first = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3"]));
    let second = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["4", "5", "6"]));
    scene.simulator.advance(TimeDelta::days(365));
    assert_eq!(progress(&scene, &first), ("PENDING".into(), 0));
    assert_eq!(scene.simulator.run_events(EventOrder::NewestFirst), 2);
    assert_eq!(
        (progress(&scene, &first).0, progress(&scene, &second).0),
        ("FAILED".into(), "COMPLETE".into())
    );
    assert!(!scene.simulator.run_event(&first), "it is finished");
}

#[test]
fn an_event_can_be_held_and_run_late() {
    let scene = planned(EventPlan::usual().after(seconds(5)));
    let [held, late] =
        ["A", "B"].map(|device| scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &[device])));
    assert!(scene.simulator.hold_event(&held));
    assert!(scene.simulator.postpone_event(&late, TimeDelta::hours(1)));
    scene.simulator.advance(TimeDelta::minutes(59));
    assert_eq!(scene.assignments(""), []);
    scene.simulator.advance(TimeDelta::minutes(1));
    assert_eq!(scene.assignments(""), [(101, "B".to_owned())]);
    assert_eq!(scene.simulator.event(&held).unwrap().next_step_at, None);
    assert!(scene.simulator.run_event(&held) && !scene.simulator.hold_event(&held));
    assert_eq!(scene.simulator.event(&held).unwrap().status, EventStatus::Complete);
}

#[test]
fn the_steps_after_one_that_was_postponed_do_not_run_before_it() {
    let plan =
        EventPlan::usual().after(seconds(4)).in_steps(2.try_into().unwrap()).visible_after(seconds(60));
    let scene = planned(plan);
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert!(scene.simulator.postpone_event(&event, TimeDelta::hours(1)));
    scene.simulator.advance(TimeDelta::hours(1));
    assert_eq!(progress(&scene, &event), ("COMPLETE".into(), 2));
    scene.simulator.advance(TimeDelta::seconds(59));
    assert_eq!(scene.assignments("").len(), 0, "the lag begins when the event is finished");
    scene.simulator.advance(TimeDelta::seconds(1));
    assert_eq!(scene.assignments("").len(), 2);
}

#[test]
fn an_event_runs_although_its_answer_was_lost_and_late_at_that() {
    let scene = Scene::new();
    scene.simulator.inject(FaultRule::new(Fault::Event(EventPlan::usual().after(seconds(600)))));
    scene.simulator.inject(FaultRule::new(Fault::AnswerLost));
    assert!(scene.post(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"])).delivery.lost);
    assert_eq!(scene.assignments(""), []);
    scene.simulator.advance(TimeDelta::seconds(600));
    assert_eq!(scene.assignments(""), [(101, "A".to_owned())]);
    let event = scene.simulator.events()[0].id.clone();
    assert_eq!(scene.status(&event)["eventStatus"], "COMPLETE");
}

#[test]
fn chosen_devices_fail_with_chosen_numbers_and_the_others_are_served() {
    let plan = EventPlan::usual()
        .failing(Holder::device("B"), ErrorNumber::INTERNAL)
        .failing(Holder::device("D"), ErrorNumber::new(9644));
    let scene = planned(plan);
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C", "D"]));
    let status = scene.status(&event);
    assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("FAILED"), &json!(2)));
    let told = status["failures"].as_array().unwrap().iter().map(|failure| {
        (failure["errorNumber"].as_i64().unwrap(), failure["errorInfo"]["serialNumbers"].clone())
    });
    assert_eq!(told.collect::<Vec<_>>(), [(9603, json!(["B"])), (9644, json!(["D"]))]);
    assert_eq!(scene.assignments(""), [(101, "A".to_owned()), (101, "C".to_owned())]);
}

#[test]
fn a_whole_event_can_fail() {
    let scene = planned(EventPlan::usual().all_failing(ErrorNumber::INTERNAL));
    let event = scene.begin(CREATE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));
    assert_eq!(progress(&scene, &event), ("FAILED".into(), 0));
}

#[test]
fn a_device_dropped_silently_is_reported_as_done_and_never_listed() {
    let scene = planned(EventPlan::usual().dropping(Holder::device("B")));
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    assert_eq!(progress(&scene, &event), ("COMPLETE".into(), 2));
    scene.simulator.advance(TimeDelta::days(1));
    assert_eq!(scene.assignments(""), [(101, "A".to_owned())]);
    assert_eq!(scene.seats(ROUTE_SHEET), [500, 1, 499, 0]);
}

#[test]
fn what_an_event_did_can_show_later_than_it_is_finished() {
    let scene = planned(EventPlan::usual().visible_after(seconds(30)));
    let event = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3", "4", "5"]));
    assert_eq!(progress(&scene, &event), ("COMPLETE".into(), 5));
    assert_eq!((scene.assignments("").len(), scene.seats(TORQUE_CALCULATOR)), (0, [5, 0, 5, 0]));
    let more = scene.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["6"]));
    assert_eq!(scene.status(&more)["failures"][0]["errorNumber"], 9709, "the seats are gone all the same");
    let back = scene.begin(DISASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1"]));
    assert_eq!(progress(&scene, &back), ("COMPLETE".into(), 1));
    scene.simulator.advance(TimeDelta::seconds(29));
    assert_eq!(scene.assignments("").len(), 0);
    scene.simulator.advance(TimeDelta::seconds(1));
    assert_eq!((scene.assignments("").len(), scene.seats(TORQUE_CALCULATOR)), (4, [5, 4, 1, 0]));
}

#[test]
fn changes_that_show_in_another_order_than_they_were_made_end_in_the_truth() {
    let scene = Scene::new();
    let lagging = |lag| Fault::Event(EventPlan::usual().visible_after(seconds(lag)));
    scene.simulator.inject(FaultRule::new(lagging(60)));
    scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    scene.simulator.inject(FaultRule::new(lagging(10)));
    scene.begin(DISASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let (uid, device) = (&scene.location.uid, Holder::device("A"));
    assert_eq!(scene.simulator.holds(uid, ROUTE_SHEET, &device), Ok(false));
    let truth = [Assignment::new(ROUTE_SHEET, Holder::device("B"))];
    assert_eq!((scene.simulator.assignments(uid).unwrap(), scene.assignments("")), (truth.to_vec(), vec![]));
    scene.simulator.advance(TimeDelta::seconds(60));
    assert_eq!(scene.assignments(""), [(101, "B".to_owned())]);
    assert_eq!(scene.seats(ROUTE_SHEET), [500, 1, 499, 0]);
}

#[test]
fn a_device_meets_9610_for_a_while_after_the_event() {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.device_lag = seconds(45));
    scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let meets = |device: &str| {
        let device = SerialNumber::new(device);
        scene.simulator.license_on_device(&scene.location.uid, ROUTE_SHEET, &device).unwrap()
    };
    assert_eq!(meets("A"), Some(ErrorNumber::LICENSE_NOT_FOUND));
    scene.simulator.advance(TimeDelta::seconds(45));
    assert_eq!((meets("A"), meets("B")), (None, Some(ErrorNumber::LICENSE_NOT_FOUND)));
}

#[test]
fn a_user_retired_between_request_and_run_is_9609_in_the_event() {
    let scene = Scene::new();
    scene.create_users(&["ada"]);
    scene.simulator.inject(FaultRule::new(Fault::Event(EventPlan::usual().after(seconds(9)))));
    let event = scene.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada"]));
    scene.begin(RETIRE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));
    scene.simulator.advance(TimeDelta::seconds(9));
    assert_eq!(scene.status(&event)["failures"][0]["errorNumber"], 9609);
}

#[test]
fn revoking_takes_what_is_held_when_it_runs() {
    let scene = planned(EventPlan::usual().after(seconds(5)));
    scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let event = scene.begin(REVOKE, &json!({"serialNumbers": ["A"]}));
    scene.simulator.advance(TimeDelta::seconds(5));
    assert_eq!(progress(&scene, &event), ("COMPLETE".into(), 1));
    assert_eq!(scene.assignments(""), []);
}

#[test]
fn an_event_unknown_foreign_or_too_old_is_9708_and_none_named_is_9602() {
    let scene = Scene::new();
    let event = scene.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let elsewhere = scene.simulator.create_location(NewLocation::new("Bremen", "Example", "DE"));
    let token = scene.simulator.download_token(&elsewhere, TokenDownload::usual()).unwrap();
    let target = format!("{STATUS}?eventId={event}");
    assert_eq!(verdict(&scene.get_with(&target, &token.file)), (400, 9708));
    assert_eq!(verdict(&scene.get(&format!("{STATUS}?eventId=x"))), (400, 9708));
    assert_eq!(verdict(&scene.get(STATUS)), (400, 9602));
    scene.simulator.advance(TimeDelta::hours(24));
    assert_eq!(verdict(&scene.get(&target)), (200, 0));
    scene.simulator.advance(TimeDelta::seconds(1));
    assert_eq!(verdict(&scene.get(&target)), (400, 9708));
}

#[test]
fn who_may_only_read_reads_these_lists_and_begins_no_event() {
    let scene = Scene::new();
    let uid = &scene.location.uid;
    let token = scene.simulator.download_token(uid, TokenDownload::usual().read_only()).unwrap();
    for path in ["/mdm/v2/assignments", "/mdm/v2/users"] {
        assert_eq!(verdict(&scene.get_with(path, &token.file)), (200, 0));
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
        assert_eq!(verdict(&scene.post_with(&target, &token.file, &Value::Null)), (403, 9637), "{path}");
        assert_eq!(verdict(&scene.get(&target)), (405, 9726), "{path}");
    }
    scene.simulator.set_managed_by_apple(uid, true).unwrap();
    assert_eq!(verdict(&scene.post(ASSOCIATE, &json!({}))), (403, 9645));
}
