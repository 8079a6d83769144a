//! The request log: enough to judge a client, and no secret.

use mdm_vpp_simulator::{Endpoint, ErrorNumber, Fault, FaultRule, Request};
use serde_json::json;

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture, morning};

#[test]
fn a_request_is_logged_with_its_answer_and_the_location_it_was_for() {
    let fixture = Fixture::new();
    fixture.get(&format!("{ASSETS}?pageIndex=9"));
    let log = fixture.simulator.requests();
    assert_eq!(log.len(), 1);
    let entry = &log[0];
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str(), entry.query.as_str()),
        ("GET", ASSETS, "pageIndex=9")
    );
    assert_eq!((entry.status, entry.error), (Some(400), Some(ErrorNumber::PAGE_OUT_OF_RANGE)));
    assert_eq!(
        (entry.uid.as_ref(), entry.token),
        (Some(&fixture.location.uid), Some(fixture.location.token))
    );
    assert_eq!((entry.at, entry.endpoint), (morning(), Some(Endpoint::Assets)));
}

#[test]
fn no_secret_is_logged_wherever_a_client_sent_it() {
    let fixture = Fixture::new();
    let token = &fixture.location.token_file;
    fixture.get(ASSETS);
    fixture.post(
        CLIENT_CONFIG,
        &json!({"notificationUrl": "https://x.example.org", "notificationAuthToken": "canary-key"}),
    );
    fixture.simulator.handle(Request::get("/WebObjects/MZStorePlatform.woa/wa/lookup?id=1").itvt(token));
    fixture.simulator.handle(Request::get(&format!("{ASSETS}?sToken={token}")));
    fixture.simulator.handle(Request::get(&format!("{ASSETS}?pageIndex=1&adamId={token}")));
    let log = format!("{:?}", fixture.simulator.requests());

    assert!(log.contains("/mdm/v2/assets"), "the search itself works");
    assert!(!log.contains(token.trim_end_matches('=')));
    assert!(!log.contains("canary-key"));
}

#[test]
fn requests_are_counted_per_endpoint_and_can_be_forgotten() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.log_capacity = 2);
    for _ in 0..3 {
        fixture.get(ASSETS);
    }
    fixture.post(CLIENT_CONFIG, &json!({}));
    assert_eq!(fixture.simulator.count(Endpoint::Assets), 3);
    assert_eq!(fixture.simulator.count(Endpoint::WriteClientConfig), 1);
    assert_eq!(fixture.simulator.count(Endpoint::ReadClientConfig), 0);
    assert_eq!(fixture.simulator.requests().len(), 2, "the oldest are gone");
    fixture.simulator.clear_requests();
    assert_eq!((fixture.simulator.count(Endpoint::Assets), fixture.simulator.requests().len()), (0, 0));
}

#[test]
fn a_lost_answer_is_logged_without_a_status() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(Fault::AnswerLost));

    assert!(fixture.get(ASSETS).delivery.lost);
    assert_eq!(fixture.simulator.requests()[0].status, None);
}

#[test]
fn an_unknown_token_is_logged_as_sent_but_not_known() {
    let fixture = Fixture::new();
    fixture.get_with(ASSETS, "e30=");
    fixture.simulator.handle(Request::get(ASSETS));
    let log = fixture.simulator.requests();

    assert_eq!((log[0].token_sent, log[0].token), (true, None));
    assert_eq!((log[1].token_sent, log[1].token), (false, None));
}
