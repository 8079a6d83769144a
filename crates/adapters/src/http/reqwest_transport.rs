//! The transport with reqwest, rustls and the certificates of the operating system.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use async_trait::async_trait;
use mdm_vpp_core::audience::Audience;
use reqwest::{
    Client, ClientBuilder, Response, header,
    header::{HeaderMap, HeaderValue},
    redirect,
};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

use super::{HttpFailure, HttpMethod, HttpRequest, HttpResponse, HttpTransport};

/// Sends requests with reqwest, over TLS by rustls and ring with the operating system's certificates.
///
/// Proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`). Requests to loopback bypass them, so that a
/// token for a simulator never leaves the machine.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    /// The client for other machines, or why there is none: without certificates, a machine can still reach its own
    /// simulator.
    outside: Result<Client, String>,
    loopback: Client,
    connect_timeout: Duration,
}

/// The HTTP client could not be set up.
#[derive(Debug, Error)]
#[error("the HTTP client could not be set up ({reason}): check the TLS and proxy settings of this machine")]
pub struct ReqwestTransportError {
    /// Why, for people.
    pub reason: String,
}

impl ReqwestTransportError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "http_client"
    }

    /// Whether trying again may succeed: never, without a change of the machine.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }

    /// The wait before trying again: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it: the operator of the machine.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        Audience::Operator
    }
}

impl ReqwestTransport {
    /// A transport that waits for a connection for at most `connect_timeout`.
    ///
    /// A machine without certificates of authorities is no error here. Each request to `https` then fails with that
    /// reason, while plain `http` to loopback works.
    ///
    /// # Errors
    ///
    /// [`ReqwestTransportError`] when the HTTP client could not be set up.
    pub fn new(connect_timeout: Duration) -> Result<Self, ReqwestTransportError> {
        let refused = |error: &dyn StdError| ReqwestTransportError { reason: reason(error) };
        let build = |builder: ClientBuilder| {
            builder.connect_timeout(connect_timeout).redirect(redirect::Policy::none()).build()
        };
        let no_roots = || -> Result<ClientConfig, rustls::Error> {
            Ok(tls_builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
        };
        let verified = || -> Result<ClientConfig, rustls::Error> {
            Ok(tls_builder()?.with_platform_verifier()?.with_no_client_auth())
        };
        let (outside, loopback_tls) = match verified() {
            Ok(tls) => {
                let client = build(Client::builder().tls_backend_preconfigured(tls.clone()))
                    .map_err(|error| refused(&error))?;
                (Ok(client), tls)
            }
            Err(error) => (
                Err(format!("no certificates of authorities: install them on this machine ({error})")),
                no_roots().map_err(|error| refused(&error))?,
            ),
        };
        let loopback = build(Client::builder().tls_backend_preconfigured(loopback_tls).no_proxy())
            .map_err(|error| refused(&error))?;
        Ok(Self { outside, loopback, connect_timeout })
    }

    /// What an error of reqwest means for the request. An error of connecting (name, connection, proxy tunnel, TLS)
    /// comes before any byte of the request is written, so nothing was sent; after any other, Apple may have got it.
    fn failure(&self, error: reqwest::Error) -> HttpFailure {
        if error.is_timeout() && error.is_connect() {
            let waited = self.connect_timeout.as_secs_f32();
            return HttpFailure::NotSent { reason: format!("no connection within {waited} s") };
        }
        let connecting = error.is_connect();
        let reason = reason(&error.without_url());
        if connecting { HttpFailure::NotSent { reason } } else { HttpFailure::Unreachable { reason } }
    }
}

#[async_trait]
impl HttpTransport for ReqwestTransport {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let client = match &self.outside {
            _ if request.is_to_loopback() => &self.loopback,
            Ok(client) => client,
            Err(reason) => return Err(HttpFailure::NotSent { reason: reason.clone() }),
        };
        let method = match request.method() {
            HttpMethod::Get => reqwest::Method::GET,
            HttpMethod::Post => reqwest::Method::POST,
        };
        let mut outgoing = client.request(method, request.url.clone()).headers(headers(request)?);
        if let Some(body) = request.body() {
            outgoing = outgoing.body(body.to_vec());
        }
        let response = outgoing.send().await.map_err(|error| self.failure(error))?;
        let of = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (retry_after, location) = (of(header::RETRY_AFTER), of(header::LOCATION));
        let status = response.status().as_u16();
        let body = read_body(response, request.largest_body()).await?;
        Ok(HttpResponse { status, retry_after, location, body })
    }
}

fn tls_builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
}

fn headers(request: &HttpRequest) -> Result<HeaderMap, HttpFailure> {
    let mut headers = HeaderMap::new();
    for header in request.headers() {
        let mut value = HeaderValue::from_str(header.value()).map_err(|_| HttpFailure::NotSent {
            reason: format!("the header {} cannot be sent: it holds control characters", header.name()),
        })?;
        value.set_sensitive(header.is_secret());
        headers.append(header.name(), value);
    }
    Ok(headers)
}

/// Reads a body, at most `largest` bytes of it.
async fn read_body(mut response: Response, largest: u64) -> Result<Vec<u8>, HttpFailure> {
    let fits = |length: u64| if length > largest { Err(HttpFailure::TooLarge) } else { Ok(()) };
    fits(response.content_length().unwrap_or_default())?;
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|_| HttpFailure::BrokenOff { received: body.len() })?;
        let Some(chunk) = chunk else { return Ok(body) };
        fits(body.len().saturating_add(chunk.len()) as u64)?;
        body.extend_from_slice(&chunk);
    }
}

/// An error with its causes: reqwest's own text names none of them.
fn reason(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
