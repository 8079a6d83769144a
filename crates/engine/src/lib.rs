//! Drives the rules of `mdm-vpp` over its ports.
//!
//! [`Vpp`] is what an embedder holds: built once from a store, Apple's service and the store lookup. A [`Tenant`] of
//! it has the acts of administrators; [`Vpp::work`] carries out what is due. Nothing is spawned and no clock runs
//! here: the host calls `work` when and where it likes, and the time comes from the
//! [`Clock`](mdm_vpp_ports::Clock) port alone.

mod add_app;
mod calls;
mod claim;
mod edit;
mod look_up;
mod notifications;
mod read_only;
mod run_job;
mod suppressed;
mod sync;
mod system_clock;
mod system_timer;
mod talk;
mod tenant;
mod transact;
mod update;
mod upload;
mod vpp;
mod work;
mod work_failure;

pub use add_app::{AddApp, AddAppError};
pub use claim::ClaimError;
pub use edit::EditError;
pub use notifications::{
    NotificationKey, NotificationKeyError, NotificationKeys, NotificationUrl, NotificationUrlError,
};
pub use sync::SyncError;
pub use system_clock::SystemClock;
pub use system_timer::SystemTimer;
pub use talk::{AdoptError, AssignError, DriftError, PreviewRequestsError, RevokeError, SeatQuery};
pub use tenant::{AuditPage, Tenant};
pub use update::{TokenUpdate, UpdateError};
pub use upload::{FileRefusedByApple, UploadError, UploadToken};
pub use vpp::{Vpp, VppBuilder};
pub use work::{WorkLimit, Worked};
pub use work_failure::{TokenOutcome, TokenOverview, WorkFailure};
