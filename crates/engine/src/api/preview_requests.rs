//! The requests that would be sent next.

use mdm_vpp_core::{
    decide::assignments::{PreviewedRequest, preview_requests},
    id::LocationId,
    plan::PackLimits,
    seats::NextAction,
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, ServiceError, StoreError, VppUsers};
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
};

/// Why the next requests are not known.
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
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Service(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(PreviewRequestsError);

impl Tenant {
    /// The requests about licenses of a location that would leave now, the first one first, within Apple's limits.
    /// Nothing is written and nothing sent. With a library that was built
    /// [read-only](crate::VppBuilder::read_only) they stay here; without, [`Vpp::work`](crate::Vpp::work) sends them soon,
    /// together with what is assigned meanwhile.
    ///
    /// What has to be read first is not among them: licenses of which nothing is known yet, and users who were not read.
    /// Let `work` read them. Claimants on the waitlist are not among them either.
    ///
    /// # Errors
    ///
    /// [`PreviewRequestsError`].
    pub async fn preview_requests(
        &self,
        location: &LocationId,
    ) -> Result<Vec<PreviewedRequest>, PreviewRequestsError> {
        let scope = LocationScope::of(location.clone())
            .pools(Pools::All)
            .seats(Seats::WithNextAction([NextAction::Send].into(), usize::MAX))
            .users(VppUsers::OfSeats);
        let rows = self.location_rows(scope).await?;
        let limits = match self.context().assignments() {
            Some(service) => service.limits().await?.pack,
            None => PackLimits::default(),
        };
        Ok(preview_requests(&rows, &limits, self.context().now()))
    }
}
