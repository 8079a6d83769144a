//! Read-only mode: nothing that writes at Apple leaves this process.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp_core::{
    id::TenantId,
    seats::{EventId, Holders},
    token::{ContentToken, MdmInfo},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{
    AcceptedEvent, AssetList, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig,
    EventReport, LicenseService, ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError,
    ServiceErrorKind, ServiceLimits, StoreError, Subscription, UsersPage, UsersQuery,
};

use crate::{vpp::Context, work_failure::Failure};

/// What would write is looked at again after so many minutes, without a call: by then another process, which may write,
/// may have the store.
const AGAIN_MINUTES: i64 = 60;

/// A service of which only the reading calls are let through.
pub(crate) struct ReadOnly<S: ?Sized>(pub(crate) Arc<S>);

impl Context {
    /// Puts off what would write, if this process only reads. `None` when it may go on; else what to tell.
    pub(crate) async fn left_unsent(
        &self,
        tenant: &TenantId,
        due: &Job,
    ) -> Result<Option<Option<Failure>>, StoreError> {
        let is_claim = matches!(due.kind, JobKind::ClaimLocation { .. } | JobKind::TakeOverLocation { .. });
        let writes = is_claim || matches!(due.kind, JobKind::SendRequests { .. } | JobKind::Subscribe { .. });
        if !self.read_only || !writes {
            return Ok(None);
        }
        // A location that is not claimed is told once for each time that somebody asks.
        let told = is_claim && due.tries == 0;
        let tries = if is_claim { due.tries.max(1) } else { due.tries };
        let again = due.rescheduled_in(self.clock.now(), TimeDelta::minutes(AGAIN_MINUTES));
        self.reschedule(tenant, due, Job { tries, ..again }).await?;
        Ok(Some(told.then(|| {
            Failure {
                code: "read_only_mode",
                number: None,
                message: "the location is not claimed, for the library was built to read only: \
                      build it without `VppBuilder::read_only` to claim it"
                    .to_owned(),
            }
        })))
    }
}

/// The answer to a call that is not let through.
fn not_sent(call: &'static str) -> ServiceError {
    let reason = "the library was built to read only".to_owned();
    ServiceError { call, kind: ServiceErrorKind::NotSent { reason }, retry_after: None }
}

#[async_trait]
impl LicenseService for ReadOnly<dyn LicenseService> {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        self.0.client_config(token).await
    }

    async fn claim(&self, _: &ContentToken, _: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        Err(not_sent("claiming the location"))
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        self.0.assets(token).await
    }
}

#[async_trait]
impl AssignmentService for ReadOnly<dyn AssignmentService> {
    async fn limits(&self) -> Result<ServiceLimits, ServiceError> {
        self.0.limits().await
    }

    async fn assignments(
        &self,
        token: &ContentToken,
        asked: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        self.0.assignments(token, asked).await
    }

    async fn manage_assets(&self, _: &ContentToken, _: &ManageAssets) -> Result<AcceptedEvent, ServiceError> {
        Err(not_sent("changing licenses"))
    }

    async fn revoke_assets(&self, _: &ContentToken, _: &Holders) -> Result<AcceptedEvent, ServiceError> {
        Err(not_sent("revoking licenses"))
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        self.0.event(token, event_id).await
    }

    async fn users(&self, token: &ContentToken, asked: &UsersQuery) -> Result<UsersPage, ServiceError> {
        self.0.users(token, asked).await
    }

    async fn manage_users(&self, _: &ContentToken, _: &ManageUsers) -> Result<AcceptedEvent, ServiceError> {
        Err(not_sent("changing users"))
    }

    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        self.0.read_notification(body)
    }

    async fn subscribe(&self, _: &ContentToken, _: &Subscription) -> Result<ClientConfig, ServiceError> {
        Err(not_sent("subscribing to notifications"))
    }
}
