//! What the suite asks of a store that it can prepare.

use async_trait::async_trait;
use mdm_vpp_core::{apple_error::ErrorNumber, id::AdamId, token::ContentToken};

use super::{FixtureApp, FixtureFuture};
use crate::AppMetadata;

/// A store that can be prepared, and the implementation that asks it.
#[async_trait]
pub trait AppMetadataFixture: Send + Sync {
    /// The implementation under test.
    fn metadata(&self) -> &dyn AppMetadata;

    /// Puts an app into the store, in place of one with the same id.
    async fn list(&self, app: &FixtureApp) -> FixtureFuture<()>;

    /// Downloads a token of one more location, which owns these apps of the store.
    async fn token_of_owner(&self, apps: &[AdamId]) -> FixtureFuture<ContentToken>;

    /// How many requests of any kind came so far.
    async fn requests(&self) -> FixtureFuture<u64>;

    /// Answers every lookup with HTTP status 200 and a body that tells this error, from now on.
    async fn answer_with_error(&self, number: ErrorNumber, message: &str) -> FixtureFuture<()>;

    /// Answers every lookup as it should be again.
    async fn answer_well(&self) -> FixtureFuture<()>;
}
