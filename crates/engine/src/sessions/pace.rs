//! The pace at which calls about a location leave: Apple's budget for a location is spent by its one session.

use std::{future::Future, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::LocationId,
    plan::{Call, PaceLimits, Permit},
};
use mdm_vpp_ports::{Lease, ServiceError, ServiceErrorKind};

use super::{SessionError, Sessions};
use crate::context::later;

/// Assets on a page at least, as far as was ever observed: a list of assets is read in one call of the port, and each
/// of its pages is paid for by this number.
const ASSETS_ON_A_PAGE: usize = 300;

/// Apple asked to leave the location alone until a time.
pub(crate) struct Stopped {
    until: DateTime<Utc>,
}

impl From<Stopped> for SessionError {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped.until)
    }
}

/// Waits until a call may leave.
pub(crate) async fn permit(
    sessions: &Sessions,
    lease: &Lease,
    limits: PaceLimits,
    call: Call,
) -> Result<(), Stopped> {
    loop {
        let now = sessions.context().now();
        let wait_until = match sessions.with_pace(lease, limits, now, |pace| pace.take(call, now)) {
            Permit::Granted => return Ok(()),
            Permit::Stopped { until } => return Err(Stopped { until }),
            Permit::WaitUntil { at } => at,
            // The end of a read cannot be foreseen, so it is looked for after the time of one call.
            Permit::WaitForRead => later(now, limits.interval()),
        };
        sessions.context().wait_until(wait_until).await;
    }
}

/// Waits until a read may leave. It counts as under way until what is given back is dropped, also when the caller goes
/// away.
pub(crate) async fn permit_read<'p>(
    sessions: &'p Sessions,
    lease: &Lease,
    limits: PaceLimits,
) -> Result<UnderWay<'p>, Stopped> {
    permit(sessions, lease, limits, Call::Read).await?;
    Ok(UnderWay { sessions, lease: lease.clone() })
}

/// Lets no call about the location leave for as long as Apple asked to wait, if it asked.
pub(crate) fn stop(sessions: &Sessions, lease: &Lease, limits: PaceLimits, error: Option<&ServiceError>) {
    let Some(wait) = error.and_then(ServiceError::retry_after) else { return };
    let (wait, now) = (TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX), sessions.context().now());
    sessions.with_pace(lease, limits, now, |pace| pace.stop(wait, now));
}

/// A read that is under way.
pub(crate) struct UnderWay<'p> {
    sessions: &'p Sessions,
    lease: Lease,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.sessions.read_ended(&self.lease.location, self.lease.epoch);
    }
}

/// Makes a call of a sync or a claim, which has no session, at the pace of the location if this process holds its lease.
///
/// The worker's calls do. A person who asks for a sync is not made to wait for another process, which may have died:
/// that costs a few calls beside the pace.
pub(crate) async fn paced<T>(
    sessions: &Sessions,
    location: &LocationId,
    call: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    let Some((lease, limits)) = sessions.held(location) else { return call.await };
    let under_way = permit_read(sessions, &lease, limits).await.map_err(|stopped| {
        let wait = stopped.until.signed_duration_since(sessions.context().now());
        ServiceError {
            call: "waiting for Apple",
            kind: ServiceErrorKind::NotSent { reason: "Apple asked to leave the location alone".to_owned() },
            retry_after: Some(wait.to_std().unwrap_or(Duration::ZERO)),
        }
    })?;
    let answer = call.await;
    drop(under_way);
    stop(sessions, &lease, limits, answer.as_ref().err());
    answer
}

/// Waits for the permits of the pages behind a list of assets that was read in one call.
pub(crate) async fn pay_for_pages(sessions: &Sessions, location: &LocationId, assets: usize) {
    for _ in 0..assets.div_ceil(ASSETS_ON_A_PAGE).saturating_sub(1) {
        // The next call meets the same stop, so this one need not tell of it.
        if paced(sessions, location, async { Ok(()) }).await.is_err() {
            return;
        }
    }
}
