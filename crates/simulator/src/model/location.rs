//! A location: the pool of licenses that one MDM manages.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::asset::{AssetKey, OwnedAsset};
use super::claim::Claim;
use super::history::History;
use super::holder::Assignment;
use super::ids::{ContentManager, Country, LocationUid, VersionId};
use super::rate::Bucket;
use super::unseen::Unseen;
use super::users::Users;

/// Which of Apple's portals a location belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Platform {
    /// Apple Business.
    #[default]
    Business,
    /// Apple School Manager.
    School,
}

/// Where the service sends notifications.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationSettings {
    /// The receiver.
    pub url: Option<String>,
    /// The bearer token that goes along. A secret of the MDM.
    pub auth_token: Option<String>,
    /// The kinds subscribed to, in the order of the request.
    pub types: Vec<String>,
}

impl std::fmt::Debug for NotificationSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NotificationSettings")
            .field("url", &self.url)
            .field("auth_token", &self.auth_token.as_ref().map(|_| "(secret)"))
            .field("types", &self.types)
            .finish()
    }
}

/// A location to create in the portal.
#[derive(Clone, Debug)]
pub struct NewLocation {
    pub(crate) name: String,
    pub(crate) org_name: String,
    pub(crate) country: Country,
    pub(crate) platform: Platform,
    pub(crate) content_manager: ContentManager,
}

impl NewLocation {
    /// A location of the business portal with its name, the organization's name and the country of its store.
    pub fn new(name: impl Into<String>, org_name: impl Into<String>, country: impl Into<Country>) -> Self {
        Self {
            name: name.into(),
            org_name: org_name.into(),
            country: country.into(),
            platform: Platform::Business,
            content_manager: ContentManager::new("licenses@example.org"),
        }
    }

    /// In this portal.
    #[must_use]
    pub fn on(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// Whose tokens are downloaded by this person unless said otherwise.
    #[must_use]
    pub fn managed_by(mut self, content_manager: ContentManager) -> Self {
        self.content_manager = content_manager;
        self
    }
}

/// A location as the service keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) uid: LocationUid,
    pub(crate) name: String,
    pub(crate) org_name: String,
    pub(crate) country: Country,
    pub(crate) platform: Platform,
    pub(crate) content_manager: ContentManager,
    pub(crate) legacy_tokens: bool,
    pub(crate) managed_by_apple: bool,
    pub(crate) claim: Option<Claim>,
    pub(crate) notifications: NotificationSettings,
    pub(crate) assets: BTreeMap<AssetKey, OwnedAsset>,
    /// The version of the assets.
    pub(crate) version: VersionId,
    /// What changed of the assignments, as shown.
    pub(crate) assignments: History<Assignment>,
    pub(crate) unseen: Unseen,
    /// When a license reaches a device, for those that did not at once.
    pub(crate) on_devices: BTreeMap<Assignment, DateTime<Utc>>,
    pub(crate) users: Users,
    /// How many requests it made lately.
    pub(crate) requests: Bucket,
}
