//! Too many requests: in a second, and for the inventory.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_simulator::{FlaggingRule, RateJudged, Request, RetryAfter};
use serde_json::json;

use crate::scene::{ASSETS, ASSIGNMENTS, CLIENT_CONFIG, STATUS, Scene, USERS, verdict};

fn judged(judged: RateJudged) -> Scene {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.rate_limit.judged = judged);
    scene
}

/// How many of so many requests at one moment are answered.
fn answered(scene: &Scene, requests: usize) -> usize {
    (0..requests).filter(|_| verdict(&scene.get(CLIENT_CONFIG)).1 == 0).count()
}

#[test]
fn fifteen_requests_fit_into_a_second_and_the_next_is_9646() {
    let scene = judged(RateJudged::Always);
    assert_eq!(answered(&scene, 20), 15);
    assert_eq!(verdict(&scene.get(ASSETS)), (429, 9646));
    assert_eq!(scene.get(ASSETS).header("retry-after"), None);
    scene.simulator.advance(TimeDelta::milliseconds(200));
    assert_eq!(answered(&scene, 20), 3, "virtual time refills");
    scene.simulator.advance(TimeDelta::seconds(10));
    assert_eq!(answered(&scene, 20), 15, "and no more than a second is saved up");
}

#[test]
fn all_tokens_of_a_location_share_its_second_and_service_config_has_none() {
    let scene = judged(RateJudged::Always);
    let other = scene.simulator.renew_token(&scene.location.uid).unwrap();
    assert_eq!(answered(&scene, 15), 15);
    assert_eq!(verdict(&scene.get_with(ASSETS, &other.file)), (429, 9646));
    assert_eq!(verdict(&scene.get_with(ASSETS, "e30=")), (200, 9622), "who is not known is not counted");
    assert_eq!(scene.simulator.handle(Request::get("/mdm/v2/service/config")).status, 200);
}

#[test]
fn the_answer_can_have_status_200_and_say_when_to_come_back() {
    let scene = judged(RateJudged::Always);
    scene.simulator.change_settings(|settings| {
        settings.rate_limit.status = 200;
        settings.rate_limit.retry_after = RetryAfter::Seconds(2);
    });
    answered(&scene, 15);
    let refused = scene.get(ASSETS);
    assert_eq!((verdict(&refused), refused.header("retry-after")), ((200, 9646), Some("2")));
    assert_eq!(refused.value().unwrap()["uId"], scene.location.uid.as_str());
}

#[test]
fn a_limit_changed_at_run_time_is_enforced() {
    let scene = judged(RateJudged::Always);
    scene.simulator.change_limits(|limits| limits.max_requests_per_second = Some(2));
    assert_eq!(answered(&scene, 5), 2);
    scene.simulator.change_settings(|settings| settings.rate_limit.judged = RateJudged::Never);
    assert_eq!(answered(&scene, 5), 5);
}

#[test]
fn unless_told_otherwise_the_limit_holds_while_time_runs_and_not_while_it_stands() {
    let scene = judged(RateJudged::default());
    assert_eq!(answered(&scene, 100), 100);
    scene.simulator.use_system_clock();
    assert!(answered(&scene, 1000) < 1000);
}

#[test]
fn a_token_that_reads_too_much_at_once_is_revoked_and_no_other() {
    let scene = Scene::new();
    let other = scene.simulator.renew_token(&scene.location.uid).unwrap();
    let rule = FlaggingRule { requests: 3, within: Duration::from_secs(60) };
    scene.simulator.change_settings(|settings| settings.flagging = Some(rule));
    for path in [ASSETS, ASSIGNMENTS, CLIENT_CONFIG, CLIENT_CONFIG, STATUS, USERS] {
        assert_ne!(verdict(&scene.get(path)).1, 9625, "{path}");
    }
    assert_eq!(verdict(&scene.get(ASSETS)), (200, 9625));
    scene.simulator.advance(TimeDelta::days(1));
    assert_eq!(verdict(&scene.get(CLIENT_CONFIG)), (200, 9625), "for good");
    assert_eq!(verdict(&scene.get_with(ASSETS, &other.file)), (200, 0));
}

#[test]
fn reads_spread_over_time_are_no_crime_and_lookups_count() {
    let scene = Scene::new();
    let rule = FlaggingRule { requests: 2, within: Duration::from_secs(60) };
    scene.simulator.change_settings(|settings| settings.flagging = Some(rule));
    for _ in 0..10 {
        assert_eq!(verdict(&scene.get(ASSETS)), (200, 0));
        scene.simulator.advance(TimeDelta::seconds(30));
    }
    let target =
        "/WebObjects/MZStorePlatform.woa/wa/lookup?p=mdm-lockup&platform=enterprisestore&cc=de&id=9000000105";
    let look = || {
        let reply = scene.simulator.handle(Request::get(target).itvt(&scene.location.token_file));
        reply.value().unwrap()["results"].clone()
    };
    scene.simulator.advance(TimeDelta::seconds(60));
    assert!(look() != json!({}) && look() != json!({}));
    assert_eq!((look(), verdict(&scene.get(CLIENT_CONFIG))), (json!({}), (200, 9625)));
}
