//! An HTTP client as a trait, with requests and responses as values.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use thiserror::Error;
use url::{Host, Url};
use zeroize::Zeroizing;

/// An HTTP client. Feature `reqwest` brings one; an embedder may bring its own.
///
/// An implementation sends the request once: it follows no redirect, repeats nothing, stops reading a body beyond
/// [`HttpRequest::largest_body`], verifies certificates, sends requests to loopback past any proxy, and neither
/// logs nor keeps a header that [is secret](HttpHeader::is_secret). The caller decides how long a request may take: it
/// drops the future.
///
/// ```
/// use async_trait::async_trait;
/// use mdm_vpp_adapters::http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport};
///
/// struct Offline;
///
/// #[async_trait]
/// impl HttpTransport for Offline {
///     async fn send(&self, _: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
///         Err(HttpFailure::Unreachable { reason: "this machine is offline".into() })
///     }
/// }
/// ```
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends a request and reads the response, whatever its status is.
    ///
    /// # Errors
    ///
    /// [`HttpFailure`] when no complete response came.
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure>;
}

/// Whether a request reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Writes; has a body.
    Post,
}

impl HttpMethod {
    /// The method as HTTP spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request for an [`HttpTransport`]. Its `Debug` shows no header value and no body.
#[derive(Clone)]
pub struct HttpRequest {
    pub(crate) method: HttpMethod,
    pub(crate) url: Url,
    pub(crate) headers: Vec<HttpHeader>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) largest_body: u64,
}

impl HttpRequest {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> HttpMethod {
        self.method
    }

    /// The absolute URL, `https://` or, to loopback alone, `http://`. It holds no secret.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether the URL leads to this machine: such a request must not pass a proxy.
    #[must_use]
    pub fn is_to_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// All headers to send, `User-Agent` and `Content-Type` included.
    #[must_use]
    pub fn headers(&self) -> &[HttpHeader] {
        &self.headers
    }

    /// The body to send, if there is one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The largest body of a response that may be read, in bytes.
    #[must_use]
    pub const fn largest_body(&self) -> u64 {
        self.largest_body
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A header to send. Its `Debug` shows no value; the value is wiped from memory when dropped.
#[derive(Clone)]
pub struct HttpHeader {
    name: &'static str,
    value: Zeroizing<String>,
    secret: bool,
}

impl HttpHeader {
    pub(crate) fn plain(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: Zeroizing::new(value.into()), secret: false }
    }

    pub(crate) fn secret(name: &'static str, value: String) -> Self {
        Self { name, value: Zeroizing::new(value), secret: true }
    }

    /// The name, lower case.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The value: visible ASCII and spaces.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether the value opens a location: it must be sent and never logged or kept.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.secret
    }
}

impl fmt::Debug for HttpHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ..", self.name)
    }
}

/// A response: the status, the two headers that the rules need, and the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, as it came.
    pub retry_after: Option<String>,
    /// The header `Location`, as it came.
    pub location: Option<String>,
    /// The body, at most as long as the request allows.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A response without either header.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }
}

/// Why a request got no complete response. A `reason` must hold neither a header nor a query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HttpFailure {
    /// Certainly nothing of the request left this machine: there was no connection to send it on.
    #[error("no connection, nothing was sent: {reason}")]
    NotSent {
        /// What the connection said.
        reason: String,
    },
    /// No connection, or it was lost before the response began; the request may have arrived.
    #[error("no connection: {reason}")]
    Unreachable {
        /// What the connection said.
        reason: String,
    },
    /// The connection was lost in the middle of the body.
    #[error("the response broke off after {received} bytes")]
    BrokenOff {
        /// How many bytes of the body had come.
        received: usize,
    },
    /// The transport's own limit of time was reached, for example while it connected.
    #[error("no response within {} s", .after.as_secs_f32())]
    TimedOut {
        /// How long it waited.
        after: Duration,
    },
    /// The body is larger than the request allows; the rest was not read.
    #[error("the response is larger than the request allows")]
    TooLarge,
}

/// Counts every request that was handed to the transport: service config, lookups, pages, redirects and retries
/// too. Clones share one count.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<AtomicU64>);

impl RequestCounter {
    /// The number of requests sent since the counter was made.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether an address leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_header_value_and_no_body() {
        let request = HttpRequest {
            method: HttpMethod::Post,
            url: Url::parse("https://vpp.itunes.apple.com/mdm/v2/client/config").unwrap(),
            headers: vec![
                HttpHeader::secret("authorization", "Bearer canary".to_owned()),
                HttpHeader::plain("accept", "canary"),
            ],
            body: Some(b"canary".to_vec()),
            largest_body: 1,
        };
        let shown = format!("{request:?}");
        assert!(shown.contains("authorization") && shown.contains("client/config"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(!shown.contains(&format!("{:?}", b"canary")), "{shown}");
    }
}
