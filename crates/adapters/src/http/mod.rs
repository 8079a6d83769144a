//! The seam to an HTTP client.

mod counter;
mod failure;
mod loopback;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod transport;

pub use counter::RequestCounter;
pub use failure::HttpFailure;
pub(crate) use loopback::is_loopback;
pub use request::{HttpHeader, HttpMethod, HttpRequest};
#[cfg(feature = "reqwest")]
pub use reqwest_transport::{ReqwestTransport, ReqwestTransportError};
pub use response::HttpResponse;
pub use transport::HttpTransport;
