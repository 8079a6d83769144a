//! A call of the assignment service sends its request at most once, and says when it certainly did not.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp_adapters::http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport};
use mdm_vpp_core::seats::EventId;
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentService, AssignmentsQuery, LicenseService, NotificationSecret, ServiceError,
    ServiceErrorKind, Subscription, UsersQuery, fake::ManualClock,
};
use serde_json::json;

use crate::{
    assignments::{accepted, associating, creating, users},
    harness::{Bench, CLIENT_CONFIG, SERVICE_CONFIG, client_config, failed, quick, service_config, token},
    server::{self, Canned, Server},
};

const ASSOCIATE: &str = "/mdm/v2/assets/associate";

async fn associate(bench: &Bench) -> Result<AcceptedEvent, ServiceError> {
    bench.assignments.manage_assets(&token(), &associating(users(&["9d1e"]))).await
}

fn subscription() -> Subscription {
    Subscription {
        url: "https://mdm.example.org/aab/7d3f".into(),
        bearer: NotificationSecret::new("c2VjcmV0IG9mIG91cnM").unwrap(),
        types: ["ASSET_COUNT".to_owned()].into(),
    }
}

/// All calls, whatever they answer.
async fn every_call(bench: &Bench) -> Vec<ServiceError> {
    let (service, token) = (&bench.assignments, token());
    vec![
        failed(service.assignments(&token, &AssignmentsQuery::default()).await),
        failed(associate(bench).await),
        failed(service.revoke_assets(&token, &users(&["9d1e"])).await),
        failed(service.event(&token, &EventId::new("0b7b6c1e").unwrap()).await),
        failed(service.users(&token, &UsersQuery::default()).await),
        failed(service.manage_users(&token, &creating()).await),
        failed(service.subscribe(&token, &subscription()).await),
    ]
}

fn paths() -> [String; 6] {
    ["assignments", "assets/associate", "assets/revoke", "status", "users", "users/create"]
        .map(|path| format!("/mdm/v2/{path}"))
}

#[tokio::test]
async fn no_failure_is_tried_again() {
    for canned in [
        Canned::error(500, 9603),
        Canned::error(200, 9646),
        Canned::error(429, 9646),
        Canned::text(503, ""),
        Canned::text(200, "<html>"),
        Canned::text(200, "{\"eventId"),
    ] {
        let bench = Bench::start().await;
        for path in paths() {
            bench.server.on(&path, [canned.clone()]);
        }
        bench.server.on(CLIENT_CONFIG, [canned]);
        let failures = every_call(&bench).await;
        assert_eq!(bench.client.requests_sent(), 1 + 7, "{failures:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_for_a_location_that_was_asked_to_wait() {
    for status in [429, 503] {
        let bench = Bench::start().await;
        bench
            .server
            .on(ASSOCIATE, [Canned::text(status, "").header("retry-after", "120"), Canned::json(accepted())]);
        let reported = failed(associate(&bench).await);
        assert_eq!(reported.retry_after, Some(Duration::from_secs(120)));
        assert_eq!(reported.may_have_arrived(), status == 503, "429 is a refusal, 503 is not");
        let sent = bench.client.requests_sent();
        bench.clock.advance(TimeDelta::seconds(100));
        for held in every_call(&bench).await {
            assert_eq!((held.code(), held.retry_after), ("not_sent", Some(Duration::from_secs(20))));
            assert!(!held.may_have_arrived() && held.refusal().is_none());
        }
        assert!(failed(bench.licenses.client_config(&token()).await).retry_after.is_some());
        assert_eq!(bench.client.requests_sent(), sent);
        bench.clock.advance(TimeDelta::seconds(20));
        associate(&bench).await.unwrap();
    }
}

#[tokio::test]
async fn a_stop_of_the_other_service_holds_it_too() {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::error(503, 9729).header("retry-after", "3600")]);
    failed(bench.licenses.client_config(&token()).await);
    assert_eq!(failed(associate(&bench).await).code(), "not_sent");
    assert!(bench.server.asked(ASSOCIATE).is_empty());
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent_and_a_lost_one_may_have_carried_it() {
    for (base, code, arrived) in [
        (server::unused_address().await, "not_sent", false),
        (server::answering("").await.replace("http://", "https://"), "not_sent", false),
        ("http://localhost:1/mdm/v2".to_owned(), "not_sent", false),
        (server::answering("").await, "unreachable", true),
        (server::answering("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{").await, "truncated", true),
    ] {
        let server = Server::start().await;
        let elsewhere = json!({"urls": {"associateAssets": format!("{base}/assets/associate")}});
        server.on(SERVICE_CONFIG, [Canned::json(elsewhere)]);
        let bench = Bench::around(server, |_| {});
        let error = failed(associate(&bench).await);
        assert_eq!((error.code(), error.may_have_arrived()), (code, arrived), "{base}: {error}");
        assert_eq!(error.call, "associating assets");
    }
}

#[tokio::test]
async fn without_a_service_config_nothing_was_sent() {
    for canned in [
        Canned::text(503, "").header("retry-after", "60"),
        Canned::error(400, 9602),
        Canned::text(200, "<html>"),
    ] {
        let server = Server::start().await;
        server.on(SERVICE_CONFIG, [canned]);
        let bench = Bench::around(server, |_| {});
        let error = failed(associate(&bench).await);
        assert_eq!((error.call, error.code()), ("associating assets", "not_sent"));
        assert!(error.to_string().contains("reading the service config"), "{error}");
        assert_eq!(bench.client.requests_sent(), 1, "neither is the service config tried again");
    }
    let server = Server::start().await;
    server.on(SERVICE_CONFIG, [Canned::json(json!({"urls": {"associateAssets": "https://evil.example/"}}))]);
    let bench = Bench::around(server, |_| {});
    let error = failed(associate(&bench).await);
    assert_eq!((error.code(), error.may_have_arrived()), ("address_refused", false));
    assert_eq!(bench.client.requests_sent(), 1);
}

#[tokio::test]
async fn behind_a_redirect_that_leads_nowhere_it_may_have_arrived() {
    let unused = server::unused_address().await;
    for target in ["https://evil.example/steal", unused.as_str()] {
        let bench = Bench::start().await;
        bench.server.on(ASSOCIATE, [Canned::redirect(302, target)]);
        let error = failed(associate(&bench).await);
        assert!(matches!(error.kind, ServiceErrorKind::HttpStatus { status: 302, .. }), "{error}");
        assert!(error.to_string().contains(target), "{error}");
        assert!(error.may_have_arrived());
    }
    let bench = Bench::start().await;
    bench.server.on(ASSOCIATE, [Canned::redirect(307, "/moved")]);
    bench.server.on("/moved", [Canned::json(accepted())]);
    associate(&bench).await.unwrap();
    assert!(!bench.server.asked("/moved")[0].body.is_empty());
}

#[tokio::test]
async fn the_service_config_and_the_request_share_one_time_limit() {
    let patience = Duration::from_millis(80);
    let server = Server::start().await;
    server.on(SERVICE_CONFIG, [Canned::never()]);
    let bench = Bench::around(server, |settings| settings.request_timeout = patience);
    let error = failed(associate(&bench).await);
    assert_eq!((error.code(), error.may_have_arrived()), ("not_sent", false));

    let bench = Bench::start_with(|settings| settings.request_timeout = patience).await;
    bench.server.on(ASSOCIATE, [Canned::never()]);
    let error = failed(associate(&bench).await);
    assert_eq!(error.kind, ServiceErrorKind::TimedOut { after: patience });
    assert!(error.may_have_arrived());
    assert_eq!(bench.server.asked(ASSOCIATE).len(), 1);
}

#[tokio::test]
async fn neither_secret_is_in_an_error() {
    let secret = subscription().bearer.expose().to_owned();
    let echo = format!("bad {secret} and Bearer {}", token().expose());
    for canned in [
        Canned::json(json!({"errorNumber": 9711, "errorMessage": echo})),
        Canned::text(400, echo.clone()),
        Canned::json(json!({"echo": echo})).status(500),
    ] {
        let bench = Bench::start().await;
        bench.server.on(CLIENT_CONFIG, [canned]);
        let error = failed(bench.assignments.subscribe(&token(), &subscription()).await);
        assert!(!format!("{error} {error:?}").contains(&secret[..12]), "{error:?}");
    }
    let bench = Bench::start().await;
    let event = json!({"eventStatus": "FAILED", "failures": [{"errorNumber": 9603, "errorMessage": echo}]});
    bench.server.on("/mdm/v2/status", [Canned::json(event)]);
    let report = bench.assignments.event(&token(), &EventId::new("0b7b6c1e").unwrap()).await.unwrap();
    crate::harness::assert_secretless(&format!("{report:?}"));
}

#[tokio::test]
async fn a_subscription_is_told_with_its_secret_and_answered_with_the_client_config() {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    let config = bench.assignments.subscribe(&token(), &subscription()).await.unwrap();
    assert_eq!(config.location.name, "Example GmbH");
    let asked = &bench.server.asked(CLIENT_CONFIG)[0];
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(body["notificationAuthToken"], json!("c2VjcmV0IG9mIG91cnM"));
}

/// Says about every request but the service config what it is told to.
struct Says(HttpFailure);

#[async_trait]
impl HttpTransport for Says {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        match request.url().ends_with("/service/config") {
            true => Ok(HttpResponse::new(200, "{}")),
            false => Err(self.0.clone()),
        }
    }
}

#[tokio::test]
async fn a_transport_of_the_embedder_can_tell_that_nothing_was_sent() {
    let reason = || "no route".to_owned();
    for (failure, code) in [
        (HttpFailure::NotSent { reason: reason() }, "not_sent"),
        (HttpFailure::Unreachable { reason: reason() }, "unreachable"),
    ] {
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        let mut settings = quick("https://vpp.itunes.apple.com/mdm/v2");
        settings.retry.attempts = 1;
        let client = mdm_vpp_adapters::apple::AppleClient::new(settings, Arc::new(Says(failure)), clock);
        let client = Arc::new(client.unwrap());
        let order = associating(users(&["9d1e"]));
        let error = failed(client.assignment_service().manage_assets(&token(), &order).await);
        assert_eq!(error.code(), code);
        let error = failed(client.license_service().client_config(&token()).await);
        assert_eq!(error.code(), "unreachable", "the license service sends again and tells how it went");
    }
}

#[tokio::test]
async fn its_addresses_are_those_of_the_service_config() {
    let server = Server::start().await;
    let mut config = service_config(&server);
    config["urls"]["associateAssets"] = json!(server.url("/v3/give"));
    server.on(SERVICE_CONFIG, [Canned::json(config)]).on("/v3/give", [Canned::json(accepted())]);
    let bench = Bench::around(server, |_| {});
    associate(&bench).await.unwrap();
    associate(&bench).await.unwrap();
    assert_eq!((bench.server.asked("/v3/give").len(), bench.client.requests_sent()), (2, 3));
}
