//! What the suite asks of an Apple that it can prepare.

use async_trait::async_trait;
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{AdamId, LocationId},
    seats::ErrorSubjects,
    token::ContentToken,
};

use super::FixtureFuture;
use crate::{AssignmentService, ServiceLimits};

/// An Apple that can be prepared, and the implementation that asks it.
///
/// This Apple limits no rate, carries out what it accepted only when
/// [`finish_events`](Self::finish_events) says so, and gives pages of [`page_capacity`](Self::page_capacity) records.
#[async_trait]
pub trait AssignmentServiceFixture: Send + Sync {
    /// The implementation under test.
    fn service(&self) -> &dyn AssignmentService;

    /// Makes a location that owns these licenses, all of them free.
    async fn location(&self, licenses: &[FixtureLicenses]) -> FixtureFuture<FixtureAccess>;

    /// Lets the organization of the location manage this Apple Account.
    async fn managed_account(&self, location: &LocationId, account: &str) -> FixtureFuture<()>;

    /// Lets a page hold this number of records from now on.
    async fn page_capacity(&self, records: u32) -> FixtureFuture<()>;

    /// Lets the service config name these limits. Called before the first request.
    async fn limits(&self, limits: &ServiceLimits) -> FixtureFuture<()>;

    /// Carries out all that was accepted, and shows it at once.
    async fn finish_events(&self) -> FixtureFuture<()>;

    /// The number of requests that Apple got so far, without those for the service config.
    async fn requests(&self) -> FixtureFuture<u64>;

    /// Answers every request but those for the service config with HTTP status 200 and a body with this error and
    /// the assets and holders that it is about, from now on. Whether the request is carried out does not matter.
    async fn answer_with_error(
        &self,
        number: ErrorNumber,
        message: &str,
        subjects: &ErrorSubjects,
    ) -> FixtureFuture<()>;

    /// Answers requests normally again.
    async fn answer_normally(&self) -> FixtureFuture<()>;
}

/// Licenses of an app for iOS that devices and users can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixtureLicenses {
    /// The app.
    pub adam_id: AdamId,
    /// How many.
    pub licenses: u32,
}

/// A location and a token that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureAccess {
    /// The location.
    pub location: LocationId,
    /// The secret.
    pub token: ContentToken,
}
