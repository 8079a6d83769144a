//! The way of every request through the service: its route, its checks, its reply.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::authentication::{Access, authenticate, every_reply, flag, judge};
use super::{assignments, config, events, lists, lookup};
use crate::apple::{Endpoint, ErrorNumber};
use crate::service::Service;
use crate::settings::{EventPlan, Settings, SynchronousErrors};
use crate::wire::{ErrorInfo, ErrorReply, EventReply, EveryReply, Failure, JSON, Request, Response, TEXT};

/// The status of a request whose body is longer than the service reads (assumption).
const BODY_TOO_LARGE: u16 = 413;

/// The endpoint of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    To(Endpoint),
    /// The path exists, the method does not.
    WrongMethod(Endpoint),
    Nowhere,
}

impl Route {
    pub(crate) fn of(request: &Request) -> Self {
        let mut here = Endpoint::ALL.into_iter().filter(|endpoint| endpoint.path() == request.path);
        let Some(first) = here.clone().next() else { return Self::Nowhere };
        here.find(|endpoint| endpoint.method() == request.method).map_or(Self::WrongMethod(first), Self::To)
    }

    pub(crate) fn endpoint(self) -> Option<Endpoint> {
        match self {
            Self::To(endpoint) | Self::WrongMethod(endpoint) => Some(endpoint),
            Self::Nowhere => None,
        }
    }
}

/// An answer, and the error in it for the log.
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) error: Option<ErrorNumber>,
}

impl Answer {
    pub(crate) fn good(body: &impl Serialize) -> Self {
        Self { response: Response::json(200, JSON, body), error: None }
    }

    pub(crate) fn plain(response: Response) -> Self {
        Self { response, error: None }
    }

    /// An error in the form that the settings ask for.
    pub(crate) fn refusal(service: &Service, number: ErrorNumber, every_reply: EveryReply) -> Self {
        Self::refusal_with_status(http_status(&service.settings, number), number, every_reply)
    }

    pub(crate) fn refusal_with_status(status: u16, number: ErrorNumber, every_reply: EveryReply) -> Self {
        let failure = Failure { error_info: ErrorInfo::default(), code: number.into() };
        let body = ErrorReply { failure, every_reply };
        Self { response: Response::json(status, JSON, &body), error: Some(number) }
    }

    /// With one more header, if there is one.
    pub(crate) fn with_header(mut self, name: &str, value: Option<String>) -> Self {
        self.response.headers.extend(value.map(|value| (name.to_owned(), value)));
        self
    }
}

fn http_status(settings: &Settings, number: ErrorNumber) -> u16 {
    let of_token = [ErrorNumber::TOKEN_EXPIRED, ErrorNumber::TOKEN_UNKNOWN, ErrorNumber::TOKEN_REVOKED]
        .contains(&number);
    match settings.token_errors {
        _ if number == ErrorNumber::TOO_MANY_REQUESTS => settings.rate_limit.status,
        SynchronousErrors::Observed if of_token => 200,
        SynchronousErrors::Observed | SynchronousErrors::Documented => number.documented_status(),
    }
}

/// What was decided before a request is answered.
#[derive(Debug)]
pub(crate) struct Circumstances {
    /// The plan of the event that the request may begin; `None` takes that of the settings.
    pub(crate) plan: Option<EventPlan>,
    /// Whether the MDM answered the test notification well.
    pub(crate) reached: bool,
}

/// Answers a request. The method is judged before the token, the token before the body.
pub(crate) fn answer(
    service: &mut Service,
    route: Route,
    request: &Request,
    circumstances: Circumstances,
    now: DateTime<Utc>,
) -> Answer {
    if request.body_too_large {
        return Answer::refusal_with_status(
            BODY_TOO_LARGE,
            ErrorNumber::INVALID_ARGUMENT,
            every_reply(service, request, now),
        );
    }
    match route {
        Route::Nowhere => {
            Answer::plain(Response::new(404, TEXT, b"no such path at the simulated Apple service\n".to_vec()))
        }
        Route::WrongMethod(Endpoint::MetadataLookup) => {
            Answer::plain(Response::new(405, TEXT, b"the lookup answers GET only\n".to_vec()))
        }
        Route::WrongMethod(_) => {
            Answer::refusal(service, ErrorNumber::WRONG_METHOD, every_reply(service, request, now))
        }
        Route::To(Endpoint::ServiceConfig) => Answer::good(&config::service_config(service)),
        Route::To(Endpoint::MetadataLookup) => {
            // A token that this lookup revokes is treated as a dead one: the reply is empty, without an error.
            let _flagged = flag(service, Endpoint::MetadataLookup, request, now);
            lookup::look_up(service, request, now)
        }
        Route::To(endpoint) => behind_the_token(service, endpoint, request, circumstances, now)
            .unwrap_or_else(|number| refuse(service, number, request, now)),
    }
}

fn refuse(service: &Service, number: ErrorNumber, request: &Request, now: DateTime<Utc>) -> Answer {
    let busy = number == ErrorNumber::TOO_MANY_REQUESTS;
    let retry_after = service.settings.rate_limit.retry_after.header(now).filter(|_| busy);
    Answer::refusal(service, number, every_reply(service, request, now))
        .with_header("retry-after", retry_after)
}

fn behind_the_token(
    service: &mut Service,
    endpoint: Endpoint,
    request: &Request,
    circumstances: Circumstances,
    now: DateTime<Utc>,
) -> Result<Answer, ErrorNumber> {
    let kind = events::kind(endpoint);
    let writes = kind.is_some() || endpoint == Endpoint::WriteClientConfig;
    let uid = authenticate(service, request, if writes { Access::Write } else { Access::Read }, now)?;
    judge(service, &uid, now)?;
    flag(service, endpoint, request, now)?;
    if let Some(kind) = kind {
        let id = events::accept(service, kind, &uid, request, circumstances.plan, now)?;
        let shared = every_reply(service, request, now);
        return Ok(Answer::good(&EventReply { event_id: id.to_string(), every_reply: shared }));
    }
    if endpoint == Endpoint::WriteClientConfig {
        config::write(service, &uid, request, circumstances.reached)?;
    }
    let shared = every_reply(service, request, now);
    let (settings, query) = (&service.settings, request.query.as_str());
    let location = service.locations.get(&uid).ok_or(ErrorNumber::INTERNAL)?;
    Ok(match endpoint {
        Endpoint::Assets => Answer::good(&lists::assets(location, settings.page_capacity, query, shared)?),
        Endpoint::Assignments => Answer::good(&assignments::reply(location, settings, query, shared)?),
        Endpoint::Users => Answer::good(&lists::users(location, settings.page_capacity, query, shared)?),
        Endpoint::EventStatus => Answer::good(&events::status(service, &uid, query, shared)?),
        _ => Answer::good(&config::client_config(location, shared)),
    })
}
