//! Waits, measured in virtual time with a transport of the embedder's own.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mdm_vpp_adapters::{
    apple::{AppleClient, AppleLicenseService, AppleSettings},
    http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport},
};
use mdm_vpp_ports::{AssetList, Clock, LicenseService, ServiceError, ServiceErrorKind, fake::ManualClock};
use tokio::time::Instant;

use crate::harness::{NOON, client_config, failed, token};

/// Answers the service config, and then what it is told to.
struct Scripted(Mutex<VecDeque<Result<HttpResponse, HttpFailure>>>);

#[async_trait]
impl HttpTransport for Scripted {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if request.url().ends_with("/service/config") {
            return Ok(HttpResponse::new(200, "{}"));
        }
        self.0.lock().unwrap().pop_front().unwrap()
    }
}

fn licenses(answers: Vec<Result<HttpResponse, HttpFailure>>) -> AppleLicenseService {
    let mut settings = AppleSettings::default();
    settings.retry.jitter = 0.0;
    let clock = ManualClock::at(DateTime::from_timestamp(NOON, 0).unwrap());
    let client = AppleClient::new(settings, Arc::new(Scripted(Mutex::new(answers.into()))), Arc::new(clock));
    AppleLicenseService::new(Arc::new(client.unwrap()))
}

fn asks_to_wait(status: u16, wait: &str) -> Result<HttpResponse, HttpFailure> {
    let mut response = HttpResponse::new(status, "");
    response.retry_after = Some(wait.to_owned());
    Ok(response)
}

fn good() -> Result<HttpResponse, HttpFailure> {
    Ok(HttpResponse::new(200, client_config().to_string()))
}

async fn seconds_until_good(answers: Vec<Result<HttpResponse, HttpFailure>>) -> f64 {
    let start = Instant::now();
    licenses(answers).client_config(&token()).await.unwrap();
    // The timer of the runtime has a grain of a millisecond.
    (start.elapsed().as_secs_f64() * 100.0).round() / 100.0
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept_exactly_in_both_forms() {
    assert_eq!(seconds_until_good(vec![asks_to_wait(503, "7"), good()]).await, 7.0);
    let date = "Sun, 01 Mar 2026 12:00:20 GMT";
    assert_eq!(seconds_until_good(vec![asks_to_wait(429, date), good()]).await, 20.0);
    let twice = vec![asks_to_wait(503, "7"), asks_to_wait(503, "9"), good()];
    assert_eq!(seconds_until_good(twice).await, 16.0);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_that_asks_to_wait_is_followed_after_the_wait() {
    let mut redirect = asks_to_wait(302, "3").unwrap();
    redirect.location = Some("/elsewhere".to_owned());
    assert_eq!(seconds_until_good(vec![Ok(redirect), good()]).await, 3.0);
}

/// A clock that goes with the runtime's virtual time.
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(NOON, 0).unwrap() + self.0.elapsed()
    }
}

/// Answers by page, each in order, and remembers when it was asked.
struct Pages {
    start: Instant,
    answers: Mutex<BTreeMap<&'static str, VecDeque<HttpResponse>>>,
    sent: Mutex<Vec<(&'static str, u64)>>,
}

#[async_trait]
impl HttpTransport for Pages {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if request.url().ends_with("/service/config") {
            return Ok(HttpResponse::new(200, "{}"));
        }
        let page = ["=1", "=2"].into_iter().find(|page| request.url().ends_with(page)).unwrap_or("=0");
        self.sent.lock().unwrap().push((page, self.start.elapsed().as_secs()));
        Ok(self.answers.lock().unwrap().get_mut(page).unwrap().pop_front().unwrap())
    }
}

/// Reads three pages; gives the outcome, and which page was asked for at which second.
async fn read_three_pages(
    second: Vec<HttpResponse>,
    third: Vec<HttpResponse>,
) -> (Result<AssetList, ServiceError>, Vec<(&'static str, u64)>) {
    let start = Instant::now();
    let first = HttpResponse::new(200, r#"{"assets":[],"nextPageIndex":1,"totalPages":3}"#);
    let answers = BTreeMap::from([("=0", vec![first].into()), ("=1", second.into()), ("=2", third.into())]);
    let pages = Arc::new(Pages { start, answers: Mutex::new(answers), sent: Mutex::default() });
    let client = AppleClient::new(AppleSettings::default(), pages.clone(), Arc::new(VirtualClock(start)));
    let outcome = AppleLicenseService::new(Arc::new(client.unwrap())).assets(&token()).await;
    let sent = pages.sent.lock().unwrap().clone();
    (outcome, sent)
}

#[tokio::test(start_paused = true)]
async fn a_page_that_asks_to_wait_holds_the_pages_beside_it() {
    let good = |body: &str| HttpResponse::new(200, body);
    let second = vec![asks_to_wait(503, "7").unwrap(), good(r#"{"assets":[],"nextPageIndex":2}"#)];
    let (outcome, sent) = read_three_pages(second, vec![good(r#"{"assets":[]}"#)]).await;
    outcome.unwrap();
    assert_eq!(sent, [("=0", 0), ("=1", 0), ("=1", 7), ("=2", 7)]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_asks_for_a_long_wait_ends_the_pages_beside_it() {
    let (outcome, sent) =
        read_three_pages(vec![HttpResponse::new(503, "")], vec![asks_to_wait(503, "120").unwrap()]).await;
    assert!(failed(outcome).retry_after.unwrap() > Duration::from_secs(110));
    assert_eq!(sent, [("=0", 0), ("=1", 0), ("=2", 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_that_asks_for_a_long_wait_ends_the_call() {
    let mut redirect = asks_to_wait(302, "120").unwrap();
    redirect.location = Some("/elsewhere".to_owned());
    let start = Instant::now();
    let error = failed(licenses(vec![Ok(redirect)]).client_config(&token()).await);
    assert_eq!(error.retry_after, Some(Duration::from_secs(120)));
    assert_eq!(error.code(), "http_status");
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// Never answers.
struct Silent;

#[async_trait]
impl HttpTransport for Silent {
    async fn send(&self, _: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_has_an_end_and_so_has_a_call() {
    for (request, call, ends) in [(60, 600, 243), (3_600, 600, 600)] {
        let mut settings = AppleSettings::default();
        settings.request_timeout = Duration::from_secs(request);
        settings.call_timeout = Duration::from_secs(call);
        settings.retry.jitter = 0.0;
        let start = Instant::now();
        let client = AppleClient::new(settings, Arc::new(Silent), Arc::new(VirtualClock(start)));
        let error = failed(AppleLicenseService::new(Arc::new(client.unwrap())).client_config(&token()).await);
        assert_eq!(error.kind, ServiceErrorKind::TimedOut { after: Duration::from_secs(request.min(call)) });
        assert_eq!(start.elapsed().as_secs(), ends);
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_waits_5_then_15_then_30_seconds() {
    let limited = || Ok(HttpResponse::new(200, r#"{"errorNumber":9646}"#));
    assert_eq!(seconds_until_good(vec![limited(), limited(), limited(), good()]).await, 50.0);
}

#[tokio::test(start_paused = true)]
async fn each_failure_of_a_transport_has_its_kind() {
    let of = |failure: HttpFailure| async move {
        let answers = std::iter::repeat_with(|| Err(failure.clone())).take(4).collect();
        failed(licenses(answers).client_config(&token()).await).kind
    };
    let after = Duration::from_secs(10);
    assert_eq!(of(HttpFailure::TimedOut { after }).await, ServiceErrorKind::TimedOut { after });
    assert_eq!(of(HttpFailure::BrokenOff { received: 7 }).await, ServiceErrorKind::Truncated { length: 7 });
    assert_eq!(of(HttpFailure::TooLarge).await, ServiceErrorKind::TooLarge { limit: 32 * 1024 * 1024 });
    let reason = format!("bad header {}\n", token().expose());
    let ServiceErrorKind::Unreachable { reason } = of(HttpFailure::Unreachable { reason }).await else {
        panic!()
    };
    assert_eq!(reason, "bad header [token]");
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_ignores_the_limit_is_not_believed() {
    let large = HttpResponse::new(200, vec![b' '; 32 * 1024 * 1024 + 1]);
    let error = failed(licenses(vec![Ok(large)]).client_config(&token()).await);
    assert_eq!(error.code(), "too_large");
}
