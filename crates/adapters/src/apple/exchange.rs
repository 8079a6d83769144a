//! One request and its reply: headers, time, redirects, size.

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{NotificationSecret, ServiceError, ServiceErrorKind};
use tokio::time::{sleep, timeout};
use url::Url;

use super::{
    AppleClient,
    address::{same_origin, shown},
    reply::ReadReply,
    scrub::Scrubber,
    stops::parse_retry_after,
};
use crate::http::{HttpFailure, HttpHeader, HttpMethod, HttpRequest, HttpResponse};

/// The largest number of redirects of one request that are followed. Our choice: Apple documents none.
const REDIRECTS: u32 = 3;

/// How a request shows the token.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    /// Not at all.
    None,
    /// `Authorization: Bearer`, for the license service.
    Bearer(&'a ContentToken),
    /// The cookie `itvt`, for the store lookup.
    Cookie(&'a ContentToken),
}

impl<'a> Credential<'a> {
    pub(super) const fn token(self) -> Option<&'a ContentToken> {
        match self {
            Self::None => None,
            Self::Bearer(token) | Self::Cookie(token) => Some(token),
        }
    }
}

/// What is asked of Apple, before it becomes an HTTP request: a read, or a write with its JSON body.
pub(crate) struct AppleRequest<'a> {
    pub(super) url: Url,
    pub(super) credential: Credential<'a>,
    pub(super) body: Option<String>,
    /// A secret in the body.
    pub(super) secret: Option<&'a NotificationSecret>,
}

impl<'a> AppleRequest<'a> {
    pub(crate) const fn read(url: Url, credential: Credential<'a>) -> Self {
        Self { url, credential, body: None, secret: None }
    }

    /// What removes the request's secrets from texts in which a server may have repeated them.
    const fn scrubber(&self) -> Scrubber<'a> {
        Scrubber::of(self.credential.token()).and(self.secret)
    }

    fn to_http(&self, largest_body: u64) -> HttpRequest {
        let mut headers = vec![
            HttpHeader::plain("user-agent", concat!("mdm-vpp/", env!("CARGO_PKG_VERSION"))),
            HttpHeader::plain("accept", "*/*"),
        ];
        match self.credential {
            Credential::None => {}
            Credential::Bearer(token) => {
                headers.push(HttpHeader::secret("authorization", format!("Bearer {}", token.expose())));
            }
            Credential::Cookie(token) => {
                headers.push(HttpHeader::secret("cookie", format!("itvt={}", token.expose())));
            }
        }
        if self.body.is_some() {
            headers.push(HttpHeader::plain("content-type", "application/json"));
        }
        HttpRequest {
            method: if self.body.is_some() { HttpMethod::Post } else { HttpMethod::Get },
            url: self.url.clone(),
            headers,
            body: self.body.as_ref().map(|body| body.clone().into_bytes()),
            largest_body,
        }
    }
}

/// An exchange that failed.
pub(super) struct Failed {
    pub(super) error: ServiceError,
    reached: Reached,
}

/// How far a request came that failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It certainly did not leave.
    Nowhere,
    /// It was answered with a redirect of this status, and failed behind it.
    Redirect(u16),
    /// It may have arrived.
    Perhaps,
}

impl Failed {
    /// The error, with what is certain about the request: whether it left, and whether a server answered it with a
    /// redirect that could not be followed.
    pub(super) fn of_a_request_sent_once(self) -> ServiceError {
        let kind = match (self.reached, self.error.kind) {
            (Reached::Nowhere, ServiceErrorKind::Unreachable { reason }) => {
                ServiceErrorKind::NotSent { reason }
            }
            // `AddressRefused` would claim that nothing was sent, but the server that redirected got the request.
            (Reached::Redirect(status), ServiceErrorKind::AddressRefused { url, reason }) => {
                ServiceErrorKind::HttpStatus { status, excerpt: format!("a redirect to `{url}`: {reason}") }
            }
            (_, kind) => kind,
        };
        ServiceError { kind, ..self.error }
    }
}

/// Sends a request once, follows redirects within its host, and reads the reply.
pub(super) async fn exchange<T>(
    client: &AppleClient,
    call: &'static str,
    request: &AppleRequest<'_>,
    read: ReadReply<T>,
) -> Result<T, Failed> {
    let scrub = request.scrubber();
    let mut behind = None;
    let fails = |behind: Option<u16>, reached, kind, retry_after| Failed {
        error: ServiceError { call, kind, retry_after },
        reached: behind.map_or(reached, Reached::Redirect),
    };
    let refused = |behind, url: &Url, reason| {
        let kind = ServiceErrorKind::AddressRefused { url: scrub.text(&shown(url)), reason };
        fails(behind, Reached::Nowhere, kind, None)
    };
    let mut outgoing = request.to_http(client.settings.largest_body);
    for followed in 0..=REDIRECTS {
        // Checked before each hop, the first included: the address comes from Apple's service config or from a
        // redirect, and both come from outside. An attacker who can change either must not get the token.
        client.rules.check(&outgoing.url).map_err(|reason| refused(behind, &outgoing.url, reason))?;
        let sent = send(client, &outgoing, scrub).await;
        let response = sent.map_err(|(reached, kind)| fails(behind, reached, kind, None))?;
        let retry_after = response
            .retry_after
            .as_deref()
            .and_then(|text| parse_retry_after(text, client.clock.now()))
            .filter(|wait| !wait.is_zero());
        let Some(target) = redirect_target(&outgoing.url, &response) else {
            return read(response.status, &response.body, scrub)
                .inspect_err(|kind| log_refusal(call, &outgoing, &response, kind, scrub))
                .map_err(|kind| fails(None, Reached::Perhaps, kind, retry_after));
        };
        behind = Some(response.status);
        if followed == REDIRECTS {
            return Err(refused(behind, &target, "it is one redirect too many"));
        }
        if !same_origin(&outgoing.url, &target) {
            return Err(refused(behind, &target, "a redirect leads to another host"));
        }
        if let Some(wait) = retry_after {
            if wait > client.settings.retry.longest_wait {
                let (status, excerpt) = (response.status, "a redirect".to_owned());
                let kind = ServiceErrorKind::HttpStatus { status, excerpt };
                return Err(fails(behind, Reached::Perhaps, kind, retry_after));
            }
            sleep(wait).await;
        }
        // 303 alone turns a write into a read (RFC 9110, 15.4.4); the others repeat the request as it was.
        if response.status == 303 {
            outgoing.method = HttpMethod::Get;
            outgoing.body = None;
            outgoing.headers.retain(|header| header.name() != "content-type");
        }
        outgoing.url = target;
    }
    Err(refused(behind, &outgoing.url, "it is one redirect too many"))
}

async fn send(
    client: &AppleClient,
    request: &HttpRequest,
    scrub: Scrubber<'_>,
) -> Result<HttpResponse, (Reached, ServiceErrorKind)> {
    client.counter.count();
    let limit = client.settings.request_timeout;
    let perhaps = |kind| (Reached::Perhaps, kind);
    let unreachable = |reason: &str| ServiceErrorKind::Unreachable { reason: scrub.message(reason) };
    let too_large = ServiceErrorKind::TooLarge { limit: client.settings.largest_body };
    let response = match timeout(limit, client.transport.send(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(HttpFailure::TooLarge)) => return Err(perhaps(too_large)),
        Ok(Err(HttpFailure::TimedOut { after })) => {
            return Err(perhaps(ServiceErrorKind::TimedOut { after }));
        }
        Ok(Err(HttpFailure::BrokenOff { received })) => {
            return Err(perhaps(ServiceErrorKind::Truncated { length: received }));
        }
        Ok(Err(HttpFailure::NotSent { reason })) => return Err((Reached::Nowhere, unreachable(&reason))),
        Ok(Err(HttpFailure::Unreachable { reason })) => return Err(perhaps(unreachable(&reason))),
        Err(_) => return Err(perhaps(ServiceErrorKind::TimedOut { after: limit })),
    };
    let status = response.status;
    let (method, path) = (request.method.as_str(), scrub.text(request.url.path()));
    tracing::debug!(method, path, status, bytes = response.body.len(), "Apple answered");
    // A transport has to stop at the limit, but an embedder's own one may not.
    if response.body.len() as u64 > client.settings.largest_body {
        return Err(perhaps(too_large));
    }
    Ok(response)
}

fn log_refusal(
    call: &'static str,
    request: &HttpRequest,
    response: &HttpResponse,
    kind: &ServiceErrorKind,
    scrub: Scrubber<'_>,
) {
    let number = match kind {
        ServiceErrorKind::Apple { error, .. } => error.number.map_or(0, |number| number.0),
        _ => 0,
    };
    let (path, status) = (scrub.text(request.url.path()), response.status);
    tracing::debug!(call, path, status, number, "Apple refused");
}

/// Where a response redirects to; `None` when it does not, or not to a URL.
fn redirect_target(from: &Url, response: &HttpResponse) -> Option<Url> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(response.location.as_deref()?).ok()
}
