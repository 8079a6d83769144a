//! What Apple says about the location that a token belongs to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{id::LocationId, token::Region};

/// An organizational unit's library at Apple: where licenses are owned and where we talk to Apple.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Apple's `uId`, the only identity of a location. Names and files change.
    pub id: LocationId,
    /// The location's name at Apple, as it was last read.
    pub name: String,
    /// The storefront country of the location, when Apple names one that we know.
    pub country: Option<Region>,
    /// Whether the location belongs to Apple Business Manager or to Apple School Manager.
    pub store: StoreKind,
}

/// Which of Apple's stores a location buys in (`defaultPlatform`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum StoreKind {
    /// Apple Business Manager (`enterprisestore`).
    Business,
    /// Apple School Manager (`volumestore`).
    Education,
}

/// In which of Apple's stores an app is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum StorePlatform {
    /// Apps for organizations that use Apple Business Manager.
    Enterprise,
    /// Apps for schools that use Apple School Manager.
    Volume,
    /// Apps for Macs.
    Mac,
}

impl StoreKind {
    /// The store in which a location of this kind finds its apps.
    #[must_use]
    pub const fn platform(self) -> StorePlatform {
        match self {
            Self::Business => StorePlatform::Enterprise,
            Self::Education => StorePlatform::Volume,
        }
    }
}

/// Who claims a location at Apple (`mdmInfo`). Advisory: Apple shows it to everybody and enforces nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MdmInfo {
    /// The claim's id; ours is a [`ClaimId`](crate::id::ClaimId).
    pub id: String,
    /// The product that made the claim.
    pub name: String,
    /// What the product adds, mostly its host name.
    pub metadata: String,
}

impl MdmInfo {
    /// Whether nobody stands behind it: all members are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty() && self.name.is_empty() && self.metadata.is_empty()
    }

    /// The claimant as people know him: the name, with the metadata in brackets.
    #[must_use]
    pub fn claimant(&self) -> String {
        match (self.name.is_empty(), self.metadata.is_empty()) {
            (false, false) => format!("{} ({})", self.name, self.metadata),
            (false, true) => self.name.clone(),
            (true, false) => self.metadata.clone(),
            (true, true) => self.id.clone(),
        }
    }
}

/// What every reply to a call with a token tells beside its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplyFacts {
    /// The end of the token's life as Apple knows it, UTC; not in every reply.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who claims the location now; `None` when nobody does.
    pub mdm_info: Option<MdmInfo>,
}
