//! A SQLite file that several processes share, and an Apple over HTTP whose time runs as fast as theirs.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    check::unsettled,
    decide::assignments::AssignmentChange,
    id::{Actor, AdamId, LocationId, SerialNumber, TenantId},
    location::LocationRows,
    seats::{Direction, Holder, RequestNumber, SeatKey},
    token::{Region, TokenName, TokenSettings},
};
use mdm_vpp_engine::{AssignError, Tenant, UploadToken, WorkLimit};
use mdm_vpp_ports::{Clock as _, Requests, Seats, Store, StoreError};
use mdm_vpp_simulator::{
    Assignment, EventKind, EventPlan, EventStatus, LocationUid, NewLocation, Simulator, SimulatorServer,
    StoreListing, TokenDownload,
};
use mdm_vpp_store::sqlite::SqliteOptions;
use mdm_vpp_world::{Chance, FastClock, key_ring, library};
use tempfile::TempDir;

use crate::shared_database::{assignment, rows};

/// How many times as fast as the machine's clock ours runs: an hour passes in 12 seconds, a lease lasts 0.4 s and a
/// fence 3 s.
const TIMES: u32 = 300;
const APPS: [u64; 3] = [1_100_000_001, 1_100_000_002, 1_100_000_003];
const DEVICES: u64 = 40;

/// A tenant with one location, and the test's own process beside the worker that is killed.
pub(crate) struct KilledWorkerFixture {
    pub(crate) clock: FastClock,
    simulator: Simulator,
    time: ApplesTime,
    server: SimulatorServer,
    folder: TempDir,
    store: Arc<dyn Store>,
    tenant: Tenant,
    uid: LocationUid,
    desired: BTreeSet<SeatKey>,
}

impl KilledWorkerFixture {
    /// Builds a location with licenses for all devices and uploads its token.
    pub(crate) async fn build(chance: &Chance) -> Self {
        let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse().unwrap();
        let (clock, simulator) = (FastClock::started(now, TIMES), Simulator::new(now));
        let uid = simulator.create_location(NewLocation::new("Berlin", "Example GmbH", "DE"));
        let file = simulator.download_token(&uid, TokenDownload::usual()).unwrap().file;
        for app in APPS.map(mdm_vpp_simulator::AdamId::new) {
            simulator.list(StoreListing::ios_app(app, "App", "com.example.app"));
            simulator.buy(&uid, app, u32::try_from(DEVICES).unwrap()).unwrap();
        }
        let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
        let time = ApplesTime::start(&simulator, clock, chance.below(u64::MAX));

        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new().clock(Arc::new(clock));
        let store: Arc<dyn Store> =
            Arc::new(options.open(folder.path().join("vpp.sqlite"), key_ring().unwrap()).await.unwrap());
        let vpp = library(store.clone(), &server.base_url(), Arc::new(clock)).unwrap();
        let tenant = vpp.tenant(TenantId::new("company").unwrap());
        let settings = TokenSettings::new(TokenName::new("Berlin").unwrap(), Region::new("DE").unwrap());
        tenant.upload_token(UploadToken::new(settings, file), &actor()).await.unwrap();
        vpp.work(WorkLimit::default()).await.unwrap();
        Self { clock, simulator, time, server, folder, store, tenant, uid, desired: BTreeSet::new() }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("vpp.sqlite")
    }

    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Number of requests that Apple has received.
    pub(crate) fn requests(&self) -> usize {
        self.simulator.requests().len()
    }

    /// Assigns and unassigns some seats from this process, while the worker uses the same file.
    pub(crate) async fn change_assignments(&mut self, chance: &Chance) {
        let all = self.all_seats();
        let unassign: BTreeSet<SeatKey> = chance.some(&all, 15).into_iter().collect();
        let assign: BTreeSet<SeatKey> =
            chance.some(&all, 15).into_iter().filter(|seat| !unassign.contains(seat)).collect();
        let change = AssignmentChange::Seats { assign: assign.clone(), unassign: unassign.clone() };
        loop {
            match self.tenant.change_assignments(&self.location(), &change, &actor()).await {
                Ok(_) => break,
                Err(AssignError::Store(StoreError::Busy)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        self.desired = self.desired.difference(&unassign).chain(&assign).cloned().collect();
    }

    fn all_seats(&self) -> Vec<SeatKey> {
        let seat = |app: u64, number: u64| SeatKey {
            location: self.location(),
            asset: AssetKey { adam_id: AdamId::new(app), pricing_param: PricingParam::Standard },
            holder: Holder::Device { serial_number: SerialNumber::new(format!("C02A{number:06}")).unwrap() },
        };
        APPS.iter().flat_map(|app| (0..DEVICES).map(move |number| seat(*app, number))).collect()
    }

    fn location(&self) -> LocationId {
        LocationId::new(self.uid.as_str()).unwrap()
    }

    async fn rows(&self, seats: Seats, requests: Requests) -> LocationRows {
        rows(&*self.store, self.tenant.id(), &self.location(), seats, requests).await
    }

    /// The first difference from what is desired, here or at Apple, in words.
    pub(crate) async fn unsettled(&self) -> Option<String> {
        let stored = self.rows(Seats::After(None, usize::MAX), Requests::Open).await;
        let seats: Vec<_> = stored.seats.into_values().collect();
        let unsettled: Vec<&SeatKey> = unsettled(&seats, self.clock.now()).collect();
        if !unsettled.is_empty() || !stored.requests.is_empty() {
            return Some(format!("not settled: {unsettled:#?}, without an answer: {:#?}", stored.requests));
        }
        let confirmed: BTreeSet<_> =
            seats.iter().filter(|seat| seat.is_usable()).map(|seat| seat.key.clone()).collect();
        let held: BTreeSet<Assignment> = self.simulator.assignments(&self.uid).unwrap().into_iter().collect();
        let desired: BTreeSet<Assignment> = self.desired.iter().map(assignment).collect();
        let same = confirmed == self.desired && held == desired;
        (!same).then(|| format!("desired {desired:#?}, confirmed {confirmed:#?}, at Apple {held:#?}"))
    }

    /// Asserts that every request that arrived at Apple is a row of ours, and that none arrived twice.
    pub(crate) async fn assert_each_request_at_apple_is_a_row_of_ours_and_arrived_once(&self) {
        let mut written: BTreeMap<(Direction, BTreeSet<Assignment>), usize> = BTreeMap::new();
        let end = self.rows(Seats::None, Requests::None).await.state.next_request;
        let mut number = RequestNumber(1);
        while number < end {
            let row = self.rows(Seats::None, Requests::One(number)).await.requests.pop().unwrap();
            let seats = row.seats().map(|seat| assignment(&seat)).collect();
            *written.entry((row.direction, seats)).or_default() += 1;
            number = number.next();
        }
        let events = self.simulator.events();
        let posts = self.simulator.requests();
        let posts = posts.iter().filter(|post| post.path.ends_with("associate")).count();
        assert_eq!(posts, events.len(), "Apple accepted every request");
        for event in &events {
            let direction = match event.kind {
                EventKind::Associate => Direction::Associate,
                _ => Direction::Disassociate,
            };
            let seats: BTreeSet<Assignment> =
                self.simulator.event_assignments(&event.id).into_iter().collect();
            let rows = written.get_mut(&(direction, seats)).filter(|rows| **rows > 0);
            *rows
                .unwrap_or_else(|| panic!("a request arrived without a row of ours, or twice: {event:?}")) -=
                1;
        }
        assert!(events.len() > 10, "{} requests", events.len());
    }

    pub(crate) fn assert_no_assignment_was_in_requests_of_both_directions(&self) {
        let crossed = self.time.crossed();
        assert!(crossed.is_empty(), "in pending requests of both directions: {crossed:#?}");
    }
}

fn actor() -> Actor {
    Actor::new("ada@example.org").unwrap()
}

/// Durations of events, in seconds of the fast clock. Most are some hundred milliseconds of the machine's clock; 700 is
/// longer than the engine waits before it takes a request for lost.
const EVENT_SECONDS: [u64; 6] = [20, 60, 100, 100, 200, 700];
const TICK: Duration = Duration::from_millis(3);

/// A thread that moves the time of the simulated service until it is dropped, and watches for requests that cross.
struct ApplesTime {
    crossed: Arc<Mutex<Vec<Assignment>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ApplesTime {
    fn start(simulator: &Simulator, clock: FastClock, seed: u64) -> Self {
        let (crossed, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let thread = thread::spawn({
            let (simulator, crossed, ended) = (simulator.clone(), crossed.clone(), ended.clone());
            move || {
                let chance = Chance::of(seed);
                while !ended.load(Ordering::SeqCst) {
                    let takes = Duration::from_secs(chance.one(&EVENT_SECONDS).copied().unwrap());
                    simulator.change_settings(|settings| settings.events = EventPlan::usual().after(takes));
                    simulator.set_now(clock.now());
                    crossed.lock().unwrap().extend(crossing(&simulator));
                    thread::sleep(TICK);
                }
            }
        });
        Self { crossed, ended, thread: Some(thread) }
    }

    /// The assignments that were in pending requests of both directions at some time.
    fn crossed(&self) -> Vec<Assignment> {
        self.crossed.lock().unwrap().clone()
    }
}

/// The assignments that are in pending requests of both directions now.
fn crossing(simulator: &Simulator) -> Vec<Assignment> {
    let mut directions: BTreeMap<Assignment, EventKind> = BTreeMap::new();
    let mut crossing = Vec::new();
    for event in simulator.events().into_iter().filter(|event| event.status == EventStatus::Pending) {
        for assignment in simulator.event_assignments(&event.id) {
            if *directions.entry(assignment.clone()).or_insert(event.kind) != event.kind {
                crossing.push(assignment);
            }
        }
    }
    crossing
}

impl Drop for ApplesTime {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}
