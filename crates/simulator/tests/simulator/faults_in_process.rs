//! Faults in-process: which requests they strike, and what they leave behind.

use std::time::Duration;

use mdm_vpp_simulator::{Endpoint, ErrorNumber, Fault, FaultRule, RetryAfter};
use serde_json::json;

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture, verdict};

fn revoked() -> Fault {
    Fault::Error(ErrorNumber::new(9646))
}

#[test]
fn a_fault_hits_the_next_requests_of_its_endpoint_and_no_others() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, revoked()).times(2));

    assert_eq!(verdict(&fixture.get(CLIENT_CONFIG)), (200, 0));
    assert_eq!(verdict(&fixture.get(ASSETS)), (429, 9646));
    assert_eq!(verdict(&fixture.get(ASSETS)), (429, 9646));
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 0));
    assert_eq!(fixture.simulator.waiting_faults(), 0);
}

#[test]
fn a_fault_can_let_requests_pass_first_and_can_stay_until_cleared() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(revoked()).after(1).always());
    let numbers: Vec<_> = (0..4).map(|_| verdict(&fixture.get(ASSETS)).1).collect();
    assert_eq!(numbers, [0, 9646, 9646, 9646]);
    fixture.simulator.clear_faults();
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 0));
}

#[test]
fn two_faults_for_the_same_request_strike_one_after_the_other() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(revoked()));
    fixture.simulator.inject(FaultRule::new(Fault::ErrorInOkBody(ErrorNumber::INTERNAL)));

    let verdicts: Vec<_> = (0..3).map(|_| verdict(&fixture.get(ASSETS))).collect();

    assert_eq!(verdicts, [(429, 9646), (200, 9603), (200, 0)]);
}

#[test]
fn a_lost_request_changes_nothing_and_a_lost_answer_has_changed_everything() {
    let fixture = Fixture::new();
    let claim = json!({"mdmInfo": {"id": "1", "name": "n", "metadata": "m"}});
    fixture.simulator.inject(FaultRule::new(Fault::RequestLost));
    assert!(fixture.post(CLIENT_CONFIG, &claim).delivery.lost);
    assert_eq!(fixture.simulator.claim(&fixture.location.uid).unwrap(), None);
    fixture.simulator.inject(FaultRule::new(Fault::AnswerLost));
    assert!(fixture.post(CLIENT_CONFIG, &claim).delivery.lost);
    assert!(fixture.simulator.claim(&fixture.location.uid).unwrap().is_some());
}

#[test]
fn a_reply_can_lack_a_member_have_a_null_or_be_changed_at_will() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(Fault::without_member("uId")));
    assert_eq!(fixture.reply(ASSETS).get("uId"), None);
    fixture.simulator.inject(FaultRule::new(Fault::null_member("mdmInfo")));
    assert_eq!(fixture.reply(ASSETS).get("mdmInfo"), Some(&json!(null)));
    fixture
        .simulator
        .inject(FaultRule::new(Fault::edit_json(|body| body["assets"][0]["totalCount"] = json!(-1))));
    assert_eq!(fixture.reply(ASSETS)["assets"][0]["totalCount"], -1);
}

#[test]
fn a_busy_service_says_when_to_come_back_in_seconds_or_as_a_date() {
    let fixture = Fixture::new();
    let busy = |status, retry_after| {
        fixture.simulator.inject(FaultRule::new(Fault::Busy { status, retry_after }));
        let reply = fixture.get(ASSETS);
        (verdict(&reply), reply.header("retry-after").map(str::to_owned))
    };
    assert_eq!(busy(429, RetryAfter::Seconds(7)), ((429, 9646), Some("7".to_owned())));
    assert_eq!(busy(503, RetryAfter::Unsaid), ((503, 9729), None));
    let date = RetryAfter::DateIn(Duration::from_secs(90));
    assert_eq!(busy(503, date), ((503, 9729), Some("Mon, 01 Mar 2027 10:01:30 GMT".to_owned())));
    assert!(busy(503, RetryAfter::DateIn(Duration::MAX)).1.is_some());
}

#[test]
fn truncated_json_is_half_of_the_reply() {
    let fixture = Fixture::new();
    let whole = fixture.get(ASSETS).body;
    fixture.simulator.inject(FaultRule::new(Fault::TruncatedJson));

    let reply = fixture.get(ASSETS);

    assert_eq!(reply.body, whole[..whole.len() / 2]);
    assert!(reply.value().is_err());
}

#[test]
fn a_hook_may_use_the_whole_simulator_and_lets_the_request_through() {
    let fixture = Fixture::new();
    let token = fixture.location.token;
    fixture.simulator.inject(FaultRule::new(Fault::first(move |simulator| {
        simulator.revoke_token(token).unwrap();
        simulator.inject(FaultRule::new(Fault::RequestLost));
    })));

    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9625));
    assert!(fixture.get(ASSETS).delivery.lost);
}
