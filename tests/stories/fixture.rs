//! The fixture of all stories: a simulated Apple over HTTP, a SQLite file, a clock that the test moves, and the library.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp::{
    Vpp,
    adapters::apple::{AppleClient, AppleSettings},
    apple_services,
    catalog::{AssetKey, PricingParam},
    decide::catalog::TokenDetailsRow,
    engine::{PageQuery, Tenant, TokenOutcome, UploadError, UploadToken, VppBuilder, WorkLimit, Worked},
    id::{Actor, AdamId, InstallationId, LocationId, SerialNumber, TenantId},
    ports::{
        Clock, LoadScope, LocationScope, Pools, Requests, Seats, Store, VppUsers,
        fake::{ManualClock, MemoryAppCatalog},
    },
    seats::{Holder, Seat, SeatKey},
    simulator::{
        DownloadedToken, LocationUid, NewLocation, Simulator, SimulatorServer, StoreListing, TokenDownload,
    },
    store::{
        sealing::{KeyId, KeyRing, SealingKey},
        sqlite::SqliteOptions,
    },
    token::{Region, TokenName, TokenSettings},
};
use tempfile::TempDir;

/// Apps that [`Fixture::buy`] can list and buy.
pub(crate) const PUBLIC_ONE: u64 = 1_100_000_001;
pub(crate) const PUBLIC_TWO: u64 = 1_100_000_002;
pub(crate) const CUSTOM: u64 = 1_100_000_003;
pub(crate) const MAC: u64 = 1_100_000_004;
pub(crate) const BOOK: u64 = 1_100_000_005;
pub(crate) const ONLY_US: u64 = 1_100_000_006;

pub(crate) const SEALING_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// An installation with its database and a simulated Apple.
pub(crate) struct Fixture {
    pub(crate) simulator: Simulator,
    pub(crate) server: SimulatorServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: Arc<AppleClient>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) catalog: Arc<MemoryAppCatalog>,
    pub(crate) vpp: Vpp,
    pub(crate) directory: TempDir,
}

pub(crate) fn ada() -> Actor {
    Actor::new("ada@example.org").unwrap()
}

pub(crate) fn settings(name: &str) -> TokenSettings {
    let mut settings = TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap());
    settings.detail.add_apps_automatically = true;
    settings
}

pub(crate) fn key_ring() -> KeyRing {
    KeyRing::new(KeyId::new("2027").unwrap(), SealingKey::parse(SEALING_KEY).unwrap())
}

pub(crate) fn id(uid: &LocationUid) -> LocationId {
    LocationId::new(uid.as_str()).unwrap()
}

/// Settings of a client that retries once after at most 5 ms, so that tests of retries are quick.
pub(crate) fn impatient(base_url: &str) -> AppleSettings {
    let mut settings = AppleSettings::at(base_url);
    settings.request_timeout = Duration::from_secs(20);
    settings.retry.attempts = 2;
    settings.retry.first_wait = Duration::from_millis(1);
    settings.retry.first_wait_when_limited = Duration::from_millis(1);
    settings.retry.longest_wait = Duration::from_millis(5);
    settings
}

impl Fixture {
    /// Builds an installation without a token, on a date long before any token expires.
    pub(crate) async fn build() -> Self {
        let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(now));
        let options = SqliteOptions::new().clock(clock.clone());
        let store = Arc::new(options.open(directory.path().join("vpp.sqlite"), key_ring()).await.unwrap());
        let simulator = Simulator::new(now);
        let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
        let client = client(impatient(&server.base_url()), clock.clone());
        let catalog = Arc::new(MemoryAppCatalog::default());
        let vpp = builder(store.clone(), &client, clock.clone()).app_catalog(catalog.clone()).build();
        Self { simulator, server, clock, client, store, catalog, vpp, directory }
    }

    /// The library after a restart of the embedder's process: all state in memory is new.
    pub(crate) fn restarted(&self) -> Vpp {
        let client = client(impatient(&self.server.base_url()), self.clock.clone());
        builder(self.store.clone(), &client, self.clock.clone()).app_catalog(self.catalog.clone()).build()
    }

    pub(crate) fn tenant(&self) -> Tenant {
        self.tenant_named("tenant")
    }

    pub(crate) fn tenant_named(&self, name: &str) -> Tenant {
        self.vpp.tenant(TenantId::new(name).unwrap())
    }

    /// Creates a location without licenses and downloads its token.
    pub(crate) fn location(&self, name: &str) -> (LocationUid, DownloadedToken) {
        let uid = self.simulator.create_location(NewLocation::new(name, "Example GmbH", "DE"));
        let token = self.simulator.download_token(&uid, TokenDownload::usual()).unwrap();
        (uid, token)
    }

    /// Buys licenses of an app or book, and lists it in the store first if it is not there.
    pub(crate) fn buy(&self, uid: &LocationUid, adam_id: u64, seats: u32) {
        let id = simulated(adam_id);
        if self.simulator.listing(id).is_none() {
            self.simulator.list(match adam_id {
                CUSTOM => StoreListing::ios_app(id, "Custom", "com.example.custom").custom(),
                MAC => StoreListing::mac_app(id, "Mac", "com.example.mac"),
                BOOK => StoreListing::book(id, "Book"),
                ONLY_US => StoreListing::ios_app(id, "Only US", "com.example.us").sold_in(["US"]),
                number => StoreListing::ios_app(id, format!("Public {number}"), "com.example.public"),
            });
        }
        self.simulator.buy(uid, simulated(adam_id), seats).unwrap();
    }

    /// Creates a location with ten licenses each of two public apps and a custom one.
    pub(crate) fn location_with_three_apps(&self, name: &str) -> (LocationUid, DownloadedToken) {
        let (uid, token) = self.location(name);
        for adam_id in [PUBLIC_ONE, PUBLIC_TWO, CUSTOM] {
            self.buy(&uid, adam_id, 10);
        }
        (uid, token)
    }

    pub(crate) async fn upload(&self, name: &str, token: &DownloadedToken) -> TokenOutcome {
        self.try_upload(settings(name), &token.file).await.unwrap()
    }

    pub(crate) async fn try_upload(
        &self,
        settings: TokenSettings,
        file: &str,
    ) -> Result<TokenOutcome, UploadError> {
        self.tenant().upload_token(UploadToken::new(settings, file), &ada()).await
    }

    /// Runs all jobs that are due.
    pub(crate) async fn work(&self) -> Worked {
        work(&self.vpp).await
    }

    /// Lets time pass for the library and for Apple.
    pub(crate) fn advance(&self, step: TimeDelta) {
        self.clock.advance(step);
        self.simulator.set_now(self.clock.now());
    }

    pub(crate) async fn status(&self, uid: &LocationUid) -> &'static str {
        self.tenant().token(&id(uid)).await.unwrap().status.label()
    }

    /// The rows of a Token Details page as (app id, status, comment).
    pub(crate) async fn rows(&self, uid: &LocationUid) -> Vec<(u64, &'static str, &'static str)> {
        self.page(uid)
            .await
            .iter()
            .map(|row| (row.adam_id.number(), row.status.label(), row.comment.label()))
            .collect()
    }

    pub(crate) async fn page(&self, uid: &LocationUid) -> Vec<TokenDetailsRow> {
        self.tenant().token_details(&id(uid), &PageQuery::default()).await.unwrap().items
    }

    /// All seats of a location.
    pub(crate) async fn seats(&self, uid: &LocationUid) -> Vec<Seat> {
        let location = LocationScope {
            location: id(uid),
            lease: None,
            pools: Pools::None,
            seats: Seats::After(None, usize::MAX),
            requests: Requests::None,
            users: VppUsers::None,
            waitlist: BTreeMap::new(),
            full_read_pages: false,
            notified_events: false,
        };
        let scope = LoadScope { location: Some(location), ..LoadScope::default() };
        let loaded = self.store.load(self.tenant().id(), &scope).await.unwrap();
        loaded.location.unwrap().seats.into_values().collect()
    }

    /// Lets four minutes pass in steps and works: long enough for an assignment to be requested, carried out and read back.
    pub(crate) async fn settle(&self) {
        for _ in 0..24 {
            self.advance(TimeDelta::seconds(10));
            self.work().await;
        }
    }

    /// The ids of the apps in the catalog.
    pub(crate) async fn catalog_ids(&self) -> Vec<u64> {
        let (tenant, mut query, mut ids) = (self.tenant(), PageQuery::default(), Vec::new());
        loop {
            let page = tenant.apps(&query).await.unwrap();
            ids.extend(page.items.iter().map(|app| app.adam_id.number()));
            let Some(next) = page.next else { return ids };
            query = PageQuery::after(next);
        }
    }

    /// Number of requests that Apple received.
    pub(crate) fn requests(&self) -> usize {
        self.simulator.requests().len()
    }

    /// Number of requests that wrote something at Apple.
    pub(crate) fn writes(&self) -> usize {
        self.simulator.requests().iter().filter(|request| request.method == "POST").count()
    }

    /// Everything that is stored for the tenant but its seats, as text, to show that nothing changed.
    pub(crate) async fn stored(&self) -> String {
        let tenant = self.tenant();
        let (tokens, apps) = (
            tenant.tokens(&PageQuery::default()).await.unwrap().items,
            tenant.apps(&PageQuery::default()).await.unwrap().items,
        );
        let audit = tenant.audit_since(Default::default(), 1_000).await.unwrap();
        let mut pages = Vec::new();
        for token in &tokens {
            pages.push(tenant.token_details(token.location(), &PageQuery::default()).await.unwrap().items);
        }
        let next = self.store.next_due().await.unwrap();
        format!("{tokens:#?}{apps:#?}{audit:#?}{pages:#?}{next:?}")
    }
}

/// Runs all jobs that are due, and those that become due meanwhile.
pub(crate) async fn work(vpp: &Vpp) -> Worked {
    let mut all = vpp.work(WorkLimit::default()).await.unwrap();
    loop {
        let more = vpp.work(WorkLimit::default()).await.unwrap();
        all.next_due = more.next_due;
        if more.done == 0 {
            return all;
        }
        all.done += more.done;
        all.failures.extend(more.failures);
    }
}

pub(crate) fn simulated(adam_id: u64) -> mdm_vpp::simulator::AdamId {
    mdm_vpp::simulator::AdamId::new(adam_id)
}

/// The asset of an app in the standard pricing parameter.
pub(crate) fn asset(adam_id: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(adam_id), pricing_param: PricingParam::Standard }
}

pub(crate) fn device(serial_number: &str) -> Holder {
    Holder::Device { serial_number: SerialNumber::new(serial_number).unwrap() }
}

pub(crate) fn seat(uid: &LocationUid, adam_id: u64, holder: Holder) -> SeatKey {
    SeatKey { location: id(uid), asset: asset(adam_id), holder }
}

/// The first serial numbers of a series.
pub(crate) fn serials(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("C02{number:05}")).collect()
}

pub(crate) fn client(settings: AppleSettings, clock: Arc<ManualClock>) -> Arc<AppleClient> {
    AppleClient::with_reqwest(settings, clock).unwrap()
}

pub(crate) fn builder(
    store: Arc<dyn Store>,
    client: &Arc<AppleClient>,
    clock: Arc<ManualClock>,
) -> VppBuilder {
    let installation = InstallationId::new("installation-1").unwrap();
    Vpp::builder(store, apple_services(client), installation)
        .mdm("Example MDM", "mdm.example.org")
        .time(clock.clone(), clock)
}
