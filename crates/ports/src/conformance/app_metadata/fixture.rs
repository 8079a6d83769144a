//! What the suite asks of a store that it can prepare.

use std::collections::BTreeSet;

use async_trait::async_trait;
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::AdamId,
    token::{ContentToken, Region},
};

use super::FixtureFuture;
use crate::AppMetadata;

/// A store that can be prepared, and the implementation that asks it. Each check gets its own.
#[async_trait]
pub trait AppMetadataFixture: Send + Sync {
    /// The implementation under test.
    fn metadata(&self) -> &dyn AppMetadata;

    /// Puts an app into the store, in place of one with the same id.
    async fn list(&self, app: &FixtureApp) -> FixtureFuture<()>;

    /// Downloads a token of one more location, which owns these apps of the store.
    async fn token_of_owner(&self, apps: &[AdamId]) -> FixtureFuture<ContentToken>;

    /// The number of requests of any kind that came so far.
    async fn requests(&self) -> FixtureFuture<u64>;

    /// Answers every lookup with HTTP status 200 and a body with this error, from now on.
    async fn answer_with_error(&self, number: ErrorNumber, message: &str) -> FixtureFuture<()>;

    /// Answers lookups normally again.
    async fn answer_normally(&self) -> FixtureFuture<()>;
}

/// An app to be put into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixtureApp {
    /// Its id.
    pub adam_id: AdamId,
    /// Its name.
    pub name: String,
    /// Its bundle id.
    pub bundle_id: String,
    /// What it runs on.
    pub runs_on: RunsOn,
    /// Whether it is a custom app, which the store shows to owners only.
    pub custom: bool,
    /// The national stores that have it.
    pub regions: BTreeSet<Region>,
    /// The form in which the store gives its icon.
    pub artwork: ArtworkShape,
    /// The form in which the store gives its id.
    pub id: IdShape,
}

/// What an app runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunsOn {
    /// iPhone and iPad. The store for Macs does not have it.
    Ios,
    /// Mac alone: the only family of devices in the listing is `mac`.
    Mac,
}

/// The form of an icon. Both forms occur in Apple's samples; both name an icon of 512 pixels at the same
/// address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtworkShape {
    /// One address with places for size and format.
    Template,
    /// A list of sizes, each with its address; 512 is among them.
    Sizes,
}

/// The form of an id. Both forms occur in Apple's samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdShape {
    /// As a text.
    Text,
    /// As a number.
    Number,
}
