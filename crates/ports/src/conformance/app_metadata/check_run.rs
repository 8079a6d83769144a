//! How a check runs, alone and in the whole suite: the German store, and a token that owns nothing unless said
//! otherwise.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Lookup, StoreListing},
    id::AdamId,
    token::{ContentToken, Region, StorePlatform},
};

use super::{AppMetadataFixture, ArtworkShape, FixtureApp, FixtureFuture, IdShape, RunsOn, Violation};
use crate::{AppMetadataQuery, ServiceError, conformance::promise::Promise};

/// Runs every check, each on a fixture that `open` makes for it.
///
/// ```
/// use mdm_vpp_ports::conformance::app_metadata::{self, AppMetadataFixture, Violation};
///
/// async fn my_lookup_keeps_its_promises<S: AppMetadataFixture>(
///     open: impl AsyncFn() -> S,
/// ) -> Result<(), Violation> {
///     app_metadata::all(open).await
/// }
/// ```
///
/// # Errors
///
/// [`Violation`] tells the first promise that the implementation broke.
pub async fn all<S: AppMetadataFixture>(open: impl AsyncFn() -> S) -> Result<(), Violation> {
    macro_rules! run_each {
        ($($check:ident),+ $(,)?) => { $(super::checks::$check(&open().await).await?;)+ };
    }
    crate::for_each_app_metadata_check!(run_each);
    Ok(())
}

/// A fixture, and the promise that is tested on it.
pub(super) struct CheckRun<'a> {
    pub(super) promise: Promise,
    pub(super) fixture: &'a dyn AppMetadataFixture,
    pub(super) germany: Region,
}

impl<'a> CheckRun<'a> {
    pub(super) fn begin(check: &'static str, fixture: &'a dyn AppMetadataFixture) -> Result<Self, Violation> {
        let promise = Promise(check);
        Ok(Self { promise, fixture, germany: promise.built(Region::new("DE"))? })
    }

    /// What the fixture has to prepare. A check on a fixture that could not be prepared shows nothing, so that is a
    /// violation too.
    pub(super) fn prepared<T>(&self, prepared: FixtureFuture<T>) -> Result<T, Violation> {
        self.promise.staged(prepared)
    }

    /// A public app for iPhones in the German store.
    pub(super) fn app(&self, number: u64) -> FixtureApp {
        FixtureApp {
            adam_id: AdamId::new(number),
            name: format!("Größe {number} \u{1f4cf}"),
            bundle_id: format!("org.example.app{number}"),
            runs_on: RunsOn::Ios,
            custom: false,
            regions: [self.germany].into(),
            artwork: ArtworkShape::Template,
            id: IdShape::Text,
        }
    }

    pub(super) async fn list(&self, app: &FixtureApp) -> Result<(), Violation> {
        self.prepared(self.fixture.list(app).await)
    }

    pub(super) async fn token_of_owner(&self, apps: &[AdamId]) -> Result<ContentToken, Violation> {
        self.prepared(self.fixture.token_of_owner(apps).await)
    }

    /// A query of the German store for companies.
    pub(super) fn query(&self, adam_ids: Vec<AdamId>) -> AppMetadataQuery {
        AppMetadataQuery { region: self.germany, platform: StorePlatform::Enterprise, adam_ids }
    }

    pub(super) async fn ask(
        &self,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        self.fixture.metadata().look_up(token, query).await
    }

    /// The answer about the one app that a query is about.
    pub(super) async fn answer(
        &self,
        step: &str,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<Lookup, Violation> {
        let found = self.promise.works(step, self.ask(token, query).await)?;
        let mut answers = query.adam_ids.iter().map(|id| found.get(id).cloned());
        match (answers.next().flatten(), found.len()) {
            (Some(answer), 1) => Ok(answer),
            _ => Err(self.promise.broken(step, "one answer", format_args!("{found:?}"))),
        }
    }

    /// The listing of an app that has to be found.
    pub(super) async fn listing(
        &self,
        step: &str,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<StoreListing, Violation> {
        match self.answer(step, token, query).await? {
            Lookup::Listed(listing) => Ok(listing),
            Lookup::NotListed => Err(self.promise.broken(step, "that it is listed", "that it is not")),
        }
    }

    /// An app that must not be found.
    pub(super) async fn is_not_listed(
        &self,
        step: &str,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<(), Violation> {
        self.promise.same(step, &Lookup::NotListed, &self.answer(step, token, query).await?)
    }
}
