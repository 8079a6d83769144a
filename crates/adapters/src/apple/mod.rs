//! Apple's App and Book Management service, API v2.

mod address;
mod assignment_service;
mod call;
mod client;
mod config_cache;
#[cfg(feature = "reqwest")]
mod connect;
mod deadline;
mod endpoint;
mod exchange;
mod license_service;
mod located;
mod merge;
mod notification;
mod once;
mod order;
mod pages;
mod reply;
mod retry;
mod retry_after;
mod scrub;
mod settings;
mod stops;
pub(crate) mod wire;

pub use assignment_service::AppleAssignmentService;
pub(crate) use call::Call;
pub use client::AppleClient;
#[cfg(feature = "reqwest")]
pub use connect::ConnectError;
pub(crate) use deadline::within;
pub(crate) use endpoint::Endpoint;
pub use license_service::AppleLicenseService;
pub(crate) use order::{Credential, Order};
pub use retry::{RetryPolicy, RetryStep, Service};
pub use settings::{AppleSettings, SettingsError};
