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
/// Each call is one request, beside the service config that is read now and then, and an implementation never repeats
/// it: the session of the location keeps the pace, and a request that was written down is sent at most once. When a
/// call fails, [`ServiceError::may_have_arrived`] tells whether Apple may carry it out all the same.
///
/// A call ends within 60 seconds (our choice; large lists are slow, observed). The lease of the session has
/// to outlast it, or another process could send in the other direction meanwhile. The suite
/// `conformance::assignment_service` checks what an implementation promises.
///
/// ```
/// use mdm_vpp_core::token::ContentToken;
/// use mdm_vpp_ports::{Assignment, AssignmentService, AssignmentsQuery, ServiceError};
///
/// /// All assignments of a location, page by page.
/// async fn all(
///     apple: &dyn AssignmentService,
///     token: &ContentToken,
/// ) -> Result<Vec<Assignment>, ServiceError> {
///     let (mut all, mut next) = (Vec::new(), Some(0));
///     while let Some(page) = next {
///         let query = AssignmentsQuery { page, ..AssignmentsQuery::default() };
///         let read = apple.assignments(token, &query).await?;
///         all.extend(read.assignments);
///         next = read.page.next;
///     }
///     Ok(all)
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AssignmentService: Send + Sync {
    /// Reads what Apple takes in one request and in one second, as its service config says now.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn limits(&self) -> Result<ServiceLimits, ServiceError>;

    /// Reads one page of the assignments.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9721 when Apple no longer knows the version, 9650 when there is no such page.
    async fn assignments(
        &self,
        token: &ContentToken,
        query: &AssignmentsQuery,
    ) -> Result<AssignmentsPage, ServiceError>;

    /// Associates or disassociates each of the assets with each of the holders.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], with the assets and holders that Apple names.
    async fn manage_assets(
        &self,
        token: &ContentToken,
        request: &ManageAssets,
    ) -> Result<AcceptedEvent, ServiceError>;

    /// Takes back every revocable license of the holders in the location.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn revoke_assets(
        &self,
        token: &ContentToken,
        holders: &Holders,
    ) -> Result<AcceptedEvent, ServiceError>;

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
    /// [`ServiceError`]; number 9721 when Apple no longer knows the version, 9650 when there is no such page.
    async fn users(&self, token: &ContentToken, query: &UsersQuery) -> Result<UsersPage, ServiceError>;

    /// Creates, updates or retires users.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], with the users that Apple names.
    async fn manage_users(
        &self,
        token: &ContentToken,
        request: &ManageUsers,
    ) -> Result<AcceptedEvent, ServiceError>;

    /// Tells Apple where to send notifications, and which. Apple sends a test notification before it answers, so the
    /// receiver has to know the secret before this is called.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9728 when the test notification was not taken.
    async fn subscribe(
        &self,
        token: &ContentToken,
        subscription: &Subscription,
    ) -> Result<ClientConfig, ServiceError>;

    /// Reads the body of a notification. The caller has checked that it is at most
    /// [`LARGEST_NOTIFICATION`](crate::LARGEST_NOTIFICATION) bytes long and that its bearer is right: the bearer is
    /// the only proof of its sender, because Apple signs nothing.
    ///
    /// # Errors
    ///
    /// [`NotificationRefusal`] when it is not a notification. An unknown type is no error: it is
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

/// What a reply says of a page beside its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The page after this one; `None` on the last.
    pub next: Option<u32>,
    /// The number of pages, when the reply says.
    pub total: Option<u32>,
    /// The version of the list.
    pub version_id: Option<String>,
    /// The token's expiry and the location's claim.
    pub reply: ReplyFacts,
}

/// A page of assignments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignmentsPage {
    /// What the reply says of the page.
    pub page: PageFacts,
    /// The assignments, in Apple's order.
    pub assignments: Vec<Assignment>,
}

/// A license of a holder. Apple has no other id for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// The asset that is licensed.
    pub asset: AssetKey,
    /// The device or user that holds the license.
    pub holder: Holder,
}

/// A request that associates or disassociates each asset with each holder. Both lists are within Apple's limits and
/// without duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageAssets {
    /// Associate or disassociate.
    pub direction: Direction,
    /// The assets.
    pub assets: BTreeSet<AssetKey>,
    /// The holders, all devices or all users.
    pub holders: Holders,
}

/// A request that Apple accepted, to carry it out later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedEvent {
    /// The id under which Apple reports on it.
    pub event_id: EventId,
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The token's expiry and the location's claim.
    pub reply: ReplyFacts,
}

/// What Apple reports of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventReport {
    /// How far it is.
    pub status: EventStatus,
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The token's expiry and the location's claim.
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
    /// Without retired users.
    pub active_only: bool,
}

/// A page of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersPage {
    /// What the reply says of the page.
    pub page: PageFacts,
    /// The users, in Apple's order.
    pub users: Vec<RegisteredUser>,
}

/// A user as Apple knows them. Retired users with the same id may stand beside an active one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredUser {
    /// The id under which they were registered.
    pub client_user_id: ClientUserId,
    /// Their mail address, if Apple has one.
    pub email: Option<String>,
    /// Registered, associated with an Apple Account, or retired.
    pub status: VppUserStatus,
    /// The code that accepts their invitation, while they are registered only. Keep it from other users: it binds the
    /// Apple Account of the person who enters it.
    pub invite_code: Option<String>,
}

/// A request that creates, updates or retires users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageUsers {
    /// What to do.
    pub act: UserAct,
    /// The users, within Apple's limit and without duplicates.
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
    /// The id under which they are registered: unique in the organization, never reused.
    pub client_user_id: ClientUserId,
    /// Their mail address.
    pub email: Option<String>,
    /// Their Managed Apple Account. With it they need no invitation.
    pub managed_apple_id: Option<String>,
}

/// Where notifications go: as it should be, or as Apple says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address: https, host and path only.
    pub url: String,
    /// The secret that Apple sends with each notification.
    pub bearer: NotificationSecret,
    /// The types of notifications, in Apple's words: the complete list.
    pub types: BTreeSet<String>,
}

/// What Apple takes in one request and in one second, as its service config says. The default is what Apple's
/// documentation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// Assets and holders in one request that associates or disassociates.
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
