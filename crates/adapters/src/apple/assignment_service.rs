//! The licenses of devices and users, over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use mdm_vpp_core::{
    id::LocationId,
    seats::{Direction, EventId, Holders},
    token::ContentToken,
};
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig, EventReport,
    ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError, ServiceErrorKind,
    ServiceLimits, Subscription, UserAct, UsersPage, UsersQuery,
};
use tracing::Instrument as _;

use super::{
    AppleClient, AppleRequest, Call, Credential, Service,
    call::Located,
    pages::Misfit,
    reply::ReadReply,
    wire::{
        Endpoint, Paged, ServiceConfig, answer_accepted, answer_assignments, answer_client_config,
        answer_event, answer_users, assignments_query, manage_assets_body, manage_users_body,
        read_notification, revoke_body, subscription_body, users_query,
    },
    within,
};

/// Apple's App and Book Management service, API v2: the licenses of devices and users.
///
/// Each call is one request that is never repeated, beside the one for Apple's service config when that is older than 5
/// minutes. It ends within [`AppleSettings::request_timeout`](super::AppleSettings::request_timeout). After a
/// `Retry-After`, calls for the same location fail with [`ServiceErrorKind::NotSent`] and without a request until it is
/// over; [`retry_after`](ServiceError::retry_after) of the error tells how long that is.
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
        parameters: &[(&'static str, String)],
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let request = |config: &_| {
            let mut url = self.client.address(config, endpoint)?;
            if !parameters.is_empty() {
                url.query_pairs_mut().extend_pairs(parameters);
            }
            Ok(AppleRequest::read(url, Credential::Bearer(token)))
        };
        self.once(name, token, request, read).await
    }

    async fn post<T: Located>(
        &self,
        name: &'static str,
        token: &ContentToken,
        endpoint: Endpoint,
        body: String,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let request = |config: &_| {
            let url = self.client.address(config, endpoint)?;
            Ok(AppleRequest { body: Some(body), ..AppleRequest::read(url, Credential::Bearer(token)) })
        };
        self.once(name, token, request, read).await
    }

    async fn once<'a, T: Located>(
        &self,
        name: &'static str,
        token: &'a ContentToken,
        request: impl FnOnce(&ServiceConfig) -> Result<AppleRequest<'a>, ServiceErrorKind>,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let (client, policy) = (&*self.client, &self.client.settings.retry);
        let call = Call { client, name, service: Service::Licenses, policy };
        let span = tracing::debug_span!("apple_call", call = name);
        call.once(token, request, read).instrument(span).await
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
        query: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        let (name, parameters) = ("reading the assignments", assignments_query(query));
        let read = self.get(name, token, Endpoint::GetAssignments, &parameters, answer_assignments).await?;
        read.asked_for_as(query.page, name)
    }

    async fn manage_assets(
        &self,
        token: &ContentToken,
        request: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError> {
        let (name, endpoint) = match request.direction {
            Direction::Associate => ("associating assets", Endpoint::AssociateAssets),
            Direction::Disassociate => ("disassociating assets", Endpoint::DisassociateAssets),
        };
        self.post(name, token, endpoint, manage_assets_body(request), answer_accepted).await
    }

    async fn revoke_assets(
        &self,
        token: &ContentToken,
        holders: &Holders,
    ) -> Result<AcceptedEvent, ServiceError> {
        self.post("revoking assets", token, Endpoint::RevokeAssets, revoke_body(holders), answer_accepted)
            .await
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        let query = [("eventId", event_id.to_string())];
        self.get("asking for an event", token, Endpoint::EventStatus, &query, answer_event).await
    }

    async fn users(&self, token: &ContentToken, query: &UsersQuery) -> Result<UsersPage, ServiceError> {
        let (name, parameters) = ("reading the users", users_query(query));
        let read = self.get(name, token, Endpoint::GetUsers, &parameters, answer_users).await?;
        read.asked_for_as(query.page, name)
    }

    async fn manage_users(
        &self,
        token: &ContentToken,
        request: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError> {
        let (name, endpoint) = match request.act {
            UserAct::Create => ("creating users", Endpoint::CreateUsers),
            UserAct::Update => ("updating users", Endpoint::UpdateUsers),
            UserAct::Retire => ("retiring users", Endpoint::RetireUsers),
        };
        self.post(name, token, endpoint, manage_users_body(request), answer_accepted).await
    }

    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError> {
        let request = |config: &_| {
            let url = self.client.address(config, Endpoint::ClientConfig)?;
            let (body, secret) = (Some(subscription_body(subscription)), Some(&subscription.bearer));
            Ok(AppleRequest { body, secret, ..AppleRequest::read(url, Credential::Bearer(token)) })
        };
        self.once("subscribing to notifications", token, request, answer_client_config).await
    }

    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        read_notification(body)
    }
}

impl<T> Paged<T> {
    /// The page, if it is the one that was asked for and the next one follows it.
    pub(super) fn asked_for_as(self, index: u32, call: &'static str) -> Result<T, ServiceError> {
        match Misfit::of(&self.members, index) {
            Some(misfit) => Err(misfit.into_error(call)),
            None => Ok(self.page),
        }
    }
}

impl<T: Located> Located for Paged<T> {
    fn location(&self) -> Option<&LocationId> {
        self.page.location()
    }
}

impl Located for AssignmentsPage {
    fn location(&self) -> Option<&LocationId> {
        self.page.location.as_ref()
    }
}

impl Located for UsersPage {
    fn location(&self) -> Option<&LocationId> {
        self.page.location.as_ref()
    }
}

impl Located for AcceptedEvent {
    fn location(&self) -> Option<&LocationId> {
        self.location.as_ref()
    }
}

impl Located for EventReport {
    fn location(&self) -> Option<&LocationId> {
        self.location.as_ref()
    }
}

impl Located for ClientConfig {
    fn location(&self) -> Option<&LocationId> {
        Some(&self.location.id)
    }
}
