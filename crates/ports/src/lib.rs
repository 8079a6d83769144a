//! What `mdm-vpp` needs from outside, as object-safe async traits.
//!
//! | Port | What stands behind it |
//! |---|---|
//! | [`LicenseService`] | Apple's App and Book Management service: tokens and assets |
//! | [`AssignmentService`] | the same service: licenses of devices and users |
//! | [`AppMetadata`] | Apple's store, asked for names and icons |
//! | [`AppCatalog`] | the embedder's catalog, told about each app |
//! | [`Store`] | a database, or memory |
//! | [`Clock`] | the time |
//! | [`Timer`] | waiting for a time |
//!
//! Three features help in tests; none of them changes a port:
//!
//! - `mock`: a mockall mock of each port, for single calls and their failures.
//! - `fake`: in-memory fakes that keep a state. The fake of [`Store`] is the store crate's memory store; that of
//!   [`LicenseService`] and [`AppMetadata`] is the simulator.
//! - `conformance`: the suites that every implementation has to pass, an embedder's own included.

mod app_catalog;
mod app_metadata;
mod assignment_service;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "fake")]
pub mod fake;
mod lease;
mod license_service;
mod load_scope;
mod notification;
mod notification_answer;
mod notification_secret;
mod received_notification;
mod service_error;
mod store;
mod store_error;

#[cfg(feature = "mock")]
pub use self::{
    app_catalog::MockAppCatalog,
    app_metadata::MockAppMetadata,
    assignment_service::MockAssignmentService,
    clock::{MockClock, MockTimer},
    license_service::MockLicenseService,
    store::MockStore,
};
pub use self::{
    app_catalog::{AppCatalog, AppCatalogError},
    app_metadata::{AppMetadata, AppMetadataQuery},
    assignment_service::{
        AcceptedEvent, Assignment, AssignmentService, AssignmentsPage, AssignmentsQuery, EventReport,
        EventStatus, ManageAssets, ManageUsers, PageFacts, RegisteredUser, ServiceLimits, Subscription,
        UserAct, UserToManage, UsersPage, UsersQuery,
    },
    clock::{Clock, Timer},
    lease::{Lease, LeaseHolder},
    license_service::{AssetList, ClientConfig, LicenseService},
    load_scope::{Apps, LoadScope, LocationScope, Pools, Requests, Seats, Tokens, VppUsers},
    notification::{
        AssetAct, Notification, NotificationId, NotificationKind, NotifiedResult, SubscriptionAssignment,
        SubscriptionSeats,
    },
    notification_answer::{LARGEST_NOTIFICATION, NotificationAnswer, NotificationRefusal},
    notification_secret::{NotificationSecret, NotificationSecretError, NotificationSecrets},
    received_notification::{Receipt, ReceivedNotification},
    service_error::{ServiceError, ServiceErrorKind},
    store::{Decide, Declined, Store, StoredContentToken, TenantJob},
    store_error::StoreError,
};
