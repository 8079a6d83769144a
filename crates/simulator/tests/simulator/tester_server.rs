//! The tester's server: everything that a tester does from another process.

use mdm_vpp_simulator::demonstration::{ROUTE_SHEET, TORQUE_CALCULATOR};
use mdm_vpp_simulator::{EventOrder, TesterServer};
use serde_json::{Value, json};

use crate::fixture::{ASSETS, ASSOCIATE, CLIENT_CONFIG, Fixture, client, to_devices, verdict};

/// A simulator with a running server for testers.
struct TesterFixture {
    fixture: Fixture,
    server: TesterServer,
}

impl TesterFixture {
    async fn new() -> Self {
        let fixture = Fixture::new();
        let server = TesterServer::start("127.0.0.1:0", fixture.simulator.clone()).await.unwrap();
        Self { fixture, server }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.server.url());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let reply = client().request(method.parse().unwrap(), url).body(body).send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{value}");
        value
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, value) = self.ask("POST", path, body).await;
        assert_eq!(status, 200, "{path} {value}");
        value
    }
}

#[tokio::test]
async fn every_portal_action_can_be_done() {
    let tester = TesterFixture::new().await;
    let simulator = &tester.fixture.simulator;
    tester.fixture.create_users(&["ada"]);
    let asset = json!({"adam_id": "9000000104"});
    let new = json!({"adam_id": "9000000300", "name": "Late Arrival", "countries": ["DE"]});
    let there = json!({"name": "Bremen", "org_name": "Example", "country": "DE", "platform": "school"});
    let bremen = tester.post("/portal/create_location", there).await["location"].clone();
    let holders = json!({"serial_numbers": ["A"], "client_user_ids": ["ada"]});
    let mine = json!({"account": "example.org"});
    let accepted = json!({"client_user_id": "ada", "account": "ada@icloud.example"});
    for (action, body) in [
        ("buy", json!({"asset": asset, "seats": 5})),
        ("refund", json!({"asset": asset, "seats": 1})),
        ("transfer", json!({"to": bremen, "asset": asset, "seats": 2})),
        ("set_assigned", json!({"asset": asset, "seats": 1})),
        ("assign", json!({"asset": asset, "holders": holders})),
        ("unassign", json!({"asset": asset, "holders": {"serial_numbers": ["A"]}})),
        ("list_app", json!({"app": new})),
        ("buy", json!({"location": bremen, "asset": {"adam_id": "9000000300"}, "seats": 1})),
        ("set_on_sale", json!({"asset": asset, "on_sale": false})),
        ("make_unlimited", json!({"asset": {"adam_id": "9000000101"}})),
        ("rename_location", json!({"name": "Kiel"})),
        ("set_country", json!({"country": "US"})),
        ("claim_by_other", json!({"id": "1", "name": "Other MDM", "metadata": ""})),
        ("add_managed_account", mine),
        ("accept_invitation", accepted),
        ("forget_versions", Value::Null),
        ("set_managed_by_apple", json!({"managed": true})),
        ("set_legacy_tokens", json!({"legacy": false})),
    ] {
        tester.post(&format!("/portal/{action}"), body).await;
    }
    assert_eq!(tester.fixture.seats(TORQUE_CALCULATOR), [7, 2, 5, 1]);
    let config = tester.fixture.reply(CLIENT_CONFIG);
    assert_eq!((&config["locationName"], &config["countryISO2ACode"]), (&json!("Kiel"), &json!("US")));
    assert_eq!(config["mdmInfo"]["name"], "Other MDM");
    assert_eq!(verdict(&tester.fixture.post(ASSOCIATE, &json!({}))), (403, 9645));
    assert_eq!(tester.get("/locations").await["locations"][1], bremen);
    assert_eq!(simulator.locations().len(), 2);

    let token = tester.post("/portal/download_token", json!({"read_only": true})).await;
    assert_eq!(verdict(&tester.fixture.get_with(ASSETS, token["token_file"].as_str().unwrap())), (200, 0));
    tester.post("/portal/revoke_token", json!({"token": token["token"]})).await;
    assert_eq!(verdict(&tester.fixture.get_with(ASSETS, token["token_file"].as_str().unwrap())), (200, 9625));
    assert_eq!(tester.post("/portal/change_password", json!({})).await["tokens_killed"], 1);
    assert_eq!(verdict(&tester.fixture.get(ASSETS)), (200, 9625));
    tester.post("/portal/remove_claim", json!({})).await;
}

#[tokio::test]
async fn faults_of_every_kind_can_be_injected_and_cleared() {
    let tester = TesterFixture::new().await;
    for (fault, expected) in [
        (json!({"kind": "error", "number": 9603}), (500, 9603)),
        (json!({"kind": "error_in_ok_body", "number": 9646}), (200, 9646)),
        (json!({"kind": "busy", "status": 503, "retry_after_seconds": 3}), (503, 9729)),
        (json!({"kind": "busy", "status": 429, "retry_after_date_in_seconds": 3}), (429, 9646)),
        (json!({"kind": "without_member", "name": "uId"}), (200, 0)),
        (json!({"kind": "null_member", "name": "uId"}), (200, 0)),
        (json!({"kind": "set_value", "pointer": "/errorNumber", "value": 1}), (200, 0)),
        (json!({"kind": "set_value", "pointer": "/size", "value": 77}), (200, 0)),
        (json!({"kind": "first", "act": {"kind": "set_legacy_tokens", "legacy": true}}), (403, 9647)),
    ] {
        tester.post("/faults", json!({"endpoint": "assets", "fault": fault})).await;
        assert_eq!(verdict(&tester.fixture.get(ASSETS)), expected, "{fault}");
    }
    tester.fixture.simulator.set_legacy_tokens(&tester.fixture.location.uid, false).unwrap();
    for fault in [
        json!({"kind": "html", "status": 503}),
        json!({"kind": "redirect", "status": 302, "to": "https://x"}),
        json!({"kind": "request_lost"}),
        json!({"kind": "answer_lost"}),
        json!({"kind": "truncated_json"}),
        json!({"kind": "oversized_body", "mebibytes": 1}),
        json!({"kind": "slow_reply", "milliseconds": 1}),
    ] {
        tester.post("/faults", json!({"fault": fault, "always": true, "after": 1, "page": 2})).await;
    }

    assert_eq!(tester.fixture.simulator.waiting_faults(), 7);
    assert_eq!(tester.ask("DELETE", "/faults", Value::Null).await, (200, json!({})));
    assert_eq!(tester.fixture.simulator.waiting_faults(), 0);
}

#[tokio::test]
async fn events_are_planned_listed_held_and_run() {
    let tester = TesterFixture::new().await;
    let fixture = &tester.fixture;
    let never = json!({"kind": "event", "plan": {"delay": {"kind": "never"}}});
    tester.post("/faults", json!({"fault": never, "times": 2})).await;
    let [first, second] =
        ["A", "B"].map(|device| fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &[device])));
    let answer = tester.get("/events").await;
    assert_eq!(answer["events"][1]["id"], second.as_str());
    assert_eq!(
        (&answer["events"][0]["event"], &answer["events"][0]["status"]),
        (&json!("associate"), &json!("pending"))
    );
    tester.post("/events/run", json!({"id": second.as_str()})).await;
    assert_eq!(fixture.assignments(""), [(101, "B".to_owned())]);
    tester.post("/events/postpone", json!({"id": first.as_str(), "seconds": 60})).await;
    tester.post("/clock/advance", json!({"seconds": 59})).await;
    tester.post("/events/hold", json!({"id": first.as_str()})).await;
    tester.post("/clock/advance", json!({"seconds": 60})).await;
    assert_eq!(tester.post("/events/run_all", json!({"order": "newest_first"})).await["run"], 1);
    assert_eq!(fixture.assignments("").len(), 2);
    assert_eq!(tester.ask("POST", "/events/run", json!({"id": "x"})).await.0, 404);
    assert_eq!(fixture.simulator.run_events(EventOrder::OldestFirst), 0);
}

#[tokio::test]
async fn settings_are_told_in_the_form_in_which_they_are_written() {
    let tester = TesterFixture::new().await;
    let all = tester.get("/settings").await;
    tester.post("/settings", all.clone()).await;
    assert_eq!(tester.get("/settings").await, all);
    let wanted = json!({
        "page_capacity": 3, "token_errors": "documented", "rate_judged": "always", "rate_limited_status": 200,
        "events": {
            "delay": {"kind": "after", "milliseconds": 500}, "steps": 4, "visible_after_milliseconds": 7,
            "failing": [{"number": 9603, "holders": {"serial_numbers": ["A"]}}],
            "dropped": {"client_user_ids": ["ada"]}, "all_fail": null
        },
        "flagging": {"kind": "on", "requests": 9, "within_milliseconds": 1000},
        "notifications_lost_every": 2, "deliver_to": "http://127.0.0.1:9000",
        "limits": {"max_assets": 2, "max_users": null}
    });
    tester.post("/settings", wanted.clone()).await;
    let answer = tester.get("/settings").await;
    for (name, value) in wanted.as_object().unwrap() {
        match (name.as_str(), value) {
            ("limits", _) => assert_eq!(
                (&answer["limits"]["max_assets"], &answer["limits"]["max_users"]),
                (&json!(2), &Value::Null)
            ),
            ("events", _) => {
                assert_eq!(answer["events"]["failing"][0]["holders"]["serial_numbers"], json!(["A"]));
            }
            _ => assert_eq!(answer[name], *value, "{name}"),
        }
    }
    for wrong in [
        json!({"page_capacity": 0}),
        json!({"limits": {"max_apples": 1}}),
        json!({"unknown": 1}),
        json!({"deliver_to": "x"}),
    ] {
        assert_eq!(tester.ask("POST", "/settings", wrong.clone()).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_reset_brings_everything_back_and_the_old_token_opens_it() {
    let tester = TesterFixture::new().await;
    let fresh = tester.fixture.get(ASSETS).body;
    tester.post("/settings", json!({"page_capacity": 2})).await;
    tester.post("/portal/buy", json!({"asset": {"adam_id": "9000000104"}, "seats": 5})).await;
    tester.post("/portal/change_password", json!({})).await;
    tester.post("/clock/advance", json!({"seconds": 100_000_000})).await;
    tester.post("/faults", json!({"fault": {"kind": "request_lost"}})).await;

    tester.post("/reset", Value::Null).await;

    assert_eq!(tester.get("/log").await["requests"], json!([]));
    assert_eq!(tester.fixture.get(ASSETS).body, fresh);
    assert_eq!(tester.get("/clock").await["now"], "2027-03-01T10:00:00Z");
}

#[tokio::test]
async fn the_log_shows_requests_and_notifications_can_be_taken() {
    let tester = TesterFixture::new().await;
    let body = json!({
        "notificationUrl": "https://mdm.example.org/aab", "notificationAuthToken": "k3y",
        "notificationTypes": ["ASSET_COUNT"]
    });
    tester.fixture.post(CLIENT_CONFIG, &body);
    let log = tester.get("/log").await;
    assert_eq!(log["requests"][0]["endpoint"], "write_client_config");
    assert!(!log.to_string().contains("k3y"));
    tester.post("/portal/buy", json!({"asset": {"adam_id": "9000000104"}, "seats": 5})).await;
    let taken = tester.post("/notifications/take", Value::Null).await["notifications"].clone();
    assert_eq!(
        (&taken[0]["bearer"], &taken[0]["body"]["notification"]["countDelta"]),
        (&json!("k3y"), &json!(5))
    );
    assert_eq!(taken.as_array().unwrap().len(), 1);
    assert_eq!(tester.ask("DELETE", "/log", Value::Null).await.0, 200);
    assert_eq!(tester.fixture.simulator.requests().len(), 0);
}

#[tokio::test]
async fn a_refused_request_is_answered_with_an_error_text() {
    let tester = TesterFixture::new().await;
    for (method, path, body, status, word) in [
        ("GET", "/nowhere", Value::Null, 404, "no such path"),
        ("GET", "/portal/buy", Value::Null, 404, "no such path"),
        ("POST", "/portal/steal", json!({}), 400, "unknown variant"),
        ("POST", "/portal/buy", json!({"asset": {"adam_id": "x"}, "seats": 1}), 400, "`x` is no id"),
        ("POST", "/portal/buy", json!({"asset": {"adam_id": "1"}, "seats": 1}), 409, "lists no app"),
        (
            "POST",
            "/portal/buy",
            json!({"asset": {"adam_id": "1"}, "seats": 1, "price": 2}),
            400,
            "unknown field",
        ),
        ("POST", "/portal/revoke_token", json!({"token": "4"}), 400, "`4` is no id"),
        ("POST", "/faults", json!({"fault": {"kind": "gremlin"}}), 400, "unknown variant"),
        ("POST", "/faults", json!({"fault": {"kind": "request_lost", "x": 1}}), 400, "unknown field"),
        ("POST", "/clock/advance", json!({}), 400, "seconds"),
    ] {
        let (answer, value) = tester.ask(method, path, body).await;
        assert!(
            answer == status && value["error"].as_str().unwrap().contains(word),
            "{path} {answer} {value}"
        );
    }

    let paths = tester.get("/").await;

    assert!(paths.as_array().unwrap().iter().any(|line| line["door"] == "POST /faults"));
}
