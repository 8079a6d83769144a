//! A PostgreSQL database that several workers share, with locations of several tenants.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    location::LocationRows,
    seats::{Holder, SeatKey},
    token::{Region, TokenName, TokenSettings},
};
use mdm_vpp_engine::{UploadToken, Vpp, WorkLimit};
use mdm_vpp_ports::{
    Clock as _, LoadScope, LocationScope, Pools, Requests, Seats, Store, VppUsers,
    fake::{Gate, GatedStore, ManualClock},
};
use mdm_vpp_simulator::{
    Assignment, EventKind, LocationUid, NewLocation, Simulator, SimulatorServer, StoreListing, TokenDownload,
};
use mdm_vpp_store::postgres::{PostgresOptions, PostgresStore, SchemaName};
use mdm_vpp_world::{key_ring, library};
use postgres_for_tests::Server;
use tokio_postgres::NoTls;

const APPS: [u64; 2] = [1_100_000_001, 1_100_000_002];

/// A location and its tenant.
pub(crate) struct TenantLocation {
    pub(crate) uid: LocationUid,
    pub(crate) tenant: TenantId,
}

/// The locations on one database, an Apple over HTTP, and a clock that the test moves.
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

    /// The seats of both apps for the first devices.
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
    /// Builds tenants with a number of locations each. Their tokens are uploaded, and no job has run yet.
    pub(crate) async fn open(tenants: usize, locations: usize) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = Server::shared().unwrap_or_else(|error| panic!("{error}"));
        // Leases end by the server's clock, so ours begins at its time.
        let now = Utc::now().trunc_subsecs(6);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("w{}_{}_{number}", now.timestamp_micros(), process::id());
        let (schema, url) = (SchemaName::new(name).unwrap(), server.url().to_owned());
        let simulator = Simulator::new(now);
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        simulator.change_settings(|settings| settings.events_kept_for = year);
        let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(now));
        let mut fixture = Self { simulator, locations: Vec::new(), clock, server, url, schema };
        let first = fixture.worker().await;
        for tenant in 0..tenants {
            for location in 0..locations {
                fixture.upload(&first, &format!("tenant-{tenant}"), &format!("Location {location}")).await;
            }
        }
        fixture
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

    /// A worker whose calls of the store pass a gate.
    pub(crate) async fn gated_worker(&self, gate: impl Gate + 'static) -> Vpp {
        self.library(Arc::new(GatedStore { store: Arc::new(self.store().await), gate }))
    }

    /// Assigns and unassigns seats of a location.
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

    /// Lets all workers work at the same time until no job is due now.
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

    /// Lets `time` pass while these workers run the jobs that fall due.
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

    /// Ends all leases, as if they had not been renewed for two minutes.
    pub(crate) async fn end_leases(&self) {
        self.sql("UPDATE leases SET until = NULL").await;
    }

    /// Number of workers that hold a lease.
    pub(crate) async fn lease_holders(&self) -> usize {
        self.sql("SELECT DISTINCT holder FROM leases").await
    }

    /// Runs a statement; the answer is the number of rows that it returns.
    async fn sql(&self, statement: &str) -> usize {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        let connected = tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = \"{}\"", self.schema)).await.unwrap();
        let rows = client.query(statement, &[]).await.unwrap().len();
        drop(client);
        connected.await.unwrap().unwrap();
        rows
    }

    /// Asserts that exactly these seats are assigned at Apple, and that the store says so.
    pub(crate) async fn assert_held(&self, location: &TenantLocation, seats: &BTreeSet<SeatKey>, case: &str) {
        let held: BTreeSet<_> = self.simulator.assignments(&location.uid).unwrap().into_iter().collect();
        assert_eq!(held, seats.iter().map(assignment).collect(), "{case}");
        let (all, open) = (Seats::After(None, usize::MAX), Requests::Open);
        let stored = rows(&self.store().await, &location.tenant, &location.id(), all, open).await;
        let confirmed = stored.seats.values().filter(|seat| seat.is_usable()).map(|seat| &seat.key);
        assert_eq!(confirmed.collect::<BTreeSet<_>>(), seats.iter().collect(), "{case}");
        assert!(stored.requests.is_empty(), "{case}: {:#?}", stored.requests);
    }

    /// The events at Apple from a number on, in order: location, direction and assignments.
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

/// Loads the stored rows of a location.
pub(crate) async fn rows(
    store: &dyn Store,
    tenant: &TenantId,
    location: &LocationId,
    seats: Seats,
    requests: Requests,
) -> LocationRows {
    let location = LocationScope {
        location: location.clone(),
        lease: None,
        pools: Pools::None,
        seats,
        requests,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    };
    let scope = LoadScope { location: Some(location), ..LoadScope::default() };
    store.load(tenant, &scope).await.unwrap().location.unwrap()
}

/// Converts a seat to an assignment of the simulated service.
pub(crate) fn assignment(seat: &SeatKey) -> Assignment {
    let holder = match &seat.holder {
        Holder::Device { serial_number } => mdm_vpp_simulator::Holder::device(serial_number.as_str()),
        Holder::User { client_user_id } => mdm_vpp_simulator::Holder::user(client_user_id.as_str()),
    };
    Assignment::new(mdm_vpp_simulator::AdamId::new(seat.asset.adam_id.number()), holder)
}
