//! One request from beginning to end, cut where the MDM is asked to answer a test notification.

use chrono::{DateTime, Utc};

use super::faults::Suffered;
use super::handle::Simulator;
use crate::endpoints::{Answer, Circumstances, Route, answer, test_notification};
use crate::model::{LogEntry, Notification, without_secrets};
use crate::wire::{Request, Response, page_index};

/// A request that was taken in and is not answered yet.
pub(crate) struct Begun {
    request: Request,
    route: Route,
    suffered: Suffered,
    now: DateTime<Utc>,
    /// The answer of a fault in place of the service's own.
    instead: Option<Answer>,
    /// The test notification that the MDM has to answer well before the request is carried out.
    pub(crate) test: Option<Notification>,
}

impl Simulator {
    /// Takes a request in: hooks run, the service catches up with the time, faults strike.
    pub(crate) fn begin(&self, request: Request) -> Begun {
        let route = Route::of(&request);
        // Hooks run while nothing is locked, because they may use the whole handle.
        let suffered = self.faults().take(route.endpoint(), page_index(&request.query));
        for hook in &suffered.first {
            (hook.0)(self);
        }
        let mut service = self.lock();
        let now = service.catch_up_with_clock();
        let instead = suffered.fault.as_ref().and_then(|fault| fault.instead(&service, now));
        // Asked for before the request is carried out, because the MDM's answer decides whether it is granted.
        let test =
            if instead.is_none() { test_notification(&mut service, route, &request, now) } else { None };
        Begun { request, route, suffered, now, instead, test }
    }

    /// Answers a request that was taken in. `reached` says whether the MDM answered the test notification well.
    pub(crate) fn finish(&self, begun: Begun, reached: bool) -> Response {
        let Begun { request, route, suffered, now, instead, test: _ } = begun;
        let (mut answered, known) = {
            let mut service = self.lock();
            let circumstances = Circumstances { plan: suffered.plan, reached };
            let answered =
                instead.unwrap_or_else(|| answer(&mut service, route, &request, circumstances, now));
            // An event without delay is finished before its request is answered.
            service.catch_up(now);
            let token = request.token().and_then(|sent| service.token(sent));
            (answered, token.map(|token| (token.location.clone(), token.id)))
        };
        // Edits run while nothing is locked, as hooks do.
        if let Some(fault) = &suffered.fault {
            fault.alter(&mut answered.response);
        }
        let lost = answered.response.delivery.lost;
        let token_sent = request.token().is_some();
        let (uid, token) = known.unzip();
        let entry = LogEntry {
            at: now,
            endpoint: route.endpoint(),
            method: request.method,
            path: request.path,
            query: without_secrets(&request.query),
            status: (!lost).then_some(answered.response.status),
            error: answered.error.filter(|_| !lost),
            uid,
            token,
            token_sent,
        };
        let mut service = self.lock();
        let capacity = service.settings.log_capacity;
        service.log.record(entry, capacity);
        answered.response
    }
}
