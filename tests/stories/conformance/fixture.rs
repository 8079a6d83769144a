//! A simulated Apple that the suites can prepare, and the services that ask it.

use std::{num::NonZeroUsize, sync::Arc};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp::{
    apple_error::ErrorNumber,
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    id::{AdamId, LocationId},
    ports::{
        AppMetadata, LicenseService,
        conformance::{
            FixtureFuture,
            app_metadata::{AppMetadataFixture, ArtworkShape, FixtureApp, IdShape, RunsOn},
            license_service::{
                FixtureCondition, FixtureLocation, FixtureRequest, FixtureToken, LicenseServiceFixture,
            },
        },
        fake::ManualClock,
    },
    simulator::{
        ArtworkStyle, AssetKey, Claim, Endpoint, Fault, FaultRule, IdStyle, LocationUid, NewLocation,
        Platform as Portal, PricingParam as Quality, SimulatedApple, Simulator, SimulatorServer,
        StoreListing, TokenDownload,
    },
    token::{ContentToken, MdmInfo, StoreKind},
};
use serde_json::json;

use crate::fixture::{client, id, impatient, simulated};

/// A simulated Apple and the services that ask it.
pub(super) struct AppleFixture {
    pub(super) simulator: Simulator,
    pub(super) service: Box<dyn LicenseService>,
    pub(super) metadata: Box<dyn AppMetadata>,
    /// Listens until the fixture is dropped.
    _server: Option<SimulatorServer>,
}

fn empty() -> Simulator {
    Simulator::new("2027-03-01T10:00:00Z".parse().unwrap())
}

/// The client, over HTTP.
pub(super) async fn over_http() -> AppleFixture {
    let simulator = empty();
    let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
    let clock = Arc::new(ManualClock::at(simulator.now()));
    let client = client(impatient(&server.base_url()), clock);
    AppleFixture {
        simulator,
        service: Box::new(client.license_service()),
        metadata: Box::new(client.store_lookup()),
        _server: Some(server),
    }
}

/// The fake, in-process.
pub(super) async fn in_process() -> AppleFixture {
    with(|apple| Box::new(apple), |apple| Box::new(apple))
}

/// Services made from the fake, in-process.
pub(super) fn with(
    service: impl FnOnce(SimulatedApple) -> Box<dyn LicenseService>,
    metadata: impl FnOnce(SimulatedApple) -> Box<dyn AppMetadata>,
) -> AppleFixture {
    let simulator = empty();
    let apple = SimulatedApple::new(simulator.clone());
    AppleFixture { simulator, service: service(apple.clone()), metadata: metadata(apple), _server: None }
}

/// Status 200 with an error of this text.
fn error_in_good_reply(number: ErrorNumber, message: &str) -> Fault {
    let body = json!({"errorNumber": number.0, "errorMessage": message, "errorInfo": {}});
    Fault::edit_json(move |reply| *reply = body.clone())
}

/// A token that Apple never gave out.
fn unknown_token() -> String {
    let inside = json!({"token": "bm9ib2R5", "expDate": "2028-01-01T00:00:00+0000", "orgName": "Unknown"});
    STANDARD.encode(inside.to_string())
}

fn quality(asset: &Asset) -> AssetKey {
    let quality = if asset.pricing_param == PricingParam::HighQuality {
        Quality::HighQuality
    } else {
        Quality::Standard
    };
    AssetKey::new(simulated(asset.adam_id.number()), quality)
}

fn listing(asset: &Asset) -> StoreListing {
    let (id, name) = (simulated(asset.adam_id.number()), format!("Asset {}", asset.adam_id));
    let on = |platform| asset.supported_platforms.contains(&platform);
    let listing = match (&asset.product_type, on(Platform::Ios), on(Platform::MacOs)) {
        (ProductType::Book, ..) => StoreListing::book(id, name),
        (_, true, true) => StoreListing::universal_app(id, name, "com.example.app"),
        (_, false, true) => StoreListing::mac_app(id, name, "com.example.app"),
        _ => StoreListing::ios_app(id, name, "com.example.app"),
    };
    if asset.device_assignable { listing } else { listing.not_device_assignable() }
}

impl AppleFixture {
    /// Lets a location own an asset with exactly its counts.
    pub(super) fn own(&self, uid: &LocationUid, asset: &Asset) -> FixtureFuture<()> {
        self.simulator.list(listing(asset));
        let (total, assigned) = match asset.counts {
            Counts::Limited { total, assigned, .. } => (total, assigned),
            Counts::Unlimited { assigned } => (0, assigned),
        };
        self.simulator.buy(uid, quality(asset), u32::try_from(total)?)?;
        if matches!(asset.counts, Counts::Unlimited { .. }) {
            self.simulator.make_unlimited(uid, quality(asset))?;
        }
        Ok(self.simulator.set_assigned(uid, quality(asset), u32::try_from(assigned)?)?)
    }
}

#[async_trait]
impl LicenseServiceFixture for AppleFixture {
    fn service(&self) -> &dyn LicenseService {
        &*self.service
    }

    async fn location(&self, location: &FixtureLocation) -> FixtureFuture<LocationId> {
        let portal = if location.store == StoreKind::Education { Portal::School } else { Portal::Business };
        let new = NewLocation::new(&location.name, "Example", location.country.as_str()).on(portal);
        let uid = self.simulator.create_location(new);
        for asset in &location.assets {
            self.own(&uid, asset)?;
        }
        Ok(id(&uid))
    }

    async fn token(&self, location: &LocationId, condition: FixtureCondition) -> FixtureFuture<FixtureToken> {
        let uid = LocationUid::from(location.as_str());
        let now = self.simulator.now();
        let download = match condition {
            FixtureCondition::Expired => TokenDownload::usual().expiring_at(now),
            FixtureCondition::ReadOnly => TokenDownload::usual().read_only(),
            _ => TokenDownload::usual(),
        };
        let token = self.simulator.download_token(&uid, download)?;
        match condition {
            FixtureCondition::Revoked => self.simulator.revoke_token(token.id)?,
            FixtureCondition::ManagedByApple => self.simulator.set_managed_by_apple(&uid, true)?,
            FixtureCondition::Legacy => self.simulator.set_legacy_tokens(&uid, true)?,
            _ => {}
        }
        // The next token ends at another time.
        self.simulator.advance(chrono::TimeDelta::minutes(1));
        let file = if condition == FixtureCondition::Unknown { unknown_token() } else { token.file };
        Ok(FixtureToken { token: ContentToken::new(file)?, expires_at: token.expires_at })
    }

    async fn claim_by_other(&self, location: &LocationId, claim: &MdmInfo) -> FixtureFuture<()> {
        let claim = Claim::new(&claim.id, &claim.name, &claim.metadata);
        Ok(self.simulator.claim_by_other(&LocationUid::from(location.as_str()), claim)?)
    }

    async fn current_claim(&self, location: &LocationId) -> FixtureFuture<Option<MdmInfo>> {
        let claim = self.simulator.claim(&LocationUid::from(location.as_str()))?;
        Ok(claim.map(|claim| MdmInfo { id: claim.id, name: claim.name, metadata: claim.metadata }))
    }

    async fn page_capacity(&self, assets: u32) -> FixtureFuture<()> {
        let capacity = NonZeroUsize::try_from(usize::try_from(assets)?)?;
        self.simulator.change_settings(|settings| settings.page_capacity = capacity);
        Ok(())
    }

    async fn answer_with_error(
        &self,
        request: FixtureRequest,
        number: ErrorNumber,
        message: &str,
    ) -> FixtureFuture<()> {
        let fault = error_in_good_reply(number, message);
        let rule = match request {
            FixtureRequest::ClientConfig => FaultRule::at(Endpoint::ReadClientConfig, fault),
            FixtureRequest::Claim => FaultRule::at(Endpoint::WriteClientConfig, fault),
            FixtureRequest::Assets { page } => FaultRule::at(Endpoint::Assets, fault).on_page(page.into()),
            other => return Err(format!("the fixture does not know {other:?}").into()),
        };
        self.simulator.inject(rule.always());
        Ok(())
    }

    async fn answer_normally(&self) -> FixtureFuture<()> {
        self.simulator.clear_faults();
        Ok(())
    }
}

#[async_trait]
impl AppMetadataFixture for AppleFixture {
    fn metadata(&self) -> &dyn AppMetadata {
        &*self.metadata
    }

    async fn list(&self, app: &FixtureApp) -> FixtureFuture<()> {
        let id = simulated(app.adam_id.number());
        let listing = match app.runs_on {
            RunsOn::Mac => StoreListing::mac_app(id, &app.name, &app.bundle_id),
            _ => StoreListing::ios_app(id, &app.name, &app.bundle_id),
        };
        let listing = listing
            .sold_in(app.regions.iter().map(|region| region.as_str()))
            .artwork(match app.artwork {
                ArtworkShape::Sizes => ArtworkStyle::Sizes,
                _ => ArtworkStyle::Template,
            })
            .ids(if app.id == IdShape::Number { IdStyle::Number } else { IdStyle::Text });
        self.simulator.list(if app.custom { listing.custom() } else { listing });
        Ok(())
    }

    async fn token_of_owner(&self, apps: &[AdamId]) -> FixtureFuture<ContentToken> {
        let uid = self.simulator.create_location(NewLocation::new("Owner", "Example", "DE"));
        for app in apps {
            self.simulator.buy(&uid, simulated(app.number()), 1)?;
        }
        let token = self.simulator.download_token(&uid, TokenDownload::usual())?;
        Ok(ContentToken::new(token.file)?)
    }

    async fn requests(&self) -> FixtureFuture<u64> {
        Ok(u64::try_from(self.simulator.requests().len())?)
    }

    async fn answer_with_error(&self, number: ErrorNumber, message: &str) -> FixtureFuture<()> {
        let fault = error_in_good_reply(number, message);
        self.simulator.inject(FaultRule::at(Endpoint::MetadataLookup, fault).always());
        Ok(())
    }

    async fn answer_normally(&self) -> FixtureFuture<()> {
        self.simulator.clear_faults();
        Ok(())
    }
}
