#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(all(feature = "apple", feature = "engine"))]
use std::sync::Arc;

/// The crate of the times in this library's interface.
pub use chrono;
/// The core: the rules alone, without IO, clock or runtime. `check`, `decide`, `location` and `transaction` are for those
/// who write a [store](ports::Store) of their own or test decisions; the other modules hold nouns and rules.
pub use mdm_vpp_core::{
    apple_error, audience, catalog, check, decide, id, installs, location, plan, policy, printable_text,
    seats, token, transaction,
};
/// The names of a first program: who acts, for whom, and the settings of a token.
pub use mdm_vpp_core::{
    id::{Actor, AdamId, InstallationId, LocationId, SerialNumber, TenantId},
    token::{Region, TokenName, TokenSettings},
};

/// Apple's service and the store lookup over HTTPS.
#[cfg(feature = "apple")]
pub use mdm_vpp_adapters as adapters;
/// The acts of administrators, the worker, and what Apple posts. The names that nearly every program needs stand at the
/// root too.
#[cfg(feature = "engine")]
pub use mdm_vpp_engine as engine;
#[cfg(feature = "engine")]
pub use mdm_vpp_engine::{AppleServices, Tenant, UploadToken, Vpp, VppBuilder, WorkLimit, Worked};
/// What the library needs from outside, as traits, with fakes, mocks and conformance suites.
#[cfg(any(feature = "apple", feature = "engine", feature = "mock"))]
pub use mdm_vpp_ports as ports;
/// Apple's service, simulated: in-process, over HTTP, and as a program.
#[cfg(feature = "simulator")]
pub use mdm_vpp_simulator as simulator;
/// Stores in memory, on SQLite and on PostgreSQL, and the keys that seal secrets.
#[cfg(feature = "engine")]
pub use mdm_vpp_store as store;

/// All of Apple's services over one client, as [`Vpp::builder`] takes them.
///
/// Each of them can be replaced by another implementation of its port, as [`AppleServices`] shows.
#[cfg(all(feature = "apple", feature = "engine"))]
pub fn apple_services(client: &Arc<adapters::apple::AppleClient>) -> AppleServices {
    AppleServices::new(
        Arc::new(client.license_service()),
        Arc::new(client.assignment_service()),
        Arc::new(client.store_lookup()),
    )
}
