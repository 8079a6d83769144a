//! The network between the adapters and the simulated service, in one process.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp_adapters::http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport};
use mdm_vpp_ports::{Clock, fake::ManualClock};
use mdm_vpp_simulator::{EventPlan, Request, Response, Simulator};

use crate::{Chance, Fault, Faults};

/// Carries requests to the simulated service in virtual time, and loses some.
pub(crate) struct Network {
    pub(crate) simulator: Simulator,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    /// Whether the process that sends has died. From then on no request of it leaves.
    pub(crate) dead: Arc<AtomicBool>,
}

impl Network {
    fn fault(&self) -> Option<Fault> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        if self.chance.percent(faults.percent) { self.chance.one(&faults.of_requests).copied() } else { None }
    }

    /// Draws how long the next event takes, so that a later event may end before an earlier one.
    fn draw_event(&self) {
        let most = self.faults.lock().unwrap_or_else(PoisonError::into_inner).event_seconds;
        let takes = Duration::from_secs(self.chance.below(most.saturating_add(1)));
        self.simulator.change_settings(|settings| settings.events = EventPlan::usual().after(takes));
    }

    /// Lets the time pass that a message travels, on both clocks.
    fn travel(&self) {
        let most = self.faults.lock().unwrap_or_else(PoisonError::into_inner).latency;
        let milliseconds = i64::try_from(self.chance.below(most)).unwrap_or_default();
        self.clock.advance(TimeDelta::milliseconds(milliseconds));
        let behind = self.faults.lock().unwrap_or_else(PoisonError::into_inner).behind;
        self.simulator.set_now(self.clock.now() + behind);
    }
}

#[async_trait]
impl HttpTransport for Network {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let lost = || Err(HttpFailure::Unreachable { reason: "the connection was lost".to_owned() });
        if self.dead.load(Ordering::SeqCst) {
            return lost();
        }
        let fault = self.fault();
        self.travel();
        match fault {
            Some(Fault::RequestLost) => return lost(),
            Some(Fault::Html) => return Ok(HttpResponse::new(502, "<html>bad gateway</html>")),
            Some(Fault::Unavailable) => return Ok(HttpResponse::new(503, "")),
            Some(Fault::RateLimited) => return Ok(limited(None)),
            Some(Fault::RetryAfter) => return Ok(limited(Some("7"))),
            Some(Fault::AnswerLost | Fault::AnswerCut) | None => {}
        }
        self.draw_event();
        let answer = self.simulator.handle(asked(request));
        self.travel();
        match fault {
            Some(Fault::AnswerLost) => lost(),
            Some(Fault::AnswerCut) => {
                let half = answer.body.len() / 2;
                Ok(HttpResponse::new(answer.status, answer.body.get(..half).unwrap_or_default()))
            }
            _ if answer.delivery.lost => lost(),
            _ => Ok(answered(&answer)),
        }
    }
}

fn limited(retry_after: Option<&str>) -> HttpResponse {
    let body = r#"{"errorNumber":9646,"errorMessage":"too many requests"}"#;
    let mut response = HttpResponse::new(429, body);
    response.retry_after = retry_after.map(str::to_owned);
    response
}

/// Converts a request of the adapters to one of the simulated service.
#[must_use]
pub fn asked(request: &HttpRequest) -> Request {
    let url = request.url();
    let target = url.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |path| format!("/{path}"));
    let mut asked = Request::new(request.method().as_str(), &target);
    for header in request.headers() {
        asked = asked.header(header.name(), header.value());
    }
    match request.body() {
        Some(body) => asked.body(body),
        None => asked,
    }
}

/// Converts an answer of the simulated service to one of the adapters.
#[must_use]
pub fn answered(answer: &Response) -> HttpResponse {
    let mut response = HttpResponse::new(answer.status, answer.body.clone());
    response.retry_after = answer.header("retry-after").map(str::to_owned);
    response.location = answer.header("location").map(str::to_owned);
    response
}
