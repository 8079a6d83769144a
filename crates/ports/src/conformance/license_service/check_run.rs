//! How a check runs, alone and in the whole suite: a company's location, its token, and its assets.

use mdm_vpp_core::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    id::{AdamId, LocationId},
    token::{ContentToken, MdmInfo, Region, StoreKind},
};

use super::{
    FixtureCondition, FixtureFuture, FixtureLocation, FixtureToken, LicenseServiceFixture, Violation,
};
use crate::{LicenseService, conformance::promise::Promise};

/// Runs every check, each on a fixture that `open` makes for it.
///
/// ```
/// use mdm_vpp_ports::conformance::license_service::{self, LicenseServiceFixture, Violation};
///
/// async fn my_client_keeps_its_promises<S: LicenseServiceFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     license_service::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the service broke.
pub async fn all<S: LicenseServiceFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_license_service_check!(run_each);
    Ok(())
}

/// A fixture, and the promise that is tested on it.
pub(super) struct CheckRun<'a> {
    pub(super) promise: Promise,
    pub(super) fixture: &'a dyn LicenseServiceFixture,
}

impl<'a> CheckRun<'a> {
    pub(super) fn begin(check: &'static str, fixture: &'a dyn LicenseServiceFixture) -> Self {
        Self { promise: Promise(check), fixture }
    }

    /// What the fixture has to prepare. A check on a fixture that could not be prepared shows nothing, so that is a
    /// violation too.
    pub(super) fn prepared<T>(&self, prepared: FixtureFuture<T>) -> Result<T, Violation> {
        self.promise.staged(prepared)
    }

    pub(super) fn service(&self) -> &'a dyn LicenseService {
        self.fixture.service()
    }

    pub(super) fn region(&self, code: &str) -> Result<Region, Violation> {
        self.promise.built(Region::new(code))
    }

    /// A company's location in Germany that owns these assets.
    pub(super) async fn location(&self, assets: Vec<Asset>) -> Result<LocationId, Violation> {
        let location = FixtureLocation {
            name: "Example GmbH Berlin".to_owned(),
            country: self.region("DE")?,
            store: StoreKind::Business,
            assets,
        };
        self.prepared(self.fixture.location(&location).await)
    }

    pub(super) async fn download(
        &self,
        location: &LocationId,
        condition: FixtureCondition,
    ) -> Result<FixtureToken, Violation> {
        self.prepared(self.fixture.token(location, condition).await)
    }

    pub(super) async fn usable(&self, location: &LocationId) -> Result<ContentToken, Violation> {
        Ok(self.download(location, FixtureCondition::Usable).await?.token)
    }

    /// A location that owns nothing, and a token that opens it.
    pub(super) async fn empty_location(&self) -> Result<(LocationId, ContentToken), Violation> {
        let location = self.location(Vec::new()).await?;
        let token = self.usable(&location).await?;
        Ok((location, token))
    }

    pub(super) async fn claims(
        &self,
        token: &ContentToken,
        claim: &MdmInfo,
    ) -> Result<Option<MdmInfo>, Violation> {
        let claimed = self.promise.works("a claim", self.service().claim(token, claim).await)?;
        Ok(claimed.reply.mdm_info)
    }

    /// The claim as the client config tells it.
    pub(super) async fn told_claim(&self, token: &ContentToken) -> Result<Option<MdmInfo>, Violation> {
        let step = "reading the client config";
        Ok(self.promise.works(step, self.service().client_config(token).await)?.reply.mdm_info)
    }

    /// The claim as Apple holds it.
    pub(super) async fn held_claim(&self, location: &LocationId) -> Result<Option<MdmInfo>, Violation> {
        self.prepared(self.fixture.current_claim(location).await)
    }
}

pub(super) fn ours() -> MdmInfo {
    MdmInfo {
        id: "mdm-eu-1:2049".to_owned(),
        name: "Example MDM".to_owned(),
        metadata: "mdm.example.org".to_owned(),
    }
}

pub(super) fn theirs() -> MdmInfo {
    MdmInfo {
        id: "other-7".to_owned(),
        name: "Another MDM".to_owned(),
        metadata: "other.example.org".to_owned(),
    }
}

/// An app for iOS with ten licenses, three of them assigned.
pub(super) fn app(number: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(number),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: [Platform::Ios].into(),
        counts: bought(10, 3),
    }
}

/// A book for every device of a user, in this quality.
pub(super) fn book(number: u64, pricing_param: PricingParam) -> Asset {
    Asset {
        pricing_param,
        product_type: ProductType::Book,
        device_assignable: false,
        revocable: false,
        supported_platforms: [Platform::Ios, Platform::MacOs].into(),
        ..app(number)
    }
}

pub(super) const fn bought(total: u64, assigned: u64) -> Counts {
    Counts::Limited { total, assigned, available: total.saturating_sub(assigned), retired: 0 }
}

/// Assets by id and quality.
pub(super) fn sorted(mut assets: Vec<Asset>) -> Vec<Asset> {
    assets.sort_by(|a, b| (a.adam_id, &a.pricing_param).cmp(&(b.adam_id, &b.pricing_param)));
    assets
}
