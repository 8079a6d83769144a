//! An answer as a value, with what a transport is to do to it.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

/// An answer of the service.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status. It alone says little: errors come with 200 too.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body. With [`Delivery::padded_to_mebibytes`] a transport makes it longer.
    pub body: Vec<u8>,
    /// How it reaches the client. The HTTP server acts on this; an in-process caller may.
    pub delivery: Delivery,
}

/// How an answer reaches the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The connection is closed and the client sees nothing of the answer.
    pub lost: bool,
    /// The answer waits this long.
    pub delay: Option<Duration>,
    /// The body is made this many MiB long; JSON stays valid.
    pub padded_to_mebibytes: Option<u32>,
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, delivery: Delivery::default() }
    }

    /// A JSON body. Our wire types always become JSON; were one not to, the body would be empty.
    pub(crate) fn json(status: u16, content_type: &str, body: &impl Serialize) -> Self {
        Self::new(status, content_type, serde_json::to_vec(body).unwrap_or_default())
    }

    pub(crate) fn lost() -> Self {
        let delivery = Delivery { lost: true, ..Delivery::default() };
        Self { status: 0, headers: Vec::new(), body: Vec::new(), delivery }
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When the body is not JSON, as with some faults.
    pub fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Response {
    /// Without the body, which may echo an MDM's notification token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}
