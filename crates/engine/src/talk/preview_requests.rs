//! What would be sent next.

use mdm_vpp_core::{
    decide::assignments::{PreviewedRequest, preview_requests},
    id::LocationId,
    plan::PackLimits,
    seats::NextAction,
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, ServiceError, StoreError, VppUsers};
use thiserror::Error;

use super::scopes;
use crate::Tenant;

/// Why it is not known what would be sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PreviewRequestsError {
    /// Apple did not say how much fits into a request.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The store failed, or there is no such token.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PreviewRequestsError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// The requests about licenses of a location that would leave now, the first one first, within Apple's limits.
    /// Nothing is written and nothing sent. With a library that was built
    /// [read-only](crate::VppBuilder::read_only) they stay here; without, [`Vpp::work`](crate::Vpp::work) sends them soon,
    /// together with what is wished meanwhile.
    ///
    /// What has to be read first is not among them: licenses of which nothing is known yet, and users who were not read.
    /// Let `work` read them. Wishes for which no license is free are not among them either.
    ///
    /// # Errors
    ///
    /// [`PreviewRequestsError`].
    pub async fn preview_requests(
        &self,
        token: &LocationId,
    ) -> Result<Vec<PreviewedRequest>, PreviewRequestsError> {
        let scope = LocationScope {
            pools: Pools::All,
            seats: Seats::WithNextAction([NextAction::Send].into(), usize::MAX),
            users: VppUsers::OfSeats,
            ..scopes::location_scope(token, None)
        };
        let rows = self.parts.load_location(&self.id, scope).await?;
        let rows = rows.ok_or_else(|| StoreError::UnknownToken { location: token.clone() })?;
        let limits = match &self.parts.assignments {
            Some(service) => service.limits().await?.pack,
            None => PackLimits::default(),
        };
        Ok(preview_requests(&rows, &limits, self.parts.clock.now()))
    }
}
