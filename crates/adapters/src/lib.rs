//! Apple's Apps and Books (VPP) service over HTTP, behind the ports of `mdm-vpp`.
//!
//! - [`apple`]: [`AppleLicenseService`](apple::AppleLicenseService), the tokens and assets of a location (API v2),
//!   [`AppleAssignmentService`](apple::AppleAssignmentService), the licenses of its devices and users, and
//!   [`AppleClient`](apple::AppleClient), which they share with the store lookup: one cache of Apple's service
//!   config, one memory of `Retry-After`, one count of requests. The assignment service also reads Apple's
//!   notifications.
//! - [`catalog`]: [`StoreLookup`](catalog::StoreLookup), names and icons from Apple's store.
//! - [`http`]: the seam to an HTTP client. Feature `reqwest` brings one; an embedder may bring its own.
//!
//! ```no_run
//! # #[cfg(feature = "reqwest")] {
//! use std::sync::Arc;
//!
//! use mdm_vpp_adapters::{
//!     apple::{AppleClient, AppleLicenseService, AppleSettings},
//!     catalog::StoreLookup,
//!     http::ReqwestTransport,
//! };
//! # use mdm_vpp_ports::Clock;
//!
//! # fn example(clock: Arc<dyn Clock>) -> Result<(), Box<dyn std::error::Error>> {
//! let settings = AppleSettings::default();
//! let transport = Arc::new(ReqwestTransport::new(settings.connect_timeout)?);
//! let client = Arc::new(AppleClient::new(settings, transport, clock)?);
//! let licenses = AppleLicenseService::new(client.clone());
//! let assignments = client.assignment_service();
//! let store = StoreLookup::new(client);
//! # Ok(())
//! # }
//! # }
//! ```

pub mod apple;
pub mod catalog;
pub mod http;
