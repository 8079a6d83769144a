//! Notifications: subscriptions, contents, and how they are lost, doubled and delayed on the way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_simulator::demonstration::{ROUTE_SHEET, TORQUE_CALCULATOR};
use mdm_vpp_simulator::{
    Endpoint, ErrorNumber, EventPlan, Fault, FaultRule, Holder, Notification, NotificationKind,
};
use serde_json::{Value, json};

use crate::fixture::{ASSOCIATE, CLIENT_CONFIG, CREATE_USERS, Fixture, RETIRE_USERS, to_devices, verdict};

const URL: &str = "https://mdm.example.org/aab/7d3f";

fn wanted(types: &[&str]) -> Value {
    json!({"notificationUrl": URL, "notificationAuthToken": "k3y", "notificationTypes": types})
}

/// A location that subscribed to everything.
fn subscribed() -> Fixture {
    let fixture = Fixture::new();
    let all = ["ASSET_MANAGEMENT", "USER_MANAGEMENT", "USER_ASSOCIATED", "ASSET_COUNT"];
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &wanted(&all))), (200, 0));
    fixture
}

fn contents(fixture: &Fixture) -> Vec<Value> {
    fixture
        .simulator
        .take_notifications()
        .iter()
        .map(|sent| sent.value().unwrap()["notification"].clone())
        .collect()
}

fn many(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("C{n:03}")).collect()
}

#[test]
fn the_notifications_of_an_event_go_to_the_url_with_the_token_one_for_each_outcome() {
    let fixture = subscribed();
    let event = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3", "4", "5", "6"]));
    let sent = fixture.simulator.take_notifications();
    assert_eq!(sent.len(), 2);
    assert_eq!((sent[0].url.as_str(), sent[0].bearer.as_str()), (URL, "k3y"));
    assert_eq!(sent[0].kind, NotificationKind::AssetManagement);
    let done = sent[0].value().unwrap();
    assert_eq!(done["notificationId"], sent[0].id.as_str());
    assert_eq!(done["notification"]["assignments"].as_array().unwrap().len(), 5);
    assert_eq!(
        (&done["notification"]["result"], done["notification"].get("error")),
        (&json!("SUCCESS"), None)
    );
    assert_eq!(
        sent[1].value().unwrap(),
        json!({
            "notificationId": sent[1].id.as_str(), "notificationType": "ASSET_MANAGEMENT",
            "uId": fixture.location.uid.as_str(),
            "notification": {
                "type": "ASSOCIATE", "result": "FAILURE", "eventId": event.as_str(),
                "assignments": [{"adamId": "9000000104", "pricingParam": "STDQ", "serialNumber": "6"}],
                "error": {"errorNumber": 9709, "errorMessage": "Not enough assets are available"}
            }
        })
    );
    assert_eq!(fixture.simulator.take_notifications(), [], "each is taken once");
    assert!(!format!("{sent:?}").contains("k3y"));
}

#[test]
fn more_than_a_hundred_tasks_are_sent_in_notifications_of_a_hundred() {
    let fixture = subscribed();
    let devices = many(250);
    fixture.begin(ASSOCIATE, &json!({"assets": [{"adamId": "9000000101"}], "serialNumbers": devices}));
    let sizes: Vec<_> =
        contents(&fixture).iter().map(|sent| sent["assignments"].as_array().unwrap().len()).collect();

    assert_eq!(sizes, [100, 100, 50]);
}

#[test]
fn only_subscribed_kinds_are_sent_and_an_empty_list_ends_the_subscription() {
    let fixture = Fixture::new();
    let kinds = || -> Vec<_> {
        fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
        fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, 1).unwrap();
        fixture.simulator.take_notifications().iter().map(|sent| sent.kind).collect()
    };
    assert_eq!(kinds(), []);
    fixture.post(CLIENT_CONFIG, &wanted(&["ASSET_COUNT"]));
    assert_eq!(kinds(), [NotificationKind::AssetCount]);
    fixture.post(CLIENT_CONFIG, &json!({"notificationTypes": ["ASSET_MANAGEMENT", "ASSET_COUNT"]}));
    assert_eq!(kinds(), [NotificationKind::AssetManagement, NotificationKind::AssetCount]);
    fixture.post(CLIENT_CONFIG, &json!({"notificationTypes": []}));
    assert_eq!(kinds(), []);
}

#[test]
fn notifications_follow_when_users_are_created_refused_retired_and_when_they_accept() {
    let fixture = subscribed();
    let eve = json!({"clientUserId": "eve", "managedAppleId": "eve@elsewhere.example"});
    fixture.begin(CREATE_USERS, &json!({"users": [{"clientUserId": "ada"}, eve]}));
    let sent = contents(&fixture);
    assert_eq!((&sent[0]["type"], &sent[0]["users"][0]["status"]), (&json!("CREATE"), &json!("Registered")));
    assert_eq!((&sent[1]["result"], &sent[1]["error"]["errorNumber"]), (&json!("FAILURE"), &json!(9635)));
    assert_eq!(sent[1]["users"], json!([{"clientUserId": "eve"}]));

    fixture.simulator.accept_invitation(&fixture.location.uid, &"ada".into(), "ada@icloud.example").unwrap();
    let sent = &contents(&fixture)[0]["associatedUsers"][0];
    assert_eq!((&sent["clientUserId"], &sent["status"]), (&json!("ada"), &json!("Associated")));
    assert!(sent["idHash"].is_string() && sent["inviteCode"].is_string());

    fixture.begin(RETIRE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));
    assert_eq!(contents(&fixture)[0]["users"][0]["status"], "Retired");
}

#[test]
fn the_test_notification_goes_with_the_new_token_and_a_failure_refuses_the_config() {
    let fixture = Fixture::new();
    let seen: Arc<Mutex<Vec<Notification>>> = Arc::default();
    let (kept, simulator) = (Arc::clone(&seen), fixture.simulator.clone());
    let uid = fixture.location.uid.clone();
    fixture.simulator.on_test_notification(move |sent| {
        kept.lock().unwrap().push(sent.clone());
        assert_eq!(simulator.notification_settings(&uid).unwrap().url, None, "nothing is saved before");
        sent.bearer == "k3y"
    });
    let wrong = json!({"notificationUrl": URL, "notificationAuthToken": "wrong"});
    let before = fixture.reply(CLIENT_CONFIG);
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &wrong)), (400, 9728));
    assert_eq!(fixture.reply(CLIENT_CONFIG), before);
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &wanted(&[]))), (200, 0));
    let seen = seen.lock().unwrap();
    let body = seen[1].value().unwrap();
    assert_eq!(
        (seen.len(), &body["notificationType"], &body["notification"]),
        (2, &json!("TEST_NOTIFICATION"), &json!({}))
    );
}

#[test]
fn no_test_is_sent_for_a_config_that_is_refused_lost_or_says_no_url() {
    let fixture = Fixture::new();
    fixture.simulator.on_test_notification(|sent| panic!("{sent:?}"));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &json!({"notificationTypes": []}))), (200, 0));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &wanted(&["NO_SUCH_KIND"]))), (400, 9602));
    assert_eq!(verdict(&fixture.post_with(CLIENT_CONFIG, "e30=", &wanted(&[]))), (200, 9622));
    fixture.simulator.inject(FaultRule::at(Endpoint::WriteClientConfig, Fault::RequestLost));
    assert!(fixture.post(CLIENT_CONFIG, &wanted(&[])).delivery.lost);
}

#[test]
fn notifications_are_lost_doubled_reversed_and_delayed_as_the_settings_say() {
    let fixture = subscribed();
    let dial = |lost: u32, doubled: u32, newest_first, seconds| {
        fixture.simulator.change_settings(|settings| {
            settings.notifications.lost_every = lost.try_into().ok();
            settings.notifications.doubled_every = doubled.try_into().ok();
            settings.notifications.newest_first = newest_first;
            settings.notifications.delay = Duration::from_secs(seconds);
        });
        for seats in 1..=4 {
            fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, seats).unwrap();
        }
    };
    let deltas =
        || -> Vec<_> { contents(&fixture).iter().map(|sent| sent["countDelta"].as_i64().unwrap()).collect() };
    dial(2, 0, false, 0);
    assert_eq!(deltas(), [1, 3]);
    dial(0, 4, false, 0);
    let twice = fixture.simulator.take_notifications();
    assert_eq!((twice.len(), &twice[3].id), (5, &twice[4].id));
    dial(0, 0, true, 0);
    assert_eq!(deltas(), [4, 3, 2, 1]);
    dial(0, 0, false, 60);
    assert_eq!((deltas(), fixture.simulator.waiting_notifications()), (vec![], 4));
    fixture.simulator.advance(TimeDelta::seconds(60));
    assert_eq!(deltas(), [1, 2, 3, 4]);
}

#[test]
fn a_device_dropped_silently_is_notified_as_done_and_one_that_fails_with_its_error() {
    let fixture = subscribed();
    let plan =
        EventPlan::usual().dropping(Holder::device("A")).failing(Holder::device("B"), ErrorNumber::INTERNAL);
    fixture.simulator.inject(FaultRule::new(Fault::Event(plan)));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    let sent = contents(&fixture);

    assert_eq!(sent[0]["assignments"][0]["serialNumber"], "A");
    assert_eq!((&sent[1]["error"]["errorNumber"], sent.len()), (&json!(9603), 2));
    assert_eq!(fixture.assignments(""), []);
}
