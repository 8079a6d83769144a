//! Faults as a client over HTTP meets them.

use std::time::{Duration, Instant};

use mdm_vpp_simulator::{Endpoint, Fault, FaultRule, RetryAfter, SimulatorServer};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::fixture::{Fixture, client, with_server};

async fn assets_with(fault: Fault) -> (Fixture, SimulatorServer, reqwest::Result<Response>) {
    let (fixture, server) = with_server().await;
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, fault));
    let reply = client()
        .get(format!("{}/assets", server.base_url()))
        .bearer_auth(&fixture.location.token_file)
        .send()
        .await;
    (fixture, server, reply)
}

#[tokio::test]
async fn a_connection_is_closed_without_a_reply() {
    for fault in [Fault::RequestLost, Fault::AnswerLost] {
        let (fixture, server, reply) = assets_with(fault).await;
        let error = reply.unwrap_err();
        assert!(error.is_request() && error.status().is_none(), "{error:?}");
        assert_eq!(fixture.simulator.count(Endpoint::Assets), 1);
        let next = client()
            .get(format!("{}/assets", server.base_url()))
            .bearer_auth(&fixture.location.token_file)
            .send()
            .await;
        assert_eq!(next.unwrap().status(), StatusCode::OK, "the next request is served again");
    }
}

#[tokio::test]
async fn an_edge_server_answers_with_a_page_for_people() {
    let (_scene, _server, reply) = assets_with(Fault::Html { status: 503 }).await;
    let reply = reply.unwrap();

    assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(reply.json::<Value>().await.is_err());
}

#[tokio::test]
async fn a_truncated_reply_arrives_whole_as_far_as_http_is_concerned() {
    let (_scene, _server, reply) = assets_with(Fault::TruncatedJson).await;
    let body = reply.unwrap().bytes().await.unwrap();

    assert!(body.starts_with(b"{") && serde_json::from_slice::<Value>(&body).is_err());
}

#[tokio::test]
async fn an_oversized_body_is_as_long_as_asked_for_and_still_json() {
    let (_scene, _server, reply) = assets_with(Fault::OversizedBody { mebibytes: 12 }).await;
    let body = reply.unwrap().bytes().await.unwrap();

    assert!(body.len() > 12 * 1024 * 1024);
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["size"], 9);
}

#[tokio::test]
async fn a_redirect_points_to_the_url_asked_for() {
    let to = "http://127.0.0.1:1/mdm/v2/assets".to_owned();
    let (_scene, _server, reply) = assets_with(Fault::Redirect { status: 307, to: to.clone() }).await;
    let reply = reply.unwrap();

    assert_eq!(reply.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(reply.headers()["location"].to_str().unwrap(), to);
}

#[tokio::test]
async fn a_redirect_to_what_is_no_header_does_not_break_the_server() {
    let (_scene, _server, reply) =
        assets_with(Fault::Redirect { status: 9999, to: "a\r\nb".to_owned() }).await;
    let reply = reply.unwrap();

    assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!reply.headers().contains_key("location"));
}

#[tokio::test]
async fn retry_after_reaches_the_client() {
    let (_scene, _server, reply) =
        assets_with(Fault::Busy { status: 429, retry_after: RetryAfter::Seconds(3) }).await;
    let reply = reply.unwrap();

    assert_eq!(
        (reply.status(), &reply.headers()["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &"3".parse().unwrap())
    );
}

#[tokio::test]
async fn a_slow_reply_comes_no_earlier_than_asked_for() {
    let delay = Duration::from_millis(40);
    let before = Instant::now();
    let (_scene, _server, reply) = assets_with(Fault::SlowReply { delay }).await;

    assert_eq!(reply.unwrap().status(), StatusCode::OK);
    assert!(before.elapsed() >= delay);
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_reply_that_takes_an_hour() {
    let (fixture, server) = with_server().await;
    let hour = Fault::SlowReply { delay: Duration::from_secs(3600) };
    fixture.simulator.inject(FaultRule::at(Endpoint::ServiceConfig, hour));
    let waiting = tokio::spawn(client().get(format!("{}/service/config", server.base_url())).send());
    while fixture.simulator.count(Endpoint::ServiceConfig) == 0 {
        tokio::task::yield_now().await;
    }
    server.stop().await;

    assert!(waiting.await.unwrap().is_err());
}
