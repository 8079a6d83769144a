//! What outlives a process: Apple, the store, the time and the chance.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
};
use mdm_vpp_core::id::{Actor, InstallationId, LocationId, TenantId};
use mdm_vpp_engine::Vpp;
use mdm_vpp_ports::{Store, twin::ManualClock};
use mdm_vpp_simulator::{LocationUid, Simulator};

use crate::{Chance, Faults, GatedStore, crashes::Crashes, network::Network, world::Trouble};

pub(crate) struct Ground {
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) simulator: Simulator,
    /// The store as it is, without a process above it.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) uid: LocationUid,
    pub(crate) location: LocationId,
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
}

/// A process of the host, until it dies.
pub(crate) struct Process {
    pub(crate) vpp: Vpp,
    dead: Arc<AtomicBool>,
}

impl Ground {
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a process: everything that lives in memory is new.
    pub(crate) fn start(&self) -> Result<Process, Trouble> {
        let dead = Arc::new(AtomicBool::new(false));
        let network = Network {
            simulator: self.simulator.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
            faults: self.faults.clone(),
            dead: dead.clone(),
        };
        let gate = Crashes { chance: self.chance.clone(), faults: self.faults.clone(), dead: dead.clone() };
        let store = GatedStore { store: self.store.clone(), gate };
        let mut settings = AppleSettings::at(self.simulator.base_url().to_string());
        settings.retry.attempts = 1;
        let client = Arc::new(AppleClient::new(settings, Arc::new(network), self.clock.clone())?);
        let vpp = Vpp::builder(
            Arc::new(store),
            Arc::new(AppleLicenseService::new(client.clone())),
            Arc::new(StoreLookup::new(client.clone())),
            InstallationId::new("world")?,
        )
        .assignments(Arc::new(AppleAssignmentService::new(client)))
        .clock(self.clock.clone())
        .timer(self.clock.clone())
        .build();
        Ok(Process { vpp, dead })
    }
}

impl Process {
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
}
