//! A check as a story: a location of a company, its token, and what is expected of the service.

use mdm_vpp_core::{
    catalog::Asset,
    id::LocationId,
    token::{ContentToken, MdmInfo, Region, StoreKind},
};

use super::{FixtureCondition, FixtureLocation, FixtureToken, LicenseServiceFixture, Violation};
use crate::{LicenseService, conformance::promise::Promise};

/// A stage, and the promise that is tested on it.
pub(super) struct CheckRun<'a> {
    pub(super) promise: Promise,
    pub(super) fixture: &'a dyn LicenseServiceFixture,
}

impl<'a> CheckRun<'a> {
    pub(super) fn begin(check: &'static str, stage: &'a dyn LicenseServiceFixture) -> Self {
        Self { promise: Promise(check), fixture: stage }
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
        self.promise.staged(self.fixture.location(&location).await)
    }

    pub(super) async fn download(
        &self,
        location: &LocationId,
        condition: FixtureCondition,
    ) -> Result<FixtureToken, Violation> {
        self.promise.staged(self.fixture.token(location, condition).await)
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
        self.promise.staged(self.fixture.current_claim(location).await)
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
