//! Something that sends requests.

use async_trait::async_trait;

use super::{HttpFailure, HttpRequest, HttpResponse};

/// An HTTP client. Feature `reqwest` brings one; a host may bring its own.
///
/// An implementation sends the request once: it follows no redirect, repeats nothing, stops reading a body beyond
/// [`HttpRequest::largest_body`], verifies certificates, sends requests to loopback past any proxy, and neither
/// logs nor keeps a header that [is secret](super::HttpHeader::is_secret). How long a request may take is decided by
/// the caller, who drops the future.
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
