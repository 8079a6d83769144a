//! A response as a value.

/// What a transport answers: the status, the two headers that rules ask for, and the body.
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
