//! A check as a story: the German store, and a token that owns nothing unless said otherwise.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Lookup, StoreListing},
    id::AdamId,
    token::{ContentToken, Region, StorePlatform},
};

use super::{AppMetadataFixture, ArtworkShape, FixtureApp, IdShape, RunsOn, Violation};
use crate::{AppMetadataQuery, ServiceError, conformance::promise::Promise};

/// A stage, and the promise that is tested on it.
pub(super) struct CheckRun<'a> {
    pub(super) promise: Promise,
    pub(super) fixture: &'a dyn AppMetadataFixture,
    pub(super) germany: Region,
}

impl<'a> CheckRun<'a> {
    pub(super) fn begin(check: &'static str, stage: &'a dyn AppMetadataFixture) -> Result<Self, Violation> {
        let promise = Promise(check);
        Ok(Self { promise, fixture: stage, germany: promise.built(Region::new("DE"))? })
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
        self.promise.staged(self.fixture.list(app).await)
    }

    pub(super) async fn token_of_owner(&self, apps: &[AdamId]) -> Result<ContentToken, Violation> {
        self.promise.staged(self.fixture.token_of_owner(apps).await)
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
