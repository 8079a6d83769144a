//! The seam to an HTTP client.

#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod transport;

#[cfg(feature = "reqwest")]
pub use reqwest_transport::{ReqwestTransport, ReqwestTransportError};
pub(crate) use transport::is_loopback;
pub use transport::{
    HttpFailure, HttpHeader, HttpMethod, HttpRequest, HttpResponse, HttpTransport, RequestCounter,
};
