//! The way of every request through the service.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::authentication::{Access, authenticate, every_reply};
use super::route::Route;
use super::{assets, assignments, client_config, events, lookup, rate, service_config, status, users};
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::model::{EventPlan, Service, Settings, SynchronousErrors};
use crate::request::Request;
use crate::response::{JSON, Response, TEXT};
use crate::wire::{ErrorInfo, ErrorReply, EventReply, EveryReply};

/// The status of a request whose body is longer than the service reads (assumption).
const BODY_TOO_LARGE: u16 = 413;

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
        Self::refusal_with_status(status(&service.settings, number), number, every_reply)
    }

    pub(crate) fn refusal_with_status(status: u16, number: ErrorNumber, every_reply: EveryReply) -> Self {
        let body = ErrorReply {
            error_info: ErrorInfo::default(),
            error_message: number.message().to_owned(),
            error_number: number.number(),
            every_reply,
        };
        Self { response: Response::json(status, JSON, &body), error: Some(number) }
    }
}

fn status(settings: &Settings, number: ErrorNumber) -> u16 {
    let of_token = [ErrorNumber::TOKEN_EXPIRED, ErrorNumber::TOKEN_UNKNOWN, ErrorNumber::TOKEN_REVOKED]
        .contains(&number);
    match settings.token_errors {
        _ if number == ErrorNumber::TOO_MANY_REQUESTS => settings.rate_limit.status,
        SynchronousErrors::Observed if of_token => 200,
        SynchronousErrors::Observed | SynchronousErrors::Documented => number.documented_status(),
    }
}

/// What is settled before a request is answered.
#[derive(Debug)]
pub(crate) struct Circumstances {
    /// How an event is to run that the request begins; `None` as the settings say.
    pub(crate) plan: Option<EventPlan>,
    /// Whether the MDM answered the test notification.
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
        Route::To(Endpoint::ServiceConfig) => Answer::good(&service_config::reply(service)),
        Route::To(Endpoint::MetadataLookup) => {
            // Who is flagged by this lookup gets what a dead token gets: nothing.
            let _flagged = rate::flag(service, Endpoint::MetadataLookup, request, now);
            lookup::answer(service, request, now)
        }
        Route::To(endpoint) => behind_the_token(service, endpoint, request, circumstances, now)
            .unwrap_or_else(|number| refuse(service, number, request, now)),
    }
}

fn refuse(service: &Service, number: ErrorNumber, request: &Request, now: DateTime<Utc>) -> Answer {
    let mut answer = Answer::refusal(service, number, every_reply(service, request, now));
    if number == ErrorNumber::TOO_MANY_REQUESTS
        && let Some(value) = service.settings.rate_limit.retry_after.header(now)
    {
        answer.response.headers.push(("retry-after".to_owned(), value));
    }
    answer
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
    rate::judge(service, &uid, now)?;
    rate::flag(service, endpoint, request, now)?;
    if let Some(kind) = kind {
        let id = events::accept(service, (endpoint, kind), &uid, request, circumstances.plan, now)?;
        let shared = every_reply(service, request, now);
        return Ok(Answer::good(&EventReply { event_id: id.to_string(), every_reply: shared }));
    }
    if endpoint == Endpoint::WriteClientConfig {
        client_config::write(service, &uid, request, circumstances.reached)?;
    }
    let shared = every_reply(service, request, now);
    let (settings, query) = (&service.settings, request.query.as_str());
    let location = service.locations.get(&uid).ok_or(ErrorNumber::INTERNAL)?;
    Ok(match endpoint {
        Endpoint::Assets => Answer::good(&assets::reply(location, settings.page_capacity, query, shared)?),
        Endpoint::Assignments => Answer::good(&assignments::reply(location, settings, query, shared)?),
        Endpoint::Users => Answer::good(&users::reply(location, settings.page_capacity, query, shared)?),
        Endpoint::EventStatus => Answer::good(&status::reply(service, &uid, query, shared)?),
        _ => Answer::good(&client_config::reply(location, shared)),
    })
}
