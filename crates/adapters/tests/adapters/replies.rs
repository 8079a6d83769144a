//! Answers that are none.

use std::time::Duration;

use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber};
use mdm_vpp_ports::{LicenseService, ServiceErrorKind};
use serde_json::json;

use crate::{
    harness::{Bench, CLIENT_CONFIG, TOKEN, client_config, failed, licenses_at, token},
    server::{self, Canned},
};

async fn kind(canned: Canned) -> ServiceErrorKind {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [canned]);
    failed(bench.licenses.client_config(&token()).await).kind
}

#[tokio::test]
async fn an_error_with_status_200_is_an_error() {
    for (status, number, class) in [
        (200, 9625, ErrorClass::TokenRefused),
        (200, 9621, ErrorClass::TokenExpired),
        (401, 9625, ErrorClass::TokenRefused),
        (500, 9602, ErrorClass::PermanentRequest),
    ] {
        let kind = kind(Canned::error(status, number)).await;
        let ServiceErrorKind::Apple { error, http_status, .. } = kind else { panic!("{kind:?}") };
        assert_eq!((error.number, error.class(http_status)), (Some(ErrorNumber(number)), class));
        assert_eq!(http_status, status);
    }
}

#[tokio::test]
async fn each_broken_answer_has_its_own_kind() {
    assert!(matches!(kind(Canned::text(200, "<html>")).await, ServiceErrorKind::NotJson { status: 200, .. }));
    assert!(matches!(kind(Canned::text(200, "")).await, ServiceErrorKind::NotJson { status: 200, .. }));
    assert_eq!(kind(Canned::text(200, r#"{"uId":"20490"#)).await, ServiceErrorKind::Truncated { length: 13 });
    assert!(matches!(kind(Canned::text(404, "{}")).await, ServiceErrorKind::HttpStatus { status: 404, .. }));
    for (body, found) in
        [(json!({}), "it is missing"), (json!({"uId": null}), "it is null"), (json!({"uId": ""}), "")]
    {
        match kind(Canned::json(body)).await {
            ServiceErrorKind::UnexpectedReply { member, found: reported } => {
                assert_eq!(member, "uId");
                assert!(reported.starts_with(found), "{reported}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_quoted_answer_cannot_forge_a_log_line() {
    let page = format!("<html>\r\n\u{1b}[2JERROR all licenses lost{}", "x".repeat(500));
    let ServiceErrorKind::NotJson { excerpt, .. } = kind(Canned::text(503, page)).await else { panic!() };
    assert_eq!(excerpt.chars().count(), 200);
    assert!(!excerpt.contains(char::is_control));
}

#[tokio::test]
async fn a_body_of_40_mib_is_not_read() {
    let limit = 32 * 1024 * 1024;
    let large = vec![b' '; 40 * 1024 * 1024];
    assert_eq!(kind(Canned::text(200, large)).await, ServiceErrorKind::TooLarge { limit });
    assert_eq!(kind(Canned::endless()).await, ServiceErrorKind::TooLarge { limit });
    let announced = server::answering("HTTP/1.1 200 OK\r\ncontent-length: 41943040\r\n\r\n{").await;
    let announced = failed(licenses_at(announced).client_config(&token()).await);
    assert_eq!(announced.kind, ServiceErrorKind::TooLarge { limit });
}

#[tokio::test]
async fn a_body_as_large_as_the_limit_is_read() {
    let body = client_config().to_string();
    let bench = Bench::start_with(|settings| settings.largest_body = 1000).await;
    let padded = |length: usize| Canned::text(200, format!("{body}{}", " ".repeat(length - body.len())));
    bench.server.on(CLIENT_CONFIG, [padded(1000), padded(1001)]);
    bench.licenses.client_config(&token()).await.unwrap();
    let error = failed(bench.licenses.client_config(&token()).await);
    assert_eq!(error.kind, ServiceErrorKind::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn an_answer_that_never_comes_times_out() {
    let patience = Duration::from_millis(50);
    let bench = Bench::start_with(|settings| {
        settings.request_timeout = patience;
        settings.retry.attempts = 2;
    })
    .await;
    bench.server.on(CLIENT_CONFIG, [Canned::never()]);
    let error = failed(bench.licenses.client_config(&token()).await);
    assert_eq!(error.kind, ServiceErrorKind::TimedOut { after: patience });
    assert_eq!(bench.server.asked(CLIENT_CONFIG).len(), 2);
}

#[tokio::test]
async fn a_lost_connection_and_a_cut_body_are_told_apart() {
    let refused = failed(licenses_at(server::unused_address().await).client_config(&token()).await);
    assert!(matches!(refused.kind, ServiceErrorKind::Unreachable { .. }), "{refused}");
    let hung_up = failed(licenses_at(server::answering("").await).client_config(&token()).await);
    assert!(matches!(hung_up.kind, ServiceErrorKind::Unreachable { .. }), "{hung_up}");
    let cut = server::answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"uId\":").await;
    let cut = failed(licenses_at(cut).client_config(&token()).await);
    assert_eq!(cut.kind, ServiceErrorKind::Truncated { length: 7 });
    let garbage =
        failed(licenses_at(server::answering("SMTP ready\r\n\r\n").await).client_config(&token()).await);
    assert!(matches!(garbage.kind, ServiceErrorKind::Unreachable { .. }), "{garbage}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_reached_over_https() {
    let plain = server::answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let https = plain.replace("http://", "https://");
    let error = failed(licenses_at(https).client_config(&token()).await);
    assert!(matches!(error.kind, ServiceErrorKind::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn an_echoed_token_is_in_no_error() {
    let echoes = [
        Canned::text(400, format!("<p>cannot parse header Authorization: Bearer {TOKEN}</p>")),
        Canned::text(400, format!("{}{TOKEN}", " x".repeat(90))),
        Canned::json(json!({"errorNumber": 9722, "errorMessage": format!("bad header Bearer {TOKEN}")})),
        Canned::json(json!({"request": {"authorization": TOKEN}})).status(400),
        Canned::redirect(302, format!("https://evil.example/{TOKEN}?token={TOKEN}")),
    ];
    for canned in echoes {
        kind(canned).await;
    }
}
