//! The request log: enough to judge a client by, and no secret.

use mdm_vpp_simulator::{Endpoint, ErrorNumber, Fault, FaultRule, Request};
use serde_json::json;

use crate::scene::{ASSETS, CLIENT_CONFIG, Scene, morning};

#[test]
fn a_request_is_logged_with_its_answer_and_the_location_it_was_for() {
    let scene = Scene::new();
    scene.get(&format!("{ASSETS}?pageIndex=9"));
    let log = scene.simulator.requests();
    assert_eq!(log.len(), 1);
    let entry = &log[0];
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str(), entry.query.as_str()),
        ("GET", ASSETS, "pageIndex=9")
    );
    assert_eq!((entry.status, entry.error), (Some(400), Some(ErrorNumber::PAGE_OUT_OF_RANGE)));
    assert_eq!((entry.uid.as_ref(), entry.token), (Some(&scene.location.uid), Some(scene.location.token)));
    assert_eq!((entry.at, entry.endpoint), (morning(), Some(Endpoint::Assets)));
}

#[test]
fn no_secret_comes_into_the_log_wherever_it_was_sent() {
    let scene = Scene::new();
    let token = &scene.location.token_file;
    scene.get(ASSETS);
    scene.post(
        CLIENT_CONFIG,
        &json!({"notificationUrl": "https://x.example.org", "notificationAuthToken": "canary-key"}),
    );
    scene.simulator.handle(Request::get("/WebObjects/MZStorePlatform.woa/wa/lookup?id=1").itvt(token));
    scene.simulator.handle(Request::get(&format!("{ASSETS}?sToken={token}")));
    scene.simulator.handle(Request::get(&format!("{ASSETS}?pageIndex=1&adamId={token}")));
    let log = format!("{:?}", scene.simulator.requests());
    assert!(log.contains("/mdm/v2/assets"), "the search itself works");
    assert!(!log.contains(token.trim_end_matches('=')));
    assert!(!log.contains("canary-key"));
}

#[test]
fn requests_are_counted_per_endpoint_and_can_be_forgotten() {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.log_capacity = 2);
    for _ in 0..3 {
        scene.get(ASSETS);
    }
    scene.post(CLIENT_CONFIG, &json!({}));
    assert_eq!(scene.simulator.count(Endpoint::Assets), 3);
    assert_eq!(scene.simulator.count(Endpoint::WriteClientConfig), 1);
    assert_eq!(scene.simulator.count(Endpoint::ReadClientConfig), 0);
    assert_eq!(scene.simulator.requests().len(), 2, "the oldest are gone");
    scene.simulator.clear_requests();
    assert_eq!((scene.simulator.count(Endpoint::Assets), scene.simulator.requests().len()), (0, 0));
}

#[test]
fn a_lost_answer_is_logged_without_a_status() {
    let scene = Scene::new();
    scene.simulator.inject(FaultRule::new(Fault::AnswerLost));
    assert!(scene.get(ASSETS).delivery.lost);
    assert_eq!(scene.simulator.requests()[0].status, None);
}

#[test]
fn an_unknown_token_is_logged_as_sent_but_not_known() {
    let scene = Scene::new();
    scene.get_with(ASSETS, "e30=");
    scene.simulator.handle(Request::get(ASSETS));
    let log = scene.simulator.requests();
    assert_eq!((log[0].token_sent, log[0].token), (true, None));
    assert_eq!((log[1].token_sent, log[1].token), (false, None));
}
