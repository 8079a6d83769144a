//! What outlives a process: Apple, the store, the time and the chance.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::TimeDelta;
use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
};
use mdm_vpp_core::{
    id::{Actor, InstallationId, LocationId, TenantId},
    seats::SeatKey,
};
use mdm_vpp_engine::{NotificationKey, NotificationKeys, NotificationUrl, Vpp};
use mdm_vpp_ports::{AssignmentService, Clock, Store, fake::ManualClock};
use mdm_vpp_simulator::{LocationUid, Simulator};

use crate::{
    Chance, Faults, GatedStore, Mistake, crashes::Crashes, mistaken_service::MistakenService,
    mistaken_store::MistakenStore, network::Network, world::BoxError,
};

pub(crate) struct WorldFixture {
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
    /// What the program does wrong, if anything.
    pub(crate) mistake: Option<Mistake>,
    /// Who got a license from elsewhere, or lost one so: what is usable there is not ours to promise.
    pub(crate) disturbed: Mutex<BTreeSet<SeatKey>>,
    /// Whether the host takes notifications.
    pub(crate) listens: bool,
}

/// A process of the host, until it dies.
pub(crate) struct Process {
    pub(crate) vpp: Vpp,
    dead: Arc<AtomicBool>,
}

impl WorldFixture {
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets Apple's clock follow ours.
    pub(crate) fn let_apple_know_the_time(&self) {
        let behind = self.faults().behind;
        self.simulator.set_now(self.clock.now() + behind);
    }

    /// Our clock is set back, and Apple's is not.
    pub(crate) fn set_clock_back(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() - by);
        let mut faults = self.faults();
        faults.behind += by;
    }

    /// Starts a process: everything that lives in memory is new.
    pub(crate) fn start(&self) -> Result<Process, BoxError> {
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
        let mut store: Arc<dyn Store> = Arc::new(store);
        let mut service: Arc<dyn AssignmentService> = Arc::new(AppleAssignmentService::new(client.clone()));
        if let Some(mistake) = self.mistake {
            store = Arc::new(MistakenStore { store, mistake });
            service = Arc::new(MistakenService { service, mistake });
        }
        let mut builder = Vpp::builder(
            store,
            Arc::new(AppleLicenseService::new(client.clone())),
            Arc::new(StoreLookup::new(client)),
            InstallationId::new("world")?,
        )
        .assignments(service)
        .clock(self.clock.clone())
        .timer(self.clock.clone());
        if self.listens {
            let keys = NotificationKeys::only(NotificationKey::parse("0a1b2c3d".repeat(8))?);
            builder = builder.notifications(NotificationUrl::new("https://mdm.example.org/apple")?, keys);
        }
        Ok(Process { vpp: builder.build(), dead })
    }
}

impl Process {
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
}
