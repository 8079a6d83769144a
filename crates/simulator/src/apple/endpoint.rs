//! The endpoints of Apple's service that the simulator answers, with method, path and the name of their URL.

use serde::{Deserialize, Serialize};

/// The path of the API below the origin.
pub(crate) const API: &str = "/mdm/v2";
/// The path at which a user accepts an invitation. The placeholder is percent-encoded in Apple's own reply too.
pub(crate) const INVITATION: &str =
    "/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=%25inviteCode%25&mt=8";
/// The name under which service config tells [`INVITATION`].
pub(crate) const INVITATION_NAME: &str = "invitationEmail";

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

/// Apple's words for an endpoint, and its purpose.
struct Row {
    method: &'static str,
    path: &'static str,
    url_name: Option<&'static str>,
    about: &'static str,
}

const fn get(path: &'static str, url_name: &'static str, about: &'static str) -> Row {
    Row { method: "GET", path, url_name: Some(url_name), about }
}

const fn post(path: &'static str, url_name: &'static str, about: &'static str) -> Row {
    Row { method: "POST", path, url_name: Some(url_name), about }
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

    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            // Clients know this address from the start, so service config does not list it.
            Self::ServiceConfig => Row {
                method: "GET",
                path: "/mdm/v2/service/config",
                url_name: None,
                about: "limits, URLs, kinds of notification and error numbers; needs no token",
            },
            Self::ReadClientConfig =>
                get("/mdm/v2/client/config", "clientConfig", "the location of a token, and its claim"),
            Self::WriteClientConfig =>
                post("/mdm/v2/client/config", "clientConfig", "claim a location, set where notifications go"),
            Self::Assets =>
                get("/mdm/v2/assets", "getAssets", "what the location owns, with counts, filters and pages"),
            // The lookup belongs to the store, so it stands outside of the API's path.
            Self::MetadataLookup => get(
                "/WebObjects/MZStorePlatform.woa/wa/lookup",
                "contentMetadataLookup",
                "names, artwork and bundle ids from the store",
            ),
            Self::Assignments => get("/mdm/v2/assignments", "getAssignments", "which user or device holds which asset"),
            Self::AssociateAssets =>
                post("/mdm/v2/assets/associate", "associateAssets", "give assets to users or devices"),
            Self::DisassociateAssets =>
                post("/mdm/v2/assets/disassociate", "disassociateAssets", "take assets from users or devices"),
            Self::RevokeAssets =>
                post("/mdm/v2/assets/revoke", "revokeAssets", "take all revocable assets from users or devices"),
            Self::Users => get("/mdm/v2/users", "getUsers", "the users known to the location"),
            Self::CreateUsers => post("/mdm/v2/users/create", "createUsers", "create users"),
            Self::UpdateUsers => post("/mdm/v2/users/update", "updateUsers", "change users"),
            Self::RetireUsers => post("/mdm/v2/users/retire", "retireUsers", "retire users"),
            Self::EventStatus => get("/mdm/v2/status", "eventStatus", "how far an event has come"),
        }
    }

    /// The HTTP method.
    pub const fn method(self) -> &'static str {
        self.row().method
    }

    /// The path, with `/mdm/v2` where Apple has it.
    pub const fn path(self) -> &'static str {
        self.row().path
    }

    /// The name under which service config tells the URL.
    pub(crate) const fn url_name(self) -> Option<&'static str> {
        self.row().url_name
    }

    /// Its purpose, in a few words.
    pub const fn about(self) -> &'static str {
        self.row().about
    }
}
