//! A request as a value, so that the service can be asked without a socket.

use std::fmt;

use crate::wire::sent_token;

/// The most bytes of a request body that the service reads: 1 MiB. A longer body is answered with status 413 and
/// error 9602. Apple's own limit is not documented (assumption).
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
        self.header("authorization", sent_token::bearer_header(token_file))
    }

    /// With a token as the metadata lookup wants it.
    #[must_use]
    pub fn itvt(self, token_file: &str) -> Self {
        self.header("cookie", sent_token::itvt_cookie(token_file))
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With this body. Beyond [`BODY_LIMIT`] it is dropped and the request is answered with 413.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self.body_too_large = body.len() > BODY_LIMIT;
        self.body = if self.body_too_large { Vec::new() } else { body };
        self
    }

    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn first_header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
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
