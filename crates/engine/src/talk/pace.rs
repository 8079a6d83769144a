//! The pace of each location, as long as this process talks about it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::LocationId,
    plan::{Call, Pace, PaceLimits, Permit},
    seats::Epoch,
};
use mdm_vpp_ports::Lease;

use crate::vpp::Context;

/// The paces of the locations that this process talks about.
#[derive(Default)]
pub(crate) struct Paces(Mutex<BTreeMap<LocationId, (Epoch, Pace)>>);

/// Apple asked to leave the location alone until then.
pub(crate) struct Stopped {
    pub(crate) until: DateTime<Utc>,
}

impl Paces {
    /// Does something with the pace of a lease; a new session begins with an empty bucket.
    fn with<T>(
        &self,
        lease: &Lease,
        limits: PaceLimits,
        now: DateTime<Utc>,
        act: impl FnOnce(&mut Pace) -> T,
    ) -> T {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (epoch, pace) =
            paces.entry(lease.location.clone()).or_insert_with(|| (lease.epoch, Pace::new(limits, now)));
        if *epoch != lease.epoch {
            (*epoch, *pace) = (lease.epoch, Pace::new(limits, now));
        }
        pace.set_limits(limits);
        act(pace)
    }
}

impl Context {
    /// Waits until a call may leave.
    pub(super) async fn permit(&self, lease: &Lease, limits: PaceLimits, call: Call) -> Result<(), Stopped> {
        loop {
            let now = self.clock.now();
            let wait_until = match self.paces.with(lease, limits, now, |pace| pace.take(call, now)) {
                Permit::Granted => return Ok(()),
                Permit::Stopped { until } => return Err(Stopped { until }),
                Permit::WaitUntil { at } => at,
                Permit::WaitForRead => later(now, limits.interval()),
            };
            self.timer.wait_until(wait_until).await;
        }
    }

    /// Waits until a read may leave. It is under way until what is given back is dropped, also when the caller goes away.
    pub(super) async fn permit_read<'p>(
        &'p self,
        lease: &Lease,
        limits: PaceLimits,
    ) -> Result<UnderWay<'p>, Stopped> {
        self.permit(lease, limits, Call::Read).await?;
        Ok(UnderWay { parts: self, lease: lease.clone(), limits })
    }

    /// Apple asked to wait.
    pub(super) fn stop(&self, lease: &Lease, limits: PaceLimits, wait: TimeDelta) {
        let now = self.clock.now();
        self.paces.with(lease, limits, now, |pace| pace.stop(wait, now));
    }
}

/// A read that is under way.
pub(super) struct UnderWay<'p> {
    parts: &'p Context,
    lease: Lease,
    limits: PaceLimits,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.parts.paces.with(&self.lease, self.limits, self.parts.clock.now(), Pace::read_ended);
    }
}

/// A time after another; the same beyond the end of the calendar.
pub(crate) fn later(at: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(wait).unwrap_or(at)
}
