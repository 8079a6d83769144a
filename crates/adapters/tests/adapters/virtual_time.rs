//! Waits, measured in virtual time with a transport of the host's own.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mdm_vpp_adapters::{
    apple::{AppleClient, AppleLicenseService, AppleSettings},
    http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport},
};
use mdm_vpp_ports::{Clock, LicenseService, Trouble, twin::ManualClock};
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

/// Three pages: the second asks to wait 7 s before the third was asked for.
struct Pages {
    start: Instant,
    sent: Mutex<Vec<(&'static str, Duration)>>,
}

#[async_trait]
impl HttpTransport for Pages {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if request.url().ends_with("/service/config") {
            return Ok(HttpResponse::new(200, "{}"));
        }
        let page = ["pageIndex=1", "pageIndex=2"].into_iter().find(|page| request.url().ends_with(page));
        let page = page.unwrap_or("pageIndex=0");
        let mut sent = self.sent.lock().unwrap();
        let first = sent.iter().all(|(earlier, _)| *earlier != page);
        sent.push((page, self.start.elapsed()));
        match (page, first) {
            ("pageIndex=0", _) => {
                Ok(HttpResponse::new(200, r#"{"assets":[],"nextPageIndex":1,"totalPages":3}"#))
            }
            ("pageIndex=1", true) => asks_to_wait(503, "7"),
            ("pageIndex=1", false) => Ok(HttpResponse::new(200, r#"{"assets":[],"nextPageIndex":2}"#)),
            _ => Ok(HttpResponse::new(200, r#"{"assets":[]}"#)),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_asks_to_wait_holds_the_pages_beside_it() {
    let start = Instant::now();
    let pages = Arc::new(Pages { start, sent: Mutex::default() });
    let client = AppleClient::new(AppleSettings::default(), pages.clone(), Arc::new(VirtualClock(start)));
    AppleLicenseService::new(Arc::new(client.unwrap())).assets(&token()).await.unwrap();
    let sent = pages.sent.lock().unwrap().clone();
    let whole: Vec<_> = sent.iter().map(|(page, at)| (*page, at.as_secs())).collect();
    assert_eq!(whole, [("pageIndex=0", 0), ("pageIndex=1", 0), ("pageIndex=1", 7), ("pageIndex=2", 7)]);
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_waits_5_then_15_then_30_seconds() {
    let limited = || Ok(HttpResponse::new(200, r#"{"errorNumber":9646}"#));
    assert_eq!(seconds_until_good(vec![limited(), limited(), limited(), good()]).await, 50.0);
}

#[tokio::test(start_paused = true)]
async fn what_a_transport_says_becomes_trouble() {
    let of = |failure: HttpFailure| async move {
        let answers = std::iter::repeat_with(|| Err(failure.clone())).take(4).collect();
        failed(licenses(answers).client_config(&token()).await).trouble
    };
    let after = Duration::from_secs(10);
    assert_eq!(of(HttpFailure::TimedOut { after }).await, Trouble::TimedOut { after });
    assert_eq!(of(HttpFailure::BrokenOff { received: 7 }).await, Trouble::Truncated { length: 7 });
    assert_eq!(of(HttpFailure::TooLarge).await, Trouble::TooLarge { limit: 32 * 1024 * 1024 });
    let reason = format!("bad header {}\n", token().expose());
    let Trouble::Unreachable { reason } = of(HttpFailure::Unreachable { reason }).await else { panic!() };
    assert_eq!(reason, "bad header [token]");
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_ignores_the_limit_is_not_believed() {
    let large = HttpResponse::new(200, vec![b' '; 32 * 1024 * 1024 + 1]);
    let error = failed(licenses(vec![Ok(large)]).client_config(&token()).await);
    assert_eq!(error.code(), "too_large");
}
