//! A location with apps in profiles, the library around it, and the devices that will arrive.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
};
use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{Actor, AdamId, InstallationId, LocationId, SerialNumber, TenantId},
    seats::{Holder, SeatKey},
    token::{ContentToken, Region, TokenFile, TokenName, TokenSettings},
};
use mdm_vpp_engine::{AppleServices, NotificationKey, NotificationKeys, NotificationUrl, UploadToken, Vpp};
use mdm_vpp_ports::Store;
use mdm_vpp_simulator::{
    Endpoint, ErrorNumber, EventPlan, LocationUid, NewLocation, RateJudged, Simulator, StoreListing,
    TokenDownload,
};
use mdm_vpp_store::{
    memory::MemoryStore,
    sealing::{KeyId, KeyRing, SealingKey},
};
use mdm_vpp_world::BoxError;

use crate::virtual_time::{Arrival, Embedder, Network, Time};

/// The size of a burst.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) devices: u32,
    pub(crate) seconds: u32,
    pub(crate) profiles: u32,
    pub(crate) apps_of_a_profile: u32,
    pub(crate) milliseconds_of_an_answer: u32,
    /// Whether the embedder takes notifications.
    pub(crate) takes_notifications: bool,
}

/// A location with apps, the library around it, and the clock of both.
pub(crate) struct BurstFixture {
    pub(crate) simulator: Simulator,
    pub(crate) time: Arc<Time>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) vpp: Vpp,
    pub(crate) service: AppleAssignmentService,
    pub(crate) tenant: TenantId,
    pub(crate) location: LocationId,
    pub(crate) secret: ContentToken,
    size: Size,
}

impl BurstFixture {
    /// Builds the location without assignments and syncs it.
    pub(crate) async fn build(size: Size) -> Result<Self, BoxError> {
        let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse()?;
        let simulator = Simulator::new(now);
        simulator.change_settings(|settings| {
            settings.events = EventPlan::usual().after(Duration::from_secs(2));
            settings.rate_limit.judged = RateJudged::Always;
            settings.log_capacity = 1_000_000;
        });
        let uid = create_location(&simulator, size)?;
        let file = simulator.download_token(&uid, TokenDownload::usual())?.file;
        let time = Arc::new(Time::new(simulator.clone()));
        let latency = TimeDelta::milliseconds(size.milliseconds_of_an_answer.into());
        let network = Network { time: time.clone(), simulator: simulator.clone(), latency };
        let settings = AppleSettings::at(simulator.base_url().to_string());
        let client = Arc::new(AppleClient::new(settings, Arc::new(network), time.clone())?);
        let keys = KeyRing::new(KeyId::new("bench")?, SealingKey::parse("00112233".repeat(8))?);
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(keys).clock(time.clone()));
        let service = AppleAssignmentService::new(client.clone());
        let mut builder = Vpp::builder(
            store.clone(),
            AppleServices::new(
                Arc::new(AppleLicenseService::new(client.clone())),
                Arc::new(service.clone()),
                Arc::new(StoreLookup::new(client)),
            ),
            InstallationId::new("bench")?,
        )
        .time(time.clone(), time.clone());
        if size.takes_notifications {
            let keys = NotificationKeys::only(NotificationKey::parse("0a1b2c3d".repeat(8))?);
            builder = builder.notifications(NotificationUrl::new("https://mdm.example.org/apple")?, keys);
        }
        let vpp = builder.build();
        let (tenant, location) = (TenantId::new("company")?, LocationId::new(uid.as_str())?);
        let (actor, secret) =
            (Actor::new("bench")?, TokenFile::parse(file.as_bytes())?.content_token().clone());
        let settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
        vpp.tenant(tenant.clone()).upload_token(UploadToken::new(settings, file), &actor).await?;
        while vpp.work(Default::default()).await?.done > 0 {}
        let embedder = Embedder {
            vpp: vpp.clone(),
            takes_notifications: size.takes_notifications,
            tenant: tenant.clone(),
            location: location.clone(),
            actor,
        };
        let _ = time.embedder.set(embedder);
        simulator.clear_requests();
        Ok(Self { simulator, time, store, vpp, service, tenant, location, secret, size })
    }

    /// Devices that arrive evenly, with the profiles in turn.
    pub(crate) fn arrivals(&self, from: DateTime<Utc>) -> Result<Vec<Arrival>, BoxError> {
        let apart = TimeDelta::seconds(self.size.seconds.into()) / i32::try_from(self.size.devices)?;
        let arrival = |device: u32| {
            let serial_number = SerialNumber::new(format!("C02X{device:08}"))?;
            let holder = Holder::Device { serial_number };
            let first = device % self.size.profiles * self.size.apps_of_a_profile;
            let seats = (first..first + self.size.apps_of_a_profile).map(|app| SeatKey {
                location: self.location.clone(),
                asset: AssetKey { adam_id: AdamId::new(app_id(app)), pricing_param: PricingParam::Standard },
                holder: holder.clone(),
            });
            let at = from + apart * i32::try_from(device)?;
            Ok(Arrival { at, seats: seats.collect() })
        };
        (0..self.size.devices).map(arrival).collect()
    }

    /// The number of requests to each endpoint, and of those that Apple refused because there were too many.
    pub(crate) fn requests(&self) -> (Vec<(Endpoint, u64)>, usize) {
        let counts = Endpoint::ALL.iter().map(|endpoint| (*endpoint, self.simulator.count(*endpoint)));
        let log = self.simulator.requests();
        let refused = log.iter().filter(|request| request.error == Some(ErrorNumber::TOO_MANY_REQUESTS));
        (counts.filter(|(_, count)| *count > 0).collect(), refused.count())
    }
}

fn app_id(number: u32) -> u64 {
    1_000_000_000 + u64::from(number)
}

fn create_location(simulator: &Simulator, size: Size) -> Result<LocationUid, BoxError> {
    let uid = simulator.create_location(NewLocation::new("Berlin", "Example GmbH", "DE"));
    for number in 0..size.profiles * size.apps_of_a_profile {
        let app = mdm_vpp_simulator::AdamId::new(app_id(number));
        simulator.list(StoreListing::ios_app(
            app,
            format!("App {number}"),
            format!("com.example.app{number}"),
        ));
        simulator.buy(&uid, app, size.devices)?;
    }
    Ok(uid)
}
