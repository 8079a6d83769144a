//! A request as a value.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

use super::is_loopback;

/// What a request does.
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

/// A request for an [`HttpTransport`](super::HttpTransport). Its `Debug` shows no header value and no body.
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
