//! Apple's service under a program that makes a mistake in how it calls, or in what it makes of an answer.

use std::{num::NonZeroU32, sync::Arc};

use async_trait::async_trait;
use mdm_vpp_core::{
    seats::{EventId, Holders},
    token::ContentToken,
};
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig, EventReport,
    EventStatus, ManageAssets, ManageUsers, Notification, NotificationRefusal, ServiceError,
    ServiceErrorKind, ServiceLimits, Subscription, UsersPage, UsersQuery,
};

use crate::Mistake;

pub(crate) struct MistakenService {
    pub(crate) service: Arc<dyn AssignmentService>,
    pub(crate) mistake: Mistake,
}

#[async_trait]
impl AssignmentService for MistakenService {
    async fn limits(&self) -> Result<ServiceLimits, ServiceError> {
        let mut limits = self.service.limits().await?;
        if let (Mistake::KeepsNoPace, Some(many)) = (self.mistake, NonZeroU32::new(100_000)) {
            limits.pace = limits.pace.with_requests_per_second(many);
        }
        Ok(limits)
    }

    async fn assignments(
        &self,
        token: &ContentToken,
        asked: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError> {
        let answer = self.service.assignments(token, asked).await;
        match (self.mistake, answer) {
            (Mistake::ReadsOnePage, Ok(mut page)) => {
                (page.page.next, page.page.total) = (None, Some(1));
                Ok(page)
            }
            (Mistake::TakesAnErrorForAnEmptyList, Err(_)) => Ok(AssignmentsPage::default()),
            (_, answer) => answer,
        }
    }

    async fn manage_assets(
        &self,
        token: &ContentToken,
        order: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError> {
        let answer = self.service.manage_assets(token, order).await;
        match (self.mistake, answer) {
            (Mistake::TakesALossForARefusal, Err(error)) if error.may_have_arrived() => {
                let trouble = ServiceErrorKind::NotSent { reason: "nothing came back".to_owned() };
                Err(ServiceError { kind: trouble, ..error })
            }
            (_, answer) => answer,
        }
    }

    async fn revoke_assets(&self, token: &ContentToken, of: &Holders) -> Result<AcceptedEvent, ServiceError> {
        self.service.revoke_assets(token, of).await
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        let mut report = self.service.event(token, event_id).await?;
        if self.mistake == Mistake::TakesPendingForComplete && report.status == EventStatus::Pending {
            report.status = EventStatus::Complete;
        }
        Ok(report)
    }

    async fn users(&self, token: &ContentToken, asked: &UsersQuery) -> Result<UsersPage, ServiceError> {
        self.service.users(token, asked).await
    }

    async fn manage_users(
        &self,
        token: &ContentToken,
        order: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError> {
        self.service.manage_users(token, order).await
    }

    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal> {
        self.service.read_notification(body)
    }

    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError> {
        self.service.subscribe(token, subscription).await
    }
}
