//! Faults: what goes wrong, for which requests, and how often.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::handle::Simulator;
use crate::apple::{Endpoint, ErrorNumber};
use crate::endpoints::Answer;
use crate::service::Service;
use crate::settings::{EventPlan, RetryAfter};
use crate::wire::{EveryReply, HTML, Response};

/// The HTML page that an edge server answers with.
const HTML_PAGE: &[u8] = b"<!DOCTYPE html>\n<html><head><title>Service Unavailable</title></head>\n\
    <body><h1>The page you are looking for is temporarily unavailable.</h1></body></html>\n";

/// A change to a JSON reply before it is sent.
#[derive(Clone)]
pub struct JsonEdit(pub(crate) Arc<dyn Fn(&mut Value) + Send + Sync>);

/// An act on the simulator before it answers, such as a portal action between two pages.
#[derive(Clone)]
pub struct PortalHook(pub(crate) Arc<dyn Fn(&Simulator) + Send + Sync>);

impl fmt::Debug for JsonEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonEdit")
    }
}

impl fmt::Debug for PortalHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortalHook")
    }
}

/// A fault.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The request is refused with this number, in the form that the settings ask for.
    Error(ErrorNumber),
    /// The request is refused with this number and status 200.
    ErrorInOkBody(ErrorNumber),
    /// An HTML page instead of JSON, as an edge server sends it. The request is not carried out.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// 429, 503 or the like, perhaps with `Retry-After`. The body is an error 9646 for 429, 9729 otherwise. The request
    /// is not carried out.
    Busy {
        /// The HTTP status.
        status: u16,
        /// When to come back.
        retry_after: RetryAfter,
    },
    /// A redirect to another URL. The request is not carried out.
    Redirect {
        /// The HTTP status, such as 302 or 307.
        status: u16,
        /// The whole URL.
        to: String,
    },
    /// The connection is closed without a reply before the request was carried out.
    RequestLost,
    /// The request is carried out; then the connection is closed without a reply.
    AnswerLost,
    /// The request is carried out; half of the JSON arrives.
    TruncatedJson,
    /// The request is carried out; the reply is changed.
    EditJson(JsonEdit),
    /// The request is carried out; the reply is valid JSON of a given length, sent piece by piece.
    OversizedBody {
        /// Its length in MiB.
        mebibytes: u32,
    },
    /// The request is carried out; the reply waits.
    SlowReply {
        /// How long it waits.
        delay: Duration,
    },
    /// The request is carried out; the event that it begins runs as this plan says, not as the settings do. A request
    /// that begins no event is answered as usual.
    Event(EventPlan),
    /// The hook runs first; then the request is answered as usual, or suffers the next fault that matches.
    First(PortalHook),
}

impl Fault {
    /// A reply changed by a function.
    pub fn edit_json(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::EditJson(JsonEdit(Arc::new(edit)))
    }

    /// A reply without one of its members, named at the top level.
    pub fn without_member(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::edit_json(move |body| {
            body.as_object_mut().and_then(|members| members.remove(&name));
        })
    }

    /// A reply with null for one of its members, named at the top level; added when it was not there.
    pub fn null_member(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::edit_json(move |body| {
            body.as_object_mut().and_then(|members| members.insert(name.clone(), Value::Null));
        })
    }

    /// An act on the simulator before it answers.
    pub fn first(act: impl Fn(&Simulator) + Send + Sync + 'static) -> Self {
        Self::First(PortalHook(Arc::new(act)))
    }

    /// The answer in place of the service's own, which then is not asked; `None` for faults that spoil its answer.
    pub(crate) fn instead(&self, service: &Service, now: DateTime<Utc>) -> Option<Answer> {
        let html = |status, body: &[u8]| Answer::plain(Response::new(status, HTML, body.to_vec()));
        Some(match self {
            Self::Error(number) => Answer::refusal(service, *number, EveryReply::default()),
            Self::ErrorInOkBody(number) => Answer::refusal_with_status(200, *number, EveryReply::default()),
            Self::Html { status } => html(*status, HTML_PAGE),
            Self::Busy { status, retry_after } => {
                let number =
                    if *status == 429 { ErrorNumber::TOO_MANY_REQUESTS } else { ErrorNumber::UNAVAILABLE };
                let answer = Answer::refusal_with_status(*status, number, EveryReply::default());
                answer.with_header("retry-after", retry_after.header(now))
            }
            Self::Redirect { status, to } => html(*status, b"").with_header("location", Some(to.clone())),
            Self::RequestLost => Answer::plain(Response::lost()),
            Self::AnswerLost
            | Self::TruncatedJson
            | Self::EditJson(_)
            | Self::OversizedBody { .. }
            | Self::SlowReply { .. }
            | Self::Event(_)
            | Self::First(_) => return None,
        })
    }

    /// Spoils an answer; faults that answered in place of the service have done their work.
    pub(crate) fn alter(&self, response: &mut Response) {
        match self {
            Self::AnswerLost => *response = Response::lost(),
            Self::TruncatedJson => {
                let half = response.body.len() / 2;
                response.body.truncate(half);
            }
            Self::EditJson(edit) => {
                if let Ok(mut value) = response.value() {
                    (edit.0)(&mut value);
                    response.body = serde_json::to_vec(&value).unwrap_or_default();
                }
            }
            Self::OversizedBody { mebibytes } => response.delivery.padded_to_mebibytes = Some(*mebibytes),
            Self::SlowReply { delay } => response.delivery.delay = Some(*delay),
            Self::Error(_)
            | Self::ErrorInOkBody(_)
            | Self::Html { .. }
            | Self::Busy { .. }
            | Self::Redirect { .. }
            | Self::RequestLost
            | Self::Event(_)
            | Self::First(_) => {}
        }
    }
}

/// A fault with the requests that it is meant for; by default the next request to any endpoint.
#[derive(Clone, Debug)]
pub struct FaultRule {
    fault: Fault,
    endpoint: Option<Endpoint>,
    page: Option<i64>,
    skip: u64,
    times: u64,
}

impl FaultRule {
    /// This fault for the next request, whatever it is.
    pub fn new(fault: Fault) -> Self {
        Self { fault, endpoint: None, page: None, skip: 0, times: 1 }
    }

    /// This fault for the next request to an endpoint.
    pub fn at(endpoint: Endpoint, fault: Fault) -> Self {
        Self { endpoint: Some(endpoint), ..Self::new(fault) }
    }

    /// Only for requests of this page, counted from 0.
    #[must_use]
    pub fn on_page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Lets this number of matching requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// For this number of requests.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// For every request until faults are cleared.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    fn matches(&self, endpoint: Option<Endpoint>, page: i64) -> bool {
        (self.endpoint.is_none() || self.endpoint == endpoint) && self.page.is_none_or(|own| own == page)
    }
}

/// The rules that wait for requests, in the order in which they were injected.
#[derive(Debug, Default)]
pub(crate) struct FaultScript {
    rules: Vec<FaultRule>,
}

/// The hooks and faults that one request is to suffer.
#[derive(Debug, Default)]
pub(crate) struct Suffered {
    pub(crate) first: Vec<PortalHook>,
    pub(crate) plan: Option<EventPlan>,
    pub(crate) fault: Option<Fault>,
}

impl FaultScript {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        if rule.times > 0 {
            self.rules.push(rule);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// How many rules still wait for requests.
    pub(crate) fn waiting(&self) -> usize {
        self.rules.len()
    }

    /// Takes the hooks and faults of the next request: all hooks that match, the first event plan and the first other
    /// fault that do. Rules that come second wait for the request after it.
    pub(crate) fn take(&mut self, endpoint: Option<Endpoint>, page: i64) -> Suffered {
        let mut suffered = Suffered::default();
        for rule in self.rules.iter_mut().filter(|rule| rule.matches(endpoint, page)) {
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            match &rule.fault {
                Fault::First(hook) => suffered.first.push(hook.clone()),
                Fault::Event(_) if suffered.plan.is_some() => continue,
                Fault::Event(plan) => suffered.plan = Some(plan.clone()),
                _ if suffered.fault.is_some() => continue,
                fault => suffered.fault = Some(fault.clone()),
            }
            // The largest number stands for "always", so it is not counted down.
            if rule.times != u64::MAX {
                rule.times = rule.times.saturating_sub(1);
            }
        }
        self.rules.retain(|rule| rule.times > 0);
        suffered
    }
}
