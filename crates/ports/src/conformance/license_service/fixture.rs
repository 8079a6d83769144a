//! What the suite asks of an Apple that it can prepare.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::Asset,
    id::LocationId,
    token::{ContentToken, MdmInfo, Region, StoreKind},
};

use super::FixtureFuture;
use crate::LicenseService;

/// An Apple that can be prepared, and the implementation that asks it.
///
/// This Apple names claim and expiry in every good reply, and gives pages of [`page_capacity`] assets.
///
/// [`page_capacity`]: Self::page_capacity
#[async_trait]
pub trait LicenseServiceFixture: Send + Sync {
    /// The implementation under test.
    fn service(&self) -> &dyn LicenseService;

    /// Makes a location without a claim.
    async fn location(&self, location: &FixtureLocation) -> FixtureFuture<LocationId>;

    /// Downloads one more token of a location; those before stay as they are.
    async fn token(&self, location: &LocationId, condition: FixtureCondition) -> FixtureFuture<FixtureToken>;

    /// Lets another MDM claim a location.
    async fn claim_by_other(&self, location: &LocationId, claim: &MdmInfo) -> FixtureFuture<()>;

    /// The claim that Apple holds now, read beside the implementation.
    async fn current_claim(&self, location: &LocationId) -> FixtureFuture<Option<MdmInfo>>;

    /// Lets a page hold this number of assets from now on.
    async fn page_capacity(&self, assets: u32) -> FixtureFuture<()>;

    /// Answers every request of this kind with HTTP status 200 and a body with this error, from now on. Whether
    /// the request is carried out does not matter.
    async fn answer_with_error(
        &self,
        request: FixtureRequest,
        number: ErrorNumber,
        message: &str,
    ) -> FixtureFuture<()>;

    /// Answers requests normally again.
    async fn answer_normally(&self) -> FixtureFuture<()>;
}

/// A location to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixtureLocation {
    /// Its name.
    pub name: String,
    /// The country of its store.
    pub country: Region,
    /// For a company or a school.
    pub store: StoreKind,
    /// What it owns, with exactly these counts. Only what Apple has: totals are what is assigned and available
    /// together, nothing is retired, books cannot be revoked or assigned to devices, and the platforms are those of
    /// an app for iOS, for macOS, or for both.
    pub assets: Vec<Asset>,
}

/// A token that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureToken {
    /// The secret.
    pub token: ContentToken,
    /// Its expiry, in whole seconds.
    pub expires_at: DateTime<Utc>,
}

/// How Apple treats a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixtureCondition {
    /// It opens its location.
    Usable,
    /// It has expired: 9621.
    Expired,
    /// Apple never saw it: 9622.
    Unknown,
    /// It was revoked: 9625.
    Revoked,
    /// Its account may only read: claims are refused with 9637.
    ReadOnly,
    /// Apple's own device management manages the location from now on: claims are refused with 9645.
    ManagedByApple,
    /// The location's tokens are of the kind that Apple used before it had locations: 9647.
    Legacy,
}

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixtureRequest {
    /// Reading the client config.
    ClientConfig,
    /// Claiming a location.
    Claim,
    /// Reading this page of the assets, counted from 0.
    Assets {
        /// The page.
        page: u32,
    },
}
