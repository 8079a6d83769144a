//! One customer of the embedder. Its acts stand in the files beside this one.

use std::{fmt, sync::Arc};

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::LocationRows,
    token::Token,
};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::{TokenOutcome, TokenOverview};
use crate::{
    context::Context,
    worker::{WorkLimit, Worker},
};

/// One customer of the embedder. Nothing of another tenant can be reached through it.
#[derive(Clone)]
pub struct Tenant {
    worker: Arc<Worker>,
    id: TenantId,
}

impl Tenant {
    pub(super) const fn new(worker: Arc<Worker>, id: TenantId) -> Self {
        Self { worker, id }
    }

    /// The tenant's id.
    #[must_use]
    pub const fn id(&self) -> &TenantId {
        &self.id
    }

    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    pub(super) fn context(&self) -> &Context {
        self.worker.context()
    }

    /// Rows of a location of this tenant.
    pub(super) async fn location_rows(&self, scope: LocationScope) -> Result<LocationRows, StoreError> {
        let location = scope.location.clone();
        let rows = self.context().load_location(&self.id, scope).await?;
        rows.ok_or(StoreError::UnknownToken { location })
    }

    /// Runs the due jobs of a token's location at once, and answers with the status reached. `saved` is the token as the
    /// act saved it: the act is done, so whatever fails from here on is a failure of the work.
    pub(super) async fn outcome_of(&self, saved: Token, limit: &WorkLimit) -> TokenOutcome {
        let location: LocationId = saved.id().clone();
        let failures = self.worker.work_on(&self.id, &location, limit).await;
        let overview = match self.token(&location).await {
            Ok(overview) => overview,
            Err(_) => TokenOverview::at(saved, self.context().now()),
        };
        TokenOutcome { overview, failures }
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tenant").field(&self.id.as_str()).finish()
    }
}
