//! Apple's App and Book Management service: the licenses of devices and users.

use std::collections::BTreeSet;

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::AssetKey,
    id::{AdamId, ClientUserId, LocationId, SerialNumber},
    plan::{PaceLimits, PackLimits},
    seats::{Direction, EventId, Holder, Holders, RequestFailure, VppUserStatus},
    token::{ContentToken, ReplyFacts},
};

use crate::{ClientConfig, Notification, NotificationRefusal, NotificationSecret, ServiceError};

/// Apple's service, as far as licenses are assigned.
///
/// Each call is one request, beside the service config that is read now and then, and is never repeated by itself:
/// who calls keeps the pace of the location, and a request that was written is sent at most once. When a call fails,
/// [`ServiceError::may_have_arrived`] tells whether Apple may do it all the same. A call ends within 60 seconds: the lease
/// of its session has to outlast it.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AssignmentService: Send + Sync {
    /// What Apple takes in one request and in one second, as its service config says now.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn limits(&self) -> Result<ServiceLimits, ServiceError>;

    /// Reads one page of the assignments.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9721 when Apple does not know the version any more, 9650 when there is no such page.
    async fn assignments(
        &self,
        token: &ContentToken,
        asked: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError>;

    /// Associates or disassociates each of the assets with each of the holders.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], with the assets and holders that Apple names.
    async fn manage_assets(
        &self,
        token: &ContentToken,
        order: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError>;

    /// Takes back every revocable license of the holders in the location.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn revoke_assets(&self, token: &ContentToken, of: &Holders) -> Result<AcceptedEvent, ServiceError>;

    /// Asks how far an event is.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9708 when Apple does not know the event.
    async fn event(&self, token: &ContentToken, event_id: &EventId) -> Result<EventReport, ServiceError>;

    /// Reads one page of the users.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9721 when Apple does not know the version any more, 9650 when there is no such page.
    async fn users(&self, token: &ContentToken, asked: &UsersQuery) -> Result<UsersPage, ServiceError>;

    /// Creates, updates or retires users.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], with the users that Apple names.
    async fn manage_users(
        &self,
        token: &ContentToken,
        order: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError>;

    /// Tells Apple where to send notifications, and which. Apple sends a test notification before it answers, so the
    /// receiver has to know the secret already.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9728 when the test notification was not taken.
    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError>;

    /// Reads the body of a notification. Who calls has checked that it is at most
    /// [`LARGEST_NOTIFICATION`](crate::LARGEST_NOTIFICATION) bytes long and that its bearer is right: Apple signs
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`NotificationRefusal`] when it is no notification. A type that is not known is none: it is
    /// [`NotificationKind::Unknown`](crate::NotificationKind::Unknown).
    fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationRefusal>;
}

/// Which assignments are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignmentsQuery {
    /// The page, from 0.
    pub page: u32,
    /// Only what changed since this version: a delta.
    pub since_version: Option<String>,
    /// Only those of this app.
    pub adam_id: Option<AdamId>,
    /// Only those of this device.
    pub serial_number: Option<SerialNumber>,
    /// Only those of this user.
    pub client_user_id: Option<ClientUserId>,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The page after this one; `None` on the last.
    pub next: Option<u32>,
    /// How many pages there are, when the reply says.
    pub total: Option<u32>,
    /// The version of the list.
    pub version_id: Option<String>,
    /// Expiry and claim.
    pub reply: ReplyFacts,
}

/// A page of assignments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignmentsPage {
    /// What is said of the page.
    pub page: PageFacts,
    /// The assignments, in Apple's order.
    pub assignments: Vec<Assignment>,
}

/// A license of a holder. Apple has no other id for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// What is licensed.
    pub asset: AssetKey,
    /// To whom.
    pub holder: Holder,
}

/// A request that moves licenses: each asset for each holder. Both within the limits, without duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageAssets {
    /// Which way.
    pub direction: Direction,
    /// The assets.
    pub assets: BTreeSet<AssetKey>,
    /// The holders.
    pub holders: Holders,
}

/// A request that Apple accepted, to do it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedEvent {
    /// The id to ask for.
    pub event_id: EventId,
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// Expiry and claim.
    pub reply: ReplyFacts,
}

/// How far an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventReport {
    /// How far.
    pub status: EventStatus,
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// Expiry and claim.
    pub reply: ReplyFacts,
}

/// How far an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventStatus {
    /// Apple has not finished it.
    Pending,
    /// All of it is done.
    Complete,
    /// At least one part failed; others may be done.
    Failed {
        /// The errors that Apple named.
        failures: Vec<RequestFailure>,
    },
}

/// Which users are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersQuery {
    /// The page, from 0.
    pub page: u32,
    /// Only what changed since this version.
    pub since_version: Option<String>,
    /// Only this one.
    pub client_user_id: Option<ClientUserId>,
    /// Without those who are retired.
    pub active_only: bool,
}

/// A page of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersPage {
    /// What is said of the page.
    pub page: PageFacts,
    /// The users, in Apple's order.
    pub users: Vec<RegisteredUser>,
}

/// A user as Apple knows him. There may be retired ones with the same id beside an active one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredUser {
    /// The id under which he was registered.
    pub client_user_id: ClientUserId,
    /// His mail address, if he has one.
    pub email: Option<String>,
    /// How far he is.
    pub status: VppUserStatus,
    /// What his invitation is accepted with, while he is registered only. A secret of his.
    pub invite_code: Option<String>,
}

/// What is to be done with users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageUsers {
    /// What.
    pub act: UserAct,
    /// With whom, within the limit, without duplicates.
    pub users: Vec<UserToManage>,
}

/// What can be done with users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserAct {
    /// Register them.
    Create,
    /// Change their address or account.
    Update,
    /// Take back their licenses and forget their accounts.
    Retire,
}

/// A user to register, change or retire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserToManage {
    /// The id under which he is registered: unique in the organization, never reused.
    pub client_user_id: ClientUserId,
    /// His mail address.
    pub email: Option<String>,
    /// His Managed Apple Account: with it he needs no invitation.
    pub managed_apple_id: Option<String>,
}

/// Where notifications go, as it is wanted or as Apple says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address, https, host and path only.
    pub url: String,
    /// The secret that Apple sends with each notification.
    pub bearer: NotificationSecret,
    /// Which notifications, in Apple's words: the complete list.
    pub types: BTreeSet<String>,
}

/// What Apple takes in one request and in one second, as its service config says. The default is what its
/// documentation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// Requests that associate and disassociate.
    pub pack: PackLimits,
    /// Devices in one revocation (`maxRevokeSerialNumbers`).
    pub revoke_serial_numbers: u32,
    /// Users in one revocation (`maxRevokeClientUserIds`).
    pub revoke_client_user_ids: u32,
    /// Users in one creation, update or retirement (`maxUsers`).
    pub users: u32,
    /// Requests of one location in a second.
    pub pace: PaceLimits,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            pack: PackLimits::default(),
            revoke_serial_numbers: 100,
            revoke_client_user_ids: 100,
            users: 100,
            pace: PaceLimits::default(),
        }
    }
}
