//! Drives the rules of `mdm-vpp` over its ports.
//!
//! [`Vpp`] is what an embedder holds: built once from a store, Apple's services and the id of the installation. A
//! [`Tenant`] of it has the acts of administrators; [`Vpp::work`] runs the jobs that follow from them. Nothing is spawned
//! and no clock runs here: the embedder calls `work` when and where it likes, and the time comes from the
//! [`Clock`](mdm_vpp_ports::Clock) port alone.
//!
//! The parts, each of which knows only those before it:
//!
//! | Module | What it does |
//! | --- | --- |
//! | `context` | holds the store, Apple's services, time and settings; saves decisions |
//! | `sessions` | gives one process at a time the right to call Apple about a location, at its pace |
//! | `reconcile` | carries out jobs, one file for each kind |
//! | `worker` | takes due jobs, runs them and finishes them |
//! | `notifications` | takes what Apple posts and enqueues what follows from it |
//! | `api` | the public types, one file for each act of a tenant |

mod api;
mod context;
mod notifications;
mod reconcile;
mod sessions;
mod worker;

pub use api::{
    AddApp, AddAppError, AdoptError, AppleServices, AssignError, AuditPage, ClaimError, DriftError,
    EditError, FileRefusedByApple, Page, PageQuery, PreviewRequestsError, RevokeError, SeatState, SeatsQuery,
    SyncError, Tenant, TokenDetailsCursor, TokenOutcome, TokenOverview, TokenUpdate, UpdateError,
    UploadError, UploadToken, Vpp, VppBuilder,
};
pub use context::{SystemClock, SystemTimer, WorkFailure};
pub use notifications::{
    NotificationKey, NotificationKeyError, NotificationKeys, NotificationUrl, NotificationUrlError,
};
pub use worker::{WorkLimit, Worked};
