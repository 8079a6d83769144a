//! A request as a value, so that the service can be asked without a socket.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::apple::ErrorNumber;

/// The longest request body that the service reads, in bytes. A longer one is answered with status 413 and error 9602.
/// Apple does not document its own limit; 1 MiB is an assumption.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A request to the service.
#[derive(Clone, Default)]
pub struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) body_too_large: bool,
}

impl Request {
    /// A request with this method; `target` is the path, with `?` and a query if there is one.
    pub fn new(method: impl Into<String>, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: method.into(), path: path.to_owned(), query: query.to_owned(), ..Self::default() }
    }

    /// A GET request.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A POST request with a JSON body.
    pub fn post_json(target: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", target).header("content-type", "application/json").body(body)
    }

    /// With a token as every call of the second API sends it: the whole file as downloaded.
    #[must_use]
    pub fn bearer(self, token_file: &str) -> Self {
        self.header("authorization", format!("Bearer {token_file}"))
    }

    /// With a token as the metadata lookup takes it: in a cookie.
    #[must_use]
    pub fn itvt(self, token_file: &str) -> Self {
        self.header("cookie", format!("itvt={token_file}"))
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With this body. One beyond [`BODY_LIMIT`] is dropped, and the request is answered with 413.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self.body_too_large = body.len() > BODY_LIMIT;
        self.body = if self.body_too_large { Vec::new() } else { body };
        self
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The token in the `Authorization` header; `None` unless the header is exactly `Bearer`, a space and one word.
    pub(crate) fn bearer_token(&self) -> Option<&str> {
        let sent = self.headers("authorization").next()?.strip_prefix("Bearer ")?;
        (!sent.is_empty() && !sent.contains(char::is_whitespace)).then_some(sent)
    }

    /// The token in the cookie of the metadata lookup.
    pub(crate) fn cookie_token(&self) -> Option<&str> {
        let mut cookies = self.headers("cookie").flat_map(|header| header.split(';'));
        cookies.find_map(|cookie| cookie.trim().strip_prefix("itvt="))
    }

    /// The token, from either place.
    pub(crate) fn token(&self) -> Option<&str> {
        self.bearer_token().or_else(|| self.cookie_token())
    }

    /// Reads the body as JSON. Another content type is 9727, another shape 9602.
    pub(crate) fn read_json<T: DeserializeOwned>(&self) -> Result<T, ErrorNumber> {
        // Parameters of the content type, such as the character set, do no harm.
        let content_type = self.headers("content-type").next().and_then(|value| value.split(';').next());
        if !content_type.unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(ErrorNumber::WRONG_CONTENT_TYPE);
        }
        serde_json::from_slice(&self.body).map_err(|_| ErrorNumber::INVALID_ARGUMENT)
    }
}

impl fmt::Debug for Request {
    /// Without headers and body, which hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
