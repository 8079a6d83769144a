//! The endpoints of Apple's service that the simulator answers.

use serde::{Deserialize, Serialize};

use crate::wire::paths;

/// An endpoint of Apple's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is named after Apple's endpoint; `about` says what it is for")]
pub enum Endpoint {
    ServiceConfig,
    ReadClientConfig,
    WriteClientConfig,
    Assets,
    MetadataLookup,
    Assignments,
    AssociateAssets,
    DisassociateAssets,
    RevokeAssets,
    Users,
    CreateUsers,
    UpdateUsers,
    RetireUsers,
    EventStatus,
}

impl Endpoint {
    /// All endpoints of the second API that Apple's service config advertises, and service config itself.
    pub const ALL: [Self; 14] = [
        Self::ServiceConfig,
        Self::ReadClientConfig,
        Self::WriteClientConfig,
        Self::Assets,
        Self::MetadataLookup,
        Self::Assignments,
        Self::AssociateAssets,
        Self::DisassociateAssets,
        Self::RevokeAssets,
        Self::Users,
        Self::CreateUsers,
        Self::UpdateUsers,
        Self::RetireUsers,
        Self::EventStatus,
    ];

    /// The HTTP method.
    pub const fn method(self) -> &'static str {
        match self {
            Self::ServiceConfig
            | Self::ReadClientConfig
            | Self::Assets
            | Self::MetadataLookup
            | Self::Assignments
            | Self::Users
            | Self::EventStatus => "GET",
            _ => "POST",
        }
    }

    /// The path, with `/mdm/v2` where Apple has it.
    pub const fn path(self) -> &'static str {
        paths::path(self)
    }

    /// What it is for, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::ServiceConfig => "limits, URLs, kinds of notification and error numbers; needs no token",
            Self::ReadClientConfig => "the location of a token, and who claims it",
            Self::WriteClientConfig => "claim a location, set where notifications go",
            Self::Assets => "what the location owns, with counts, filters and pages",
            Self::MetadataLookup => "names, artwork and bundle ids from the store",
            Self::Assignments => "who holds which asset",
            Self::AssociateAssets => "give assets to users or devices",
            Self::DisassociateAssets => "take assets from users or devices",
            Self::RevokeAssets => "take all revocable assets from users or devices",
            Self::Users => "the users known to the location",
            Self::CreateUsers => "make users known",
            Self::UpdateUsers => "change users",
            Self::RetireUsers => "retire users",
            Self::EventStatus => "how far an event has come",
        }
    }
}
