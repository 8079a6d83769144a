//! Read-only mode: no call that writes at Apple leaves this process.

use std::sync::Arc;

use async_trait::async_trait;
use mdm_vpp_core::{
    seats::{EventId, Holders},
    token::{ContentToken, MdmInfo},
};
use mdm_vpp_ports::{
    AcceptedEvent, AssetList, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig,
    EventReport, LicenseService, ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError,
    ServiceErrorKind, ServiceLimits, Subscription, UsersPage, UsersQuery,
};

/// Lets only the reading calls of a service through.
pub(super) struct ReadOnly<S: ?Sized>(pub(super) Arc<S>);

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
        query: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        self.0.assignments(token, query).await
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

    async fn users(&self, token: &ContentToken, query: &UsersQuery) -> Result<UsersPage, ServiceError> {
        self.0.users(token, query).await
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
