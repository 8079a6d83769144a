//! A fixture on a SQLite file that several processes share, with an Apple over HTTP, by a clock that runs fast.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
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
    Assignment, EventKind, LocationUid, NewLocation, Simulator, SimulatorServer, StoreListing, TokenDownload,
};
use mdm_vpp_store::sqlite::SqliteOptions;
use mdm_vpp_world::{Chance, FastClock, key_ring, library};
use tempfile::TempDir;

use crate::{
    apples_time::ApplesTime,
    rows::{assignment, rows},
};

/// An hour passes in twelve seconds: a lease lasts 0.4 s, and a fence 3 s.
const TIMES: u32 = 300;
const APPS: [u64; 3] = [1_100_000_001, 1_100_000_002, 1_100_000_003];
const DEVICES: u64 = 40;

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
    /// A location with licenses for all devices, its token uploaded.
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
        let time = ApplesTime::runs(&simulator, clock, chance.below(u64::MAX));

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

    /// How many requests Apple has got.
    pub(crate) fn requests(&self) -> usize {
        self.simulator.requests().len()
    }

    /// Wishes some licenses, and others no more: in this process, while the worker uses the same file.
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

    /// What is not as desired yet, here or at Apple, in words.
    pub(crate) async fn unsettled(&self) -> Option<String> {
        let stored = self.rows(Seats::After(None, usize::MAX), Requests::Open).await;
        let seats: Vec<_> = stored.seats.into_values().collect();
        let to_do: Vec<&SeatKey> = unsettled(&seats, self.clock.now()).collect();
        if !to_do.is_empty() || !stored.requests.is_empty() {
            return Some(format!("to be done: {to_do:#?}, without an answer: {:#?}", stored.requests));
        }
        let confirmed: BTreeSet<_> =
            seats.iter().filter(|seat| seat.is_usable()).map(|seat| seat.key.clone()).collect();
        let held: BTreeSet<Assignment> = self.simulator.assignments(&self.uid).unwrap().into_iter().collect();
        let desired: BTreeSet<Assignment> = self.desired.iter().map(assignment).collect();
        let same = confirmed == self.desired && held == desired;
        (!same).then(|| format!("desired {desired:#?}, confirmed {confirmed:#?}, at Apple {held:#?}"))
    }

    /// Every request that arrived at Apple is a row of ours, and none arrived twice.
    pub(crate) async fn assert_each_request_of_apples_is_ours_and_went_once(&self) {
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
        assert_eq!(posts, events.len(), "each was accepted: nothing was refused");
        for event in &events {
            let direction = match event.kind {
                EventKind::Associate => Direction::Associate,
                _ => Direction::Disassociate,
            };
            let seats: BTreeSet<Assignment> =
                self.simulator.event_assignments(&event.id).into_iter().collect();
            let rows = written.get_mut(&(direction, seats)).filter(|rows| **rows > 0);
            *rows.unwrap_or_else(|| panic!("arrived, and no row is left for it: {event:?}")) -= 1;
        }
        assert!(events.len() > 10, "{} requests", events.len());
    }

    pub(crate) fn assert_nothing_went_both_ways_at_once(&self) {
        let crossed = self.time.crossed();
        assert!(crossed.is_empty(), "under way in both directions: {crossed:#?}");
    }
}

fn actor() -> Actor {
    Actor::new("ada@example.org").unwrap()
}
