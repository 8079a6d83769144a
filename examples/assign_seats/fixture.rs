//! What the example runs on: a simulated Apple over HTTP, a SQLite file, a virtual clock, and the library.

use std::sync::Arc;

use mdm_vpp::{
    Vpp,
    adapters::apple::{AppleClient, AppleSettings},
    apple_services,
    catalog::{AssetKey, PricingParam},
    chrono::{DateTime, TimeDelta, Utc},
    engine::{Tenant, UploadToken, WorkLimit},
    id::{Actor, AdamId, InstallationId, LocationId, TenantId},
    ports::{Clock as _, Store, fake::ManualClock},
    simulator::{self, LocationUid, NewLocation, Simulator, SimulatorServer, StoreListing, TokenDownload},
    store::{
        sealing::{KeyId, KeyRing, SealingKey},
        sqlite::SqliteOptions,
    },
    token::{Region, TokenName, TokenSettings},
};
use tempfile::TempDir;

use crate::Failure;

const APP: u64 = 1_163_852_619;

/// An installation with one location.
pub(crate) struct Fixture {
    pub(crate) simulator: Simulator,
    pub(crate) uid: LocationUid,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) tenant: Tenant,
    pub(crate) location: LocationId,
    pub(crate) actor: Actor,
    vpp: Vpp,
    /// The server and the folder end with the fixture.
    _server: SimulatorServer,
    _folder: TempDir,
}

/// The app that is assigned.
pub(crate) fn app() -> AssetKey {
    AssetKey { adam_id: AdamId::new(APP), pricing_param: PricingParam::Standard }
}

impl Fixture {
    /// Builds a location with five licenses of an app, uploads its token and reads its assignments.
    pub(crate) async fn build() -> Result<Self, Failure> {
        let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse()?;
        let (clock, simulator) = (Arc::new(ManualClock::at(now)), Simulator::new(now));
        let app = simulator::AdamId::new(APP);
        let uid = simulator.create_location(NewLocation::new("Hamburg", "Example GmbH", "DE"));
        simulator.list(StoreListing::ios_app(app, "Route Sheet", "com.example.route"));
        simulator.buy(&uid, app, 5)?;
        let file = simulator.download_token(&uid, TokenDownload::usual())?.file;
        let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await?;

        let folder = tempfile::tempdir()?;
        let keys = KeyRing::new(KeyId::new("example")?, SealingKey::generate()?);
        let options = SqliteOptions::new().clock(clock.clone());
        let store: Arc<dyn Store> = Arc::new(options.open(folder.path().join("vpp.sqlite"), keys).await?);
        let apple = AppleClient::with_reqwest(AppleSettings::at(server.base_url()), clock.clone())?;
        let vpp =
            Vpp::builder(store.clone(), apple_services(&apple), InstallationId::new("assign-seats-example")?)
                .time(clock.clone(), clock.clone())
                .build();

        let (tenant, actor) = (vpp.tenant(TenantId::new("example")?), Actor::new("ada@example.org")?);
        let settings = TokenSettings::new(TokenName::new("Hamburg")?, Region::new("DE")?);
        let uploaded = tenant.upload_token(UploadToken::new(settings, file), &actor).await?;
        let location = uploaded.overview.location().clone();
        let (_server, _folder) = (server, folder);
        let fixture = Self { simulator, uid, clock, store, tenant, location, actor, vpp, _server, _folder };
        fixture.run_for(TimeDelta::minutes(1), async || Ok(())).await?;
        fixture.simulator.clear_requests();
        Ok(fixture)
    }

    /// Lets `time` pass and runs each job when it is due. `after_job` runs after each job.
    pub(crate) async fn run_for(
        &self,
        time: TimeDelta,
        mut after_job: impl AsyncFnMut() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let end = self.clock.now() + time;
        let one_job = WorkLimit { subjects: 1, ..WorkLimit::default() };
        while self.clock.now() < end {
            let worked = self.vpp.work(one_job).await?;
            after_job().await?;
            if worked.done == 0 {
                let next = worked.next_due.unwrap_or(end);
                self.clock.set(next.max(self.clock.now()).min(end));
            }
            self.simulator.set_now(self.clock.now());
        }
        Ok(())
    }
}
