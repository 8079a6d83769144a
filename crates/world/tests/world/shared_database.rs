//! Several tenants with several locations on one PostgreSQL database, and workers that share it.

use std::{
    collections::BTreeSet,
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{SubsecRound as _, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    decide::assignments::AssignmentChange,
    id::{Actor, AdamId, LocationId, SerialNumber, TenantId},
    seats::{Holder, SeatKey},
    token::{Region, TokenName, TokenSettings},
};
use mdm_vpp_engine::{UploadToken, Vpp, WorkLimit};
use mdm_vpp_ports::{
    Clock as _, Requests, Seats, Store,
    fake::{Gate, GatedStore, ManualClock},
};
use mdm_vpp_simulator::{
    Assignment, EventKind, LocationUid, NewLocation, Simulator, SimulatorServer, StoreListing, TokenDownload,
};
use mdm_vpp_store::postgres::{PostgresOptions, PostgresStore, SchemaName};
use mdm_vpp_world::{key_ring, library};
use postgres_for_tests::Server;
use tokio_postgres::NoTls;

use crate::rows::{assignment, rows};

const APPS: [u64; 2] = [1_100_000_001, 1_100_000_002];

/// One location with its tenant.
pub(crate) struct TenantLocation {
    pub(crate) uid: LocationUid,
    pub(crate) tenant: TenantId,
}

/// All locations on one database, with an Apple over HTTP and a clock that stands.
pub(crate) struct SharedDatabaseFixture {
    pub(crate) simulator: Simulator,
    pub(crate) locations: Vec<TenantLocation>,
    clock: Arc<ManualClock>,
    server: SimulatorServer,
    url: String,
    schema: SchemaName,
}

impl TenantLocation {
    fn id(&self) -> LocationId {
        LocationId::new(self.uid.as_str()).unwrap()
    }

    /// The seats of both apps for so many devices.
    pub(crate) fn seats(&self, devices: usize) -> BTreeSet<SeatKey> {
        let seat = |app: u64, number: usize| SeatKey {
            location: self.id(),
            asset: AssetKey { adam_id: AdamId::new(app), pricing_param: PricingParam::Standard },
            holder: Holder::Device { serial_number: SerialNumber::new(format!("C02A{number:06}")).unwrap() },
        };
        APPS.iter().flat_map(|app| (0..devices).map(move |number| seat(*app, number))).collect()
    }
}

impl SharedDatabaseFixture {
    /// So many tenants with so many locations each, uploaded by a first worker, and nothing done about them.
    pub(crate) async fn open(tenants: usize, locations: usize) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = Server::shared().unwrap_or_else(|trouble| panic!("{trouble}"));
        // Leases are by the server's clock, so ours begins with it.
        let now = Utc::now().trunc_subsecs(6);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("w{}_{}_{number}", now.timestamp_micros(), process::id());
        let (schema, url) = (SchemaName::new(name).unwrap(), server.url().to_owned());
        let simulator = Simulator::new(now);
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        simulator.change_settings(|settings| settings.events_kept_for = year);
        let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(now));
        let mut opened = Self { simulator, locations: Vec::new(), clock, server, url, schema };
        let first = opened.worker().await;
        for tenant in 0..tenants {
            for location in 0..locations {
                opened.upload(&first, &format!("tenant-{tenant}"), &format!("Location {location}")).await;
            }
        }
        opened
    }

    async fn upload(&mut self, vpp: &Vpp, tenant: &str, name: &str) {
        let uid = self.simulator.create_location(NewLocation::new(name, "Example GmbH", "DE"));
        for app in APPS.map(mdm_vpp_simulator::AdamId::new) {
            self.simulator.list(StoreListing::ios_app(app, "App", "com.example.app"));
            self.simulator.buy(&uid, app, 100).unwrap();
        }
        let file = self.simulator.download_token(&uid, TokenDownload::usual()).unwrap().file;
        let settings = TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap());
        let nothing = WorkLimit { subjects: 0, time: TimeDelta::zero() };
        let (upload, tenant) =
            (UploadToken::new(settings, file).limit(nothing), TenantId::new(tenant).unwrap());
        vpp.tenant(tenant.clone()).upload_token(upload, &actor()).await.unwrap();
        self.locations.push(TenantLocation { uid, tenant });
    }

    async fn store(&self) -> PostgresStore {
        let options = PostgresOptions::parse(&self.url).unwrap().schema(self.schema.clone());
        options.open(key_ring().unwrap()).await.unwrap()
    }

    fn library(&self, store: Arc<dyn Store>) -> Vpp {
        library(store, &self.server.base_url(), self.clock.clone()).unwrap()
    }

    /// A worker with its own connections.
    pub(crate) async fn worker(&self) -> Vpp {
        self.library(Arc::new(self.store().await))
    }

    /// A worker whose calls have to pass a gate.
    pub(crate) async fn gated_worker(&self, gate: impl Gate + 'static) -> Vpp {
        self.library(Arc::new(GatedStore { store: Arc::new(self.store().await), gate }))
    }

    /// Wishes licenses in a location, and others no more.
    pub(crate) async fn change_assignments(
        &self,
        worker: &Vpp,
        location: &TenantLocation,
        assign: BTreeSet<SeatKey>,
        unassign: BTreeSet<SeatKey>,
    ) {
        let (tenant, change) =
            (worker.tenant(location.tenant.clone()), AssignmentChange::Seats { assign, unassign });
        let _report = tenant.change_assignments(&location.id(), &change, &actor()).await.unwrap();
    }

    /// Lets all workers do at the same time what is due now.
    pub(crate) async fn work(&self, workers: &[&Vpp]) {
        loop {
            let working = workers.iter().map(|worker| {
                let worker = Vpp::clone(worker);
                tokio::spawn(async move { worker.work(WorkLimit::default()).await.unwrap().done })
            });
            let mut done = 0;
            for working in working.collect::<Vec<_>>() {
                done += working.await.unwrap();
            }
            if done == 0 {
                break;
            }
        }
    }

    /// Lets time go on for so long, while these workers do what is due.
    pub(crate) async fn run_for(&self, workers: &[&Vpp], time: TimeDelta) {
        let (store, end) = (self.store().await, self.clock.now() + time);
        while self.clock.now() < end {
            self.work(workers).await;
            let next = store.next_due().await.unwrap().unwrap_or(end);
            let now = self.clock.now();
            self.clock.set(next.max(now + TimeDelta::seconds(1)).min(end));
            self.simulator.set_now(self.clock.now());
        }
    }

    /// All leases are over, as if nobody had renewed them for two minutes.
    pub(crate) async fn end_leases(&self) {
        self.sql("UPDATE leases SET until = NULL").await;
    }

    /// How many workers have talked about a location.
    pub(crate) async fn lease_holders(&self) -> usize {
        self.sql("SELECT DISTINCT holder FROM leases").await
    }

    /// Carries out a statement; how many rows it names.
    async fn sql(&self, statement: &str) -> usize {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        let connected = tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = \"{}\"", self.schema)).await.unwrap();
        let rows = client.query(statement, &[]).await.unwrap().len();
        drop(client);
        connected.await.unwrap().unwrap();
        rows
    }

    /// Just these seats are held at Apple, and known to be.
    pub(crate) async fn assert_held(&self, location: &TenantLocation, seats: &BTreeSet<SeatKey>, case: &str) {
        let held: BTreeSet<_> = self.simulator.assignments(&location.uid).unwrap().into_iter().collect();
        assert_eq!(held, seats.iter().map(assignment).collect(), "{case}");
        let (all, none) = (Seats::After(None, usize::MAX), Requests::Open);
        let stored = rows(&self.store().await, &location.tenant, &location.id(), all, none).await;
        let confirmed = stored.seats.values().filter(|seat| seat.is_usable()).map(|seat| &seat.key);
        assert_eq!(confirmed.collect::<BTreeSet<_>>(), seats.iter().collect(), "{case}");
        assert!(stored.requests.is_empty(), "{case}: {:#?}", stored.requests);
    }

    /// What was asked of Apple since the event with this number, in order: which way, and for whom.
    pub(crate) fn events_since(&self, number: usize) -> Vec<(LocationUid, EventKind, BTreeSet<Assignment>)> {
        let events = self.simulator.events().into_iter().skip(number);
        let seats = |event: &mdm_vpp_simulator::EventView| {
            self.simulator.event_assignments(&event.id).into_iter().collect()
        };
        events.map(|event| (event.location.clone(), event.kind, seats(&event))).collect()
    }
}

fn actor() -> Actor {
    Actor::new("ada@example.org").unwrap()
}
