//! A call has an end.

use std::{future::Future, time::Duration};

use mdm_vpp_ports::{ServiceError, Trouble};

/// Runs a call for at most so long.
pub(crate) async fn within<T>(
    limit: Duration,
    call: &'static str,
    work: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        Err(ServiceError { call, trouble: Trouble::TimedOut { after: limit }, retry_after: None })
    })
}
