//! Limits on requests: per second of a location, and for the inventory of a token.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_simulator::{FlaggingRule, RateJudged, Request, RetryAfter};
use serde_json::json;

use crate::fixture::{ASSETS, ASSIGNMENTS, CLIENT_CONFIG, Fixture, STATUS, USERS, verdict};

fn judged(judged: RateJudged) -> Fixture {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.rate_limit.judged = judged);
    fixture
}

/// The number of requests that are answered, of a given number at one moment.
fn answered(fixture: &Fixture, requests: usize) -> usize {
    (0..requests).filter(|_| verdict(&fixture.get(CLIENT_CONFIG)).1 == 0).count()
}

#[test]
fn fifteen_requests_fit_into_a_second_and_the_next_is_9646() {
    let fixture = judged(RateJudged::Always);
    assert_eq!(answered(&fixture, 20), 15);
    assert_eq!(verdict(&fixture.get(ASSETS)), (429, 9646));
    assert_eq!(fixture.get(ASSETS).header("retry-after"), None);
    fixture.simulator.advance(TimeDelta::milliseconds(200));
    assert_eq!(answered(&fixture, 20), 3, "virtual time refills");
    fixture.simulator.advance(TimeDelta::seconds(10));
    assert_eq!(answered(&fixture, 20), 15, "and no more than a second is saved up");
}

#[test]
fn all_tokens_of_a_location_share_its_second_and_service_config_has_none() {
    let fixture = judged(RateJudged::Always);
    let other = fixture.simulator.renew_token(&fixture.location.uid).unwrap();

    assert_eq!(answered(&fixture, 15), 15);
    assert_eq!(verdict(&fixture.get_with(ASSETS, &other.file)), (429, 9646));
    assert_eq!(verdict(&fixture.get_with(ASSETS, "e30=")), (200, 9622), "an unknown token is not counted");
    assert_eq!(fixture.simulator.handle(Request::get("/mdm/v2/service/config")).status, 200);
}

#[test]
fn the_answer_can_have_status_200_and_say_when_to_come_back() {
    let fixture = judged(RateJudged::Always);
    fixture.simulator.change_settings(|settings| {
        settings.rate_limit.status = 200;
        settings.rate_limit.retry_after = RetryAfter::Seconds(2);
    });
    answered(&fixture, 15);

    let refused = fixture.get(ASSETS);

    assert_eq!((verdict(&refused), refused.header("retry-after")), ((200, 9646), Some("2")));
    assert_eq!(refused.value().unwrap()["uId"], fixture.location.uid.as_str());
}

#[test]
fn a_limit_changed_at_run_time_is_enforced() {
    let fixture = judged(RateJudged::Always);
    fixture.simulator.change_limits(|limits| limits.max_requests_per_second = Some(2));
    assert_eq!(answered(&fixture, 5), 2);
    fixture.simulator.change_settings(|settings| settings.rate_limit.judged = RateJudged::Never);
    assert_eq!(answered(&fixture, 5), 5);
}

#[test]
fn by_default_the_limit_holds_while_time_runs_and_not_while_it_stands() {
    let fixture = judged(RateJudged::default());
    assert_eq!(answered(&fixture, 100), 100);
    fixture.simulator.use_system_clock();
    assert!(answered(&fixture, 1000) < 1000);
}

#[test]
fn a_token_that_reads_too_much_at_once_is_revoked_and_no_other() {
    let fixture = Fixture::new();
    let other = fixture.simulator.renew_token(&fixture.location.uid).unwrap();
    let rule = FlaggingRule { requests: 3, within: Duration::from_secs(60) };
    fixture.simulator.change_settings(|settings| settings.flagging = Some(rule));
    for path in [ASSETS, ASSIGNMENTS, CLIENT_CONFIG, CLIENT_CONFIG, STATUS, USERS] {
        assert_ne!(verdict(&fixture.get(path)).1, 9625, "{path}");
    }
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9625));
    fixture.simulator.advance(TimeDelta::days(1));
    assert_eq!(verdict(&fixture.get(CLIENT_CONFIG)), (200, 9625), "for good");
    assert_eq!(verdict(&fixture.get_with(ASSETS, &other.file)), (200, 0));
}

#[test]
fn reads_spread_over_time_revoke_no_token_and_lookups_count() {
    let fixture = Fixture::new();
    let rule = FlaggingRule { requests: 2, within: Duration::from_secs(60) };
    fixture.simulator.change_settings(|settings| settings.flagging = Some(rule));
    for _ in 0..10 {
        assert_eq!(verdict(&fixture.get(ASSETS)), (200, 0));
        fixture.simulator.advance(TimeDelta::seconds(30));
    }
    let target =
        "/WebObjects/MZStorePlatform.woa/wa/lookup?p=mdm-lockup&platform=enterprisestore&cc=de&id=9000000105";
    let found = || {
        let reply = fixture.simulator.handle(Request::get(target).itvt(&fixture.location.token_file));
        reply.value().unwrap()["results"].clone()
    };

    fixture.simulator.advance(TimeDelta::seconds(60));

    assert!(found() != json!({}) && found() != json!({}));
    assert_eq!((found(), verdict(&fixture.get(CLIENT_CONFIG))), (json!({}), (200, 9625)));
}
