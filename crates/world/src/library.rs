//! The library as a host puts it together: over HTTP, with a store and a clock of its choice.

use std::sync::Arc;

use mdm_vpp_adapters::apple::{AppleClient, AppleSettings};
use mdm_vpp_core::id::InstallationId;
use mdm_vpp_engine::Vpp;
use mdm_vpp_ports::{Clock, Store, Timer};
use mdm_vpp_store::sealing::{KeyId, KeyRing, SealingKey};

use crate::BoxError;

/// The library over HTTP, to a simulated service at an address.
///
/// # Errors
///
/// When the address cannot be used.
pub fn library<C: Clock + Timer + 'static>(
    store: Arc<dyn Store>,
    base_url: &str,
    clock: Arc<C>,
) -> Result<Vpp, BoxError> {
    let client = AppleClient::with_reqwest(AppleSettings::at(base_url), clock.clone())?;
    let (service, lookup) = (Arc::new(client.license_service()), Arc::new(client.store_lookup()));
    Ok(Vpp::builder(store, service, lookup, InstallationId::new("world")?)
        .assignments(Arc::new(client.assignment_service()))
        .clock(clock.clone())
        .timer(clock)
        .build())
}

/// The key that all processes of a world seal with.
///
/// # Errors
///
/// None that happens.
pub fn key_ring() -> Result<KeyRing, BoxError> {
    Ok(KeyRing::new(KeyId::new("world")?, SealingKey::parse("00112233".repeat(8))?))
}
