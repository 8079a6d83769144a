//! The way of a request through the simulator, cut where the outside world is asked.

use chrono::{DateTime, Utc};

use crate::door::{Answer, Circumstances, Route, answer, identity, route, sent_token, test_notification};
use crate::faults::{self, Suffered};
use crate::log::{LogEntry, without_secrets};
use crate::notifications::Notification;
use crate::request::Request;
use crate::response::Response;
use crate::simulator::Simulator;
use crate::wire;

/// A request that was taken in and is not answered yet.
pub(crate) struct Begun {
    request: Request,
    route: Route,
    suffered: Suffered,
    now: DateTime<Utc>,
    /// The answer of a fault in place of the service's own.
    instead: Option<Answer>,
    /// What the MDM has to answer well before the request is carried out.
    pub(crate) test: Option<Notification>,
}

impl Simulator {
    /// Takes a request in: what is due happens, faults and hooks strike.
    pub(crate) fn begin(&self, request: Request) -> Begun {
        let route = route(&request);
        let page = wire::page_index(&request.query);
        // Hooks and edits run without the lock, so that they may use the whole handle.
        let suffered = self.lock().faults.take(route.endpoint(), page);
        for hook in &suffered.first {
            (hook.0)(self);
        }
        let mut service = self.lock();
        let now = service.clock.now();
        service.catch_up(now);
        let instead = suffered.fault.as_ref().and_then(|fault| faults::instead(fault, &service, now));
        let test =
            if instead.is_none() { test_notification(&mut service, route, &request, now) } else { None };
        Begun { request, route, suffered, now, instead, test }
    }

    /// Answers a request that was taken in. `reached` says how the test notification went.
    pub(crate) fn finish(&self, begun: Begun, reached: bool) -> Response {
        let Begun { request, route, suffered, now, instead, test: _ } = begun;
        let (mut answered, known) = {
            let mut service = self.lock();
            let circumstances = Circumstances { plan: suffered.plan, reached };
            let answered =
                instead.unwrap_or_else(|| answer(&mut service, route, &request, circumstances, now));
            service.catch_up(now);
            (answered, identity(&service, &request))
        };
        if let Some(fault) = &suffered.fault {
            faults::alter(fault, &mut answered);
        }
        let lost = answered.response.delivery.lost;
        let token_sent = sent_token(&request).is_some();
        let entry = LogEntry {
            at: now,
            endpoint: route.endpoint(),
            method: request.method,
            path: request.path,
            query: without_secrets(&request.query),
            status: (!lost).then_some(answered.response.status),
            error: answered.error.filter(|_| !lost),
            uid: None,
            token: None,
            token_sent,
        };
        let mut service = self.lock();
        let capacity = service.settings.log_capacity;
        service.log.record(entry.of_token(known), capacity);
        answered.response
    }
}
