//! What outlives a process: Apple, the store, the clock and the draws.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use chrono::TimeDelta;
use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
};
use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{Actor, AdamId, InstallationId, LocationId, SerialNumber, TenantId},
    seats::{Holder, SeatKey},
};
use mdm_vpp_engine::{AppleServices, NotificationKey, NotificationKeys, NotificationUrl, Vpp};
use mdm_vpp_ports::{
    AssignmentService, Clock, Store,
    fake::{GatedStore, ManualClock},
};
use mdm_vpp_simulator::{LocationUid, Simulator};

use crate::{
    BoxError, Chance, Faults, Mistake,
    mistakes::MistakenService,
    network::Network,
    process::{Crashes, Process},
};

pub(crate) const APPS: [u64; 3] = [1_100_000_001, 1_100_000_002, 1_100_000_003];
/// Devices that can hold licenses; few, so that seats collide often.
const DEVICES: u64 = 4;

/// Apple, the store and the clock of a world. Processes come and go above them.
pub(crate) struct WorldFixture {
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) simulator: Simulator,
    /// The store itself, which never crashes and makes no mistake.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) uid: LocationUid,
    pub(crate) location: LocationId,
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    /// The mistake that was planted in the engine, if any.
    pub(crate) mistake: Option<Mistake>,
    /// The seats whose license was assigned or taken at Apple's portal. The engine learns of it later, so a usable seat
    /// among them is no broken promise.
    pub(crate) disturbed: Mutex<BTreeSet<SeatKey>>,
    /// Whether the embedder takes notifications.
    pub(crate) takes_notifications: bool,
}

impl WorldFixture {
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets Apple's clock to ours, which may be behind it.
    pub(crate) fn set_apples_clock(&self) {
        let behind = self.faults().behind;
        self.simulator.set_now(self.clock.now() + behind);
    }

    /// Sets our clock back, as an administrator does; Apple's clock stays.
    pub(crate) fn set_clock_back(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() - by);
        let mut faults = self.faults();
        faults.behind += by;
    }

    /// Starts a process of the embedder: all state in memory is new.
    pub(crate) fn start_process(&self) -> Result<Process, BoxError> {
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
            store = Arc::new(GatedStore { store, gate: mistake });
            service = Arc::new(MistakenService { service, mistake });
        }
        let licenses = Arc::new(AppleLicenseService::new(client.clone()));
        let apple = AppleServices::new(licenses, service, Arc::new(StoreLookup::new(client)));
        let mut builder = Vpp::builder(store, apple, InstallationId::new("world")?)
            .time(self.clock.clone(), self.clock.clone());
        if self.takes_notifications {
            let keys = NotificationKeys::only(NotificationKey::parse("0a1b2c3d".repeat(8))?);
            builder = builder.notifications(NotificationUrl::new("https://mdm.example.org/apple")?, keys);
        }
        Ok(Process { vpp: builder.build(), dead })
    }

    /// Loses Apple's test notifications as often as others.
    pub(crate) fn lose_test_notifications(&self) {
        let (chance, faults) = (self.chance.clone(), self.faults.clone());
        self.simulator.on_test_notification(move |_| {
            let lost = faults.lock().map_or(0, |faults| faults.notifications_lost);
            !chance.percent(lost)
        });
    }

    /// All seats of the world: each app for each device.
    pub(crate) fn seats(&self) -> Result<Vec<SeatKey>, BoxError> {
        let mut seats = Vec::new();
        for app in APPS {
            for n in 0..DEVICES {
                let asset = AssetKey { adam_id: AdamId::new(app), pricing_param: PricingParam::Standard };
                let holder = Holder::Device { serial_number: SerialNumber::new(format!("C02AAAAAA{n:03}"))? };
                seats.push(SeatKey { location: self.location.clone(), asset, holder });
            }
        }
        Ok(seats)
    }

    /// Draws an act of an administrator at Apple's portal, or of another product, and carries it out.
    pub(crate) fn act_at_the_portal(&self) -> Result<(), BoxError> {
        let app = mdm_vpp_simulator::AdamId::new(self.chance.one(&APPS).copied().unwrap_or_default());
        let serial = format!("C02AAAAAA{:03}", self.chance.below(DEVICES));
        let holder = mdm_vpp_simulator::Holder::device(&serial);
        let all = self.seats()?;
        let touched = |act: u64, key: &SeatKey| match act {
            // Apple chooses which holders lose their license.
            1 => key.asset.adam_id.number() == app.number(),
            2 | 3 => key.asset.adam_id.number() == app.number() && key.holder.to_string().contains(&serial),
            _ => false,
        };
        let act = self.chance.below(5);
        let disturbed = all.into_iter().filter(|key| touched(act, key));
        self.disturbed.lock().unwrap_or_else(PoisonError::into_inner).extend(disturbed);
        // Apple may refuse the act, for example a refund of a license that is held; then nothing happens.
        match act {
            0 => drop(self.simulator.buy(&self.uid, app, 1)),
            1 => drop(self.simulator.refund(&self.uid, app, 1)),
            2 => drop(self.simulator.assign(&self.uid, app, [holder])),
            3 => drop(self.simulator.unassign(&self.uid, app, [holder])),
            _ => drop(self.simulator.forget_versions(&self.uid)),
        }
        Ok(())
    }
}
