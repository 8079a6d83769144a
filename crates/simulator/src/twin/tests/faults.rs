//! Faults of the transport and of a busy service, as the caller sees them.

use std::time::{Duration, Instant};

use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber as Number};
use mdm_vpp_ports::{LicenseService, ServiceErrorKind};

use super::scene::{Scene, claim};
use crate::{Endpoint, ErrorNumber, Fault, FaultRule, RetryAfter};

#[tokio::test]
async fn a_lost_request_and_a_lost_answer_are_unreachable_and_only_the_answer_was_carried_out() {
    let scene = Scene::new();
    for (fault, carried_out) in [(Fault::RequestLost, false), (Fault::AnswerLost, true)] {
        scene.simulator.inject(FaultRule::new(fault));
        let error = scene.apple.claim(&scene.token, &claim("Example", "host")).await.unwrap_err();
        assert_eq!((error.call, error.code()), ("claiming the location", "unreachable"));
        assert_eq!(scene.simulator.claim(&scene.location.uid).unwrap().is_some(), carried_out);
    }
}

#[tokio::test]
async fn a_slow_reply_has_timed_out_without_waiting_and_was_carried_out() {
    let scene = Scene::new();
    let (delay, before) = (Duration::from_secs(3600), Instant::now());
    scene.simulator.inject(FaultRule::new(Fault::SlowReply { delay }));
    let error = scene.apple.claim(&scene.token, &claim("Example", "host")).await.unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::TimedOut { after: delay });
    assert!(before.elapsed() < Duration::from_secs(60));
    assert!(scene.simulator.claim(&scene.location.uid).unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_reply_says_what_it_is() {
    let scene = Scene::new();
    let oversized = scene.struck_by(Fault::OversizedBody { mebibytes: 40 }).await;
    assert_eq!(oversized.kind, ServiceErrorKind::TooLarge { limit: 40 * 1024 * 1024 });

    let html = scene.struck_by(Fault::Html { status: 502 }).await.kind;
    let ServiceErrorKind::NotJson { status: 502, excerpt } = &html else { panic!("{html:?}") };
    assert!(excerpt.contains("temporarily unavailable") && excerpt.len() <= 200, "{excerpt}");

    let half = scene.struck_by(Fault::TruncatedJson).await.kind;
    assert!(matches!(half, ServiceErrorKind::Truncated { length } if length > 100), "{half:?}");

    let list = scene.struck_by(Fault::edit_json(|body| *body = serde_json::json!([1]))).await.kind;
    assert!(
        matches!(&list, ServiceErrorKind::NotJson { status: 200, excerpt } if excerpt == "[1]"),
        "{list:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_refused_and_its_query_is_not_shown() {
    let scene = Scene::new();
    let to = format!("https://elsewhere.example.org/a/{}?token=canary", scene.location.token_file);
    let refused = scene.struck_by(Fault::Redirect { status: 307, to }).await;
    let ServiceErrorKind::AddressRefused { url, .. } = &refused.kind else { panic!("{refused:?}") };
    assert_eq!(url, "https://elsewhere.example.org/a/[token]");
}

#[tokio::test]
async fn a_busy_service_says_when_to_come_back_and_never_more_than_a_day() {
    let scene = Scene::new();
    let day = Duration::from_secs(86_400);
    for (status, said, class, heard) in [
        (429, RetryAfter::Seconds(7), ErrorClass::RateLimited, Some(Duration::from_secs(7))),
        (503, RetryAfter::Unsaid, ErrorClass::Transient, None),
        (503, RetryAfter::Seconds(0), ErrorClass::Transient, None),
        (
            503,
            RetryAfter::DateIn(Duration::from_secs(90)),
            ErrorClass::Transient,
            Some(Duration::from_secs(90)),
        ),
        (503, RetryAfter::DateIn(Duration::MAX), ErrorClass::Transient, Some(day)),
        (429, RetryAfter::Seconds(u32::MAX), ErrorClass::RateLimited, Some(day)),
    ] {
        let error = scene.struck_by(Fault::Busy { status, retry_after: said }).await;
        assert_eq!(error.retry_after(), heard, "{said:?}");
        let ServiceErrorKind::Apple(apple) = &error.kind else { panic!("{error:?}") };
        assert_eq!((apple.http_status, apple.class), (status, class));
    }
}

#[tokio::test]
async fn nothing_is_sent_again() {
    let scene = Scene::new();
    let error = scene.struck_by(Fault::Error(ErrorNumber::INTERNAL)).await;
    assert_eq!((error.number(), error.is_retryable()), (Some(Number(9603)), true));
    assert_eq!(scene.simulator.count(Endpoint::ReadClientConfig), 1);
    assert!(scene.apple.client_config(&scene.token).await.is_ok(), "and the next call works");
}

#[tokio::test]
async fn a_list_that_shrinks_between_two_pages_fails_with_the_number_and_is_not_begun_again() {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.page_capacity = 5.try_into().unwrap());
    let many = 500.try_into().unwrap();
    let shrink = Fault::first(move |apple| apple.change_settings(|settings| settings.page_capacity = many));
    scene.simulator.inject(FaultRule::at(Endpoint::Assets, shrink).on_page(1));
    let error = scene.apple.assets(&scene.token).await.unwrap_err();
    assert_eq!(error.number(), Some(Number(9650)));
    assert_eq!(scene.simulator.count(Endpoint::Assets), 2);
}
