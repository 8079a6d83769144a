//! Mistakes that an engine like ours could make, planted at the ports to show that worlds find them.

use std::{num::NonZeroU32, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use mdm_vpp_core::{
    location::SeatChange,
    seats::{Desired, Epoch, EventId, Holders, Observed, RequestState, Seat, UnassignReason},
    token::ContentToken,
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{
    AcceptedEvent, AssignmentService, AssignmentsPage, AssignmentsQuery, ClientConfig, Decide, Declined,
    EventReport, EventStatus, Lease, ManageAssets, ManageUsers, Notification, NotificationRefusal,
    ServiceError, ServiceErrorKind, ServiceLimits, Subscription, UsersPage, UsersQuery, fake::Gate,
};

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// A request without an answer leaves no fence.
    DropsTheFence,
    /// A fence ends after 5 seconds.
    ShortensTheFence,
    /// What Apple reports as done counts as listed.
    ConfirmsByTheReport,
    /// A full read ends after its first page.
    ReadsOnePage,
    /// A request whose answer was lost counts as never sent.
    TakesALossForARefusal,
    /// A pending event counts as complete.
    TakesPendingForComplete,
    /// A reply that cannot be read counts as an empty list.
    TakesAnErrorForAnEmptyList,
    /// Every session has the same epoch, so a session does not clean up after one that died.
    KeepsTheEpoch,
    /// Requests leave without a pace.
    KeepsNoPace,
    /// Seats change, and the counts of their pool do not.
    CountsNothing,
    /// A request is sent and its row is not kept.
    ForgetsTheRequest,
    /// The engine takes back a license that another product gave.
    TakesBackForeign,
}

impl Mistake {
    /// All mistakes.
    pub const ALL: [Self; 12] = [
        Self::DropsTheFence,
        Self::ShortensTheFence,
        Self::ConfirmsByTheReport,
        Self::ReadsOnePage,
        Self::TakesALossForARefusal,
        Self::TakesPendingForComplete,
        Self::TakesAnErrorForAnEmptyList,
        Self::KeepsTheEpoch,
        Self::KeepsNoPace,
        Self::CountsNothing,
        Self::ForgetsTheRequest,
        Self::TakesBackForeign,
    ];

    fn spoil(self, seat: &mut Seat) {
        match self {
            Self::DropsTheFence => seat.fence = None,
            Self::ShortensTheFence => {
                if let Some(fence) = &mut seat.fence {
                    fence.until = fence.until.min(seat.touched_at + TimeDelta::seconds(5));
                }
            }
            Self::ConfirmsByTheReport if seat.observed == Observed::Reported => {
                seat.observed = Observed::Assigned;
            }
            Self::TakesBackForeign if !seat.is_ours() => {
                seat.desired = Desired::Unassigned { because: UnassignReason::NotNeeded };
            }
            _ => {}
        }
    }
}

/// Spoils what the engine saves, and the leases that it is granted.
impl Gate for Mistake {
    fn decision(&self, decide: Arc<dyn Decide>) -> Arc<dyn Decide> {
        Arc::new(SpoiltDecision { decide, mistake: *self })
    }

    fn granted(&self, lease: Lease) -> Lease {
        match self {
            Self::KeepsTheEpoch => Lease { epoch: Epoch(1), ..lease },
            _ => lease,
        }
    }
}

/// A decision that is spoilt before it is saved.
struct SpoiltDecision {
    decide: Arc<dyn Decide>,
    mistake: Mistake,
}

impl Decide for SpoiltDecision {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        let mut decision = self.decide.decide(loaded)?;
        for change in decision.location.seats.values_mut() {
            if let SeatChange::Put(seat) = change {
                self.mistake.spoil(seat);
            }
        }
        match self.mistake {
            // The counts that a sync of assets saves stay, or the world would have no licenses at all.
            Mistake::CountsNothing if loaded.location.is_some() => decision.pools.clear(),
            Mistake::ForgetsTheRequest => {
                decision
                    .location
                    .requests
                    .retain(|request| !matches!(request.state, RequestState::Written { .. }));
            }
            _ => {}
        }
        Ok(decision)
    }
}

/// Apple's service under an engine that makes a mistake in its calls, or in what it reads from an answer.
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
                let kind = ServiceErrorKind::NotSent { reason: "nothing came back".to_owned() };
                Err(ServiceError { kind, ..error })
            }
            (_, answer) => answer,
        }
    }

    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError> {
        let mut report = self.service.event(token, event_id).await?;
        if self.mistake == Mistake::TakesPendingForComplete && report.status == EventStatus::Pending {
            report.status = EventStatus::Complete;
        }
        Ok(report)
    }

    async fn revoke_assets(&self, token: &ContentToken, of: &Holders) -> Result<AcceptedEvent, ServiceError> {
        self.service.revoke_assets(token, of).await
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
