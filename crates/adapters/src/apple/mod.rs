//! Apple's App and Book Management service, API v2.

mod address;
mod assignment_service;
mod call;
mod client;
mod config_cache;
mod exchange;
mod license_service;
mod pages;
mod reply;
mod retry;
mod scrub;
mod settings;
mod stops;
pub(crate) mod wire;

pub use assignment_service::AppleAssignmentService;
pub(crate) use call::{Call, within};
pub use client::AppleClient;
pub(crate) use exchange::{AppleRequest, Credential};
pub use license_service::AppleLicenseService;
pub use retry::{RetryPolicy, RetryStep, Service};
#[cfg(feature = "reqwest")]
pub use settings::ConnectError;
pub use settings::{AppleSettings, SettingsError};
