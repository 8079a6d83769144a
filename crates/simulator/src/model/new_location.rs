//! What people and MDMs say of a location: how it is created, which MDM claims it, where its notifications go.

use std::fmt;

use crate::apple::{ContentManager, Country, Platform};

/// The claim of an MDM on a location ("mdmInfo" on the wire). It belongs to the location, every token of the location
/// shows it, and the last writer wins: nothing keeps a second MDM away (Apple's documentation, by absence).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Identifies the installation of the MDM.
    pub id: String,
    /// The product's name, for people.
    pub name: String,
    /// Any further text of the MDM, such as its host name.
    pub metadata: String,
}

impl Claim {
    /// A claim.
    pub fn new(id: impl Into<String>, name: impl Into<String>, metadata: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), metadata: metadata.into() }
    }
}

/// Where the service sends notifications.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationSettings {
    /// The address of the receiver.
    pub url: Option<String>,
    /// The bearer token sent with each. A secret of the MDM.
    pub auth_token: Option<String>,
    /// The kinds subscribed to, in the order of the request.
    pub types: Vec<String>,
}

impl fmt::Debug for NotificationSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

    /// Its tokens are downloaded by this person unless a download names another.
    #[must_use]
    pub fn managed_by(mut self, content_manager: ContentManager) -> Self {
        self.content_manager = content_manager;
        self
    }
}
