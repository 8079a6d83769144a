//! A call has an end.

use std::{future::Future, time::Duration};

use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use tracing::Instrument as _;

/// Runs a call for at most so long, in a span of its name.
pub(crate) async fn within<T>(
    limit: Duration,
    call: &'static str,
    work: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    let span = tracing::debug_span!("apple_call", call);
    tokio::time::timeout(limit, work.instrument(span)).await.unwrap_or_else(|_| {
        Err(ServiceError { call, kind: ServiceErrorKind::TimedOut { after: limit }, retry_after: None })
    })
}
