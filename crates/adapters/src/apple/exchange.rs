//! One request and its reply: headers, time, redirects, size.

use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use url::Url;

use super::{
    AppleClient, Credential, Order,
    address::{same_origin, shown},
    reply::ReadReply,
    retry_after::parse_retry_after,
    scrub::Scrubber,
};
use crate::http::{HttpFailure, HttpHeader, HttpMethod, HttpRequest, HttpResponse};

/// A redirect is followed so many times.
const REDIRECTS: u32 = 3;

/// An exchange that failed.
pub(super) struct Failed {
    pub(super) error: ServiceError,
    pub(super) reached: Reached,
}

/// How far a request came that failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// It certainly did not leave.
    Nobody,
    /// It was answered with a redirect of this status, and failed behind it.
    Redirect(u16),
    /// It may have arrived.
    Perhaps,
}

impl AppleClient {
    /// Sends an order once, follows redirects, and reads the reply.
    pub(super) async fn exchange<T>(
        &self,
        call: &'static str,
        order: &Order<'_>,
        read: ReadReply<T>,
    ) -> Result<T, Failed> {
        let scrub = order.scrubber();
        let mut behind = None;
        let fails = |behind: Option<u16>, reached, trouble, retry_after| Failed {
            error: ServiceError { call, kind: trouble, retry_after },
            reached: behind.map_or(reached, Reached::Redirect),
        };
        let refused = |behind, url: &Url, reason| {
            let trouble = ServiceErrorKind::AddressRefused { url: scrub.text(&shown(url)), reason };
            fails(behind, Reached::Nobody, trouble, None)
        };
        let mut request = self.request(order);
        for followed in 0..=REDIRECTS {
            self.rules.check(&request.url).map_err(|reason| refused(behind, &request.url, reason))?;
            let sent = self.send(&request, scrub).await;
            let response = sent.map_err(|(reached, trouble)| fails(behind, reached, trouble, None))?;
            let waits = response.retry_after.as_deref();
            let retry_after = waits
                .and_then(|text| parse_retry_after(text, self.clock.now()))
                .filter(|wait| !wait.is_zero());
            let Some(target) = redirect_target(&request.url, &response) else {
                return read(response.status, &response.body, scrub)
                    .inspect_err(|trouble| log_refusal(call, &request, &response, trouble, scrub))
                    .map_err(|trouble| fails(None, Reached::Perhaps, trouble, retry_after));
            };
            behind = Some(response.status);
            if followed == REDIRECTS {
                return Err(refused(behind, &target, "it is one redirect too many"));
            }
            if !same_origin(&request.url, &target) {
                return Err(refused(behind, &target, "a redirect leads to another host"));
            }
            if let Some(wait) = retry_after {
                if wait > self.settings.retry.longest_wait {
                    let trouble = ServiceErrorKind::HttpStatus {
                        status: response.status,
                        excerpt: "a redirect".to_owned(),
                    };
                    return Err(fails(behind, Reached::Perhaps, trouble, retry_after));
                }
                tokio::time::sleep(wait).await;
            }
            if response.status == 303 {
                request.method = HttpMethod::Get;
                request.body = None;
                request.headers.retain(|header| header.name() != "content-type");
            }
            request.url = target;
        }
        Err(refused(behind, &request.url, "it is one redirect too many"))
    }

    fn request(&self, order: &Order<'_>) -> HttpRequest {
        let mut headers = vec![
            HttpHeader::plain("user-agent", concat!("mdm-vpp/", env!("CARGO_PKG_VERSION"))),
            HttpHeader::plain("accept", "*/*"),
        ];
        match order.credential {
            Credential::None => {}
            Credential::Bearer(token) => {
                headers.push(HttpHeader::secret("authorization", format!("Bearer {}", token.expose())));
            }
            Credential::Cookie(token) => {
                headers.push(HttpHeader::secret("cookie", format!("itvt={}", token.expose())));
            }
        }
        if order.body.is_some() {
            headers.push(HttpHeader::plain("content-type", "application/json"));
        }
        HttpRequest {
            method: if order.body.is_some() { HttpMethod::Post } else { HttpMethod::Get },
            url: order.url.clone(),
            headers,
            body: order.body.as_ref().map(|body| body.clone().into_bytes()),
            largest_body: self.settings.largest_body,
        }
    }

    async fn send(
        &self,
        request: &HttpRequest,
        scrub: Scrubber<'_>,
    ) -> Result<HttpResponse, (Reached, ServiceErrorKind)> {
        self.counter.count();
        let limit = self.settings.request_timeout;
        let perhaps = |trouble| (Reached::Perhaps, trouble);
        let unreachable = |reason: &str| ServiceErrorKind::Unreachable { reason: scrub.message(reason) };
        let sent = tokio::time::timeout(limit, self.transport.send(request)).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(HttpFailure::TooLarge)) => return Err(perhaps(self.too_large())),
            Ok(Err(HttpFailure::TimedOut { after })) => {
                return Err(perhaps(ServiceErrorKind::TimedOut { after }));
            }
            Ok(Err(HttpFailure::BrokenOff { received })) => {
                return Err(perhaps(ServiceErrorKind::Truncated { length: received }));
            }
            Ok(Err(HttpFailure::NotSent { reason })) => return Err((Reached::Nobody, unreachable(&reason))),
            Ok(Err(HttpFailure::Unreachable { reason })) => return Err(perhaps(unreachable(&reason))),
            Err(_) => return Err(perhaps(ServiceErrorKind::TimedOut { after: limit })),
        };
        let status = response.status;
        let (method, path) = (request.method.as_str(), scrub.text(request.url.path()));
        tracing::debug!(method, path, status, bytes = response.body.len(), "Apple answered");
        if response.body.len() as u64 > self.settings.largest_body {
            return Err(perhaps(self.too_large()));
        }
        Ok(response)
    }

    const fn too_large(&self) -> ServiceErrorKind {
        ServiceErrorKind::TooLarge { limit: self.settings.largest_body }
    }
}

fn log_refusal(
    call: &'static str,
    request: &HttpRequest,
    response: &HttpResponse,
    trouble: &ServiceErrorKind,
    scrub: Scrubber<'_>,
) {
    let number = match trouble {
        ServiceErrorKind::Apple(error) | ServiceErrorKind::AppleNaming { error, .. } => error.number.0,
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
