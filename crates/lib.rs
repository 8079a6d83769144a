#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

/// The crate of the times in this library's interface.
pub use chrono;
pub use mdm_vpp_core::{
    apple_error, catalog, check, decide, id, installs, location, plan, policy, printable_text, seats, token,
    transaction,
};

/// Apple's service and the store lookup over HTTPS.
#[cfg(feature = "apple")]
pub use mdm_vpp_adapters as adapters;
/// The acts of administrators, and the work that is due.
#[cfg(feature = "engine")]
pub use mdm_vpp_engine as engine;
#[cfg(feature = "engine")]
pub use mdm_vpp_engine::Vpp;

/// All of Apple's services over one client, for [`Vpp::builder`].
#[cfg(all(feature = "apple", feature = "engine"))]
pub fn apple_services(client: &std::sync::Arc<adapters::apple::AppleClient>) -> engine::AppleServices {
    use std::sync::Arc;
    engine::AppleServices::new(
        Arc::new(client.license_service()),
        Arc::new(client.assignment_service()),
        Arc::new(client.store_lookup()),
    )
}

/// What the library needs from outside, as traits.
#[cfg(any(feature = "apple", feature = "engine", feature = "mock"))]
pub use mdm_vpp_ports as ports;
/// Apple's service, simulated.
#[cfg(feature = "simulator")]
pub use mdm_vpp_simulator as simulator;
/// Stores: in memory, and on SQLite.
#[cfg(feature = "engine")]
pub use mdm_vpp_store as store;
