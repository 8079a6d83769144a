//! Calls about a location that no due row of the talk makes: syncs and claims. Those that are due leave from the one session
//! of the location, and at its pace. A person who asks for one is not made to wait for another process, which may have
//! died: that costs a few calls beside the pace.

use std::{future::Future, time::Duration};

use chrono::TimeDelta;
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{ServiceError, ServiceErrorKind, StoreError};

use super::location_session::{Entered, pace_of};
use crate::vpp::Context;

/// So many assets are on a page at least, as far as was ever seen: what is read in one call is paid for by it.
const ASSETS_ON_A_PAGE: usize = 300;

/// Nobody else calls Apple about the location meanwhile, in this process or another.
pub(crate) struct LocationEntered<'p> {
    _turn: Entered<'p>,
}

impl Context {
    /// Becomes the session of a location; `None` while somebody else is. Without a service for assignments nobody talks, and
    /// there is nobody to be told from.
    pub(crate) async fn enter_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Option<LocationEntered<'_>>, StoreError> {
        let Some(turn) = self.sessions.enter(location) else { return Ok(None) };
        if let Some(service) = &self.assignments {
            let limits = service.limits().await.unwrap_or_default();
            if self.hold(tenant, location, limits.pace).await?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(LocationEntered { _turn: turn }))
    }

    /// Makes a call at the pace of the location, if this process is its session.
    pub(crate) async fn paced<T>(
        &self,
        location: &LocationId,
        call: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, ServiceError> {
        let Some((lease, limits)) = pace_of(&self.sessions, location) else { return call.await };
        let under_way = self.permit_read(&lease, limits).await.map_err(|stopped| {
            let wait = stopped.until.signed_duration_since(self.clock.now());
            ServiceError {
                call: "waiting for Apple",
                kind: ServiceErrorKind::NotSent {
                    reason: "Apple asked to leave the location alone".to_owned(),
                },
                retry_after: Some(wait.to_std().unwrap_or(Duration::ZERO)),
            }
        })?;
        let answer = call.await;
        drop(under_way);
        if let Some(wait) = answer.as_ref().err().and_then(ServiceError::retry_after) {
            self.stop(&lease, limits, TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX));
        }
        answer
    }

    /// Pays for the pages of a list of assets that was read in one call.
    pub(crate) async fn pay_for_pages(&self, location: &LocationId, assets: usize) {
        for _ in 0..assets.div_ceil(ASSETS_ON_A_PAGE).saturating_sub(1) {
            // A stop has been heeded by whoever calls next.
            if self.paced(location, async { Ok(()) }).await.is_err() {
                return;
            }
        }
    }
}
