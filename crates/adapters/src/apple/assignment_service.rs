//! The licenses of devices and users, over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use mdm_vpp_core::{
    seats::{Direction, EventId, Holders},
    token::ContentToken,
};
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig, EventReport,
    ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError, ServiceLimits, Subscription,
    UserAct, UsersPage, UsersQuery,
};

use super::{
    AppleClient, Credential, Endpoint, Order,
    deadline::within,
    located::Located,
    notification::read_notification,
    reply::ReadReply,
    wire::{
        answer_accepted, answer_assignments, answer_client_config, answer_event, answer_users,
        assignments_query, manage_assets_body, manage_users_body, revoke_body, subscription_body,
        users_query,
    },
};

/// Apple's App and Book Management service, API v2, as far as licenses are assigned.
///
/// Each call is one request and is never repeated, beside the one for Apple's service config when that is older than 5
/// minutes. It ends within [`AppleSettings::request_timeout`](super::AppleSettings::request_timeout). After a
/// `Retry-After`, calls for the same location fail with [`ServiceErrorKind::NotSent`](mdm_vpp_ports::ServiceErrorKind::NotSent) and
/// without a request until it is over, with [`retry_after`](ServiceError::retry_after) telling how long that is.
#[derive(Debug, Clone)]
pub struct AppleAssignmentService {
    client: Arc<AppleClient>,
}

impl AppleAssignmentService {
    /// The service behind a client.
    #[must_use]
    pub const fn new(client: Arc<AppleClient>) -> Self {
        Self { client }
    }

    /// The client, for its count of requests.
    #[must_use]
    pub const fn client(&self) -> &Arc<AppleClient> {
        &self.client
    }

    async fn get<T: Located>(
        &self,
        name: &'static str,
        token: &ContentToken,
        endpoint: Endpoint,
        query: &[(&'static str, String)],
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let order = |config: &_| {
            let mut url = self.client.address(config, endpoint)?;
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            Ok(Order::read(url, Credential::Bearer(token)))
        };
        self.client.once(name, token, order, read).await
    }

    async fn post<T: Located>(
        &self,
        name: &'static str,
        token: &ContentToken,
        endpoint: Endpoint,
        body: String,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let order = |config: &_| {
            let url = self.client.address(config, endpoint)?;
            Ok(Order { body: Some(body), ..Order::read(url, Credential::Bearer(token)) })
        };
        self.client.once(name, token, order, read).await
    }
}

#[async_trait]
impl AssignmentService for AppleAssignmentService {
    async fn limits(&self) -> Result<ServiceLimits, ServiceError> {
        let limit = self.client.settings.request_timeout;
        Ok(within(limit, "reading the limits", self.client.service_config_within(1)).await?.limits)
    }

    async fn assignments(
        &self,
        token: &ContentToken,
        asked: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        let (name, query) = ("reading the assignments", assignments_query(asked));
        let read = self.get(name, token, Endpoint::GetAssignments, &query, answer_assignments).await?;
        read.asked_for_as(asked.page, name)
    }

    async fn manage_assets(
        &self,
        token: &ContentToken,
        order: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError> {
        let (name, endpoint) = match order.direction {
            Direction::Associate => ("associating assets", Endpoint::AssociateAssets),
            Direction::Disassociate => ("disassociating assets", Endpoint::DisassociateAssets),
        };
        self.post(name, token, endpoint, manage_assets_body(order), answer_accepted).await
    }

    async fn revoke_assets(&self, token: &ContentToken, of: &Holders) -> Result<AcceptedEvent, ServiceError> {
        self.post("revoking assets", token, Endpoint::RevokeAssets, revoke_body(of), answer_accepted).await
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        let query = [("eventId", event_id.to_string())];
        self.get("asking for an event", token, Endpoint::EventStatus, &query, answer_event).await
    }

    async fn users(&self, token: &ContentToken, asked: &UsersQuery) -> Result<UsersPage, ServiceError> {
        let (name, query) = ("reading the users", users_query(asked));
        let read = self.get(name, token, Endpoint::GetUsers, &query, answer_users).await?;
        read.asked_for_as(asked.page, name)
    }

    async fn manage_users(
        &self,
        token: &ContentToken,
        order: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError> {
        let (name, endpoint) = match order.act {
            UserAct::Create => ("creating users", Endpoint::CreateUsers),
            UserAct::Update => ("updating users", Endpoint::UpdateUsers),
            UserAct::Retire => ("retiring users", Endpoint::RetireUsers),
        };
        self.post(name, token, endpoint, manage_users_body(order), answer_accepted).await
    }

    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError> {
        let order = |config: &_| {
            let url = self.client.address(config, Endpoint::ClientConfig)?;
            let (body, secret) = (Some(subscription_body(subscription)), Some(&subscription.bearer));
            Ok(Order { body, secret, ..Order::read(url, Credential::Bearer(token)) })
        };
        self.client.once("subscribing to notifications", token, order, answer_client_config).await
    }

    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        read_notification(body)
    }
}
