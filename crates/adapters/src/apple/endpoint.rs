//! What can be asked of Apple.

/// An address that Apple's service config names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    ClientConfig,
    GetAssets,
    GetAssignments,
    AssociateAssets,
    DisassociateAssets,
    RevokeAssets,
    EventStatus,
    GetUsers,
    CreateUsers,
    UpdateUsers,
    RetireUsers,
    ContentMetadataLookup,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 12] = [
        Self::ClientConfig,
        Self::GetAssets,
        Self::GetAssignments,
        Self::AssociateAssets,
        Self::DisassociateAssets,
        Self::RevokeAssets,
        Self::EventStatus,
        Self::GetUsers,
        Self::CreateUsers,
        Self::UpdateUsers,
        Self::RetireUsers,
        Self::ContentMetadataLookup,
    ];

    /// Its name among `urls` of the service config.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::ClientConfig => "clientConfig",
            Self::GetAssets => "getAssets",
            Self::GetAssignments => "getAssignments",
            Self::AssociateAssets => "associateAssets",
            Self::DisassociateAssets => "disassociateAssets",
            Self::RevokeAssets => "revokeAssets",
            Self::EventStatus => "eventStatus",
            Self::GetUsers => "getUsers",
            Self::CreateUsers => "createUsers",
            Self::UpdateUsers => "updateUsers",
            Self::RetireUsers => "retireUsers",
            Self::ContentMetadataLookup => "contentMetadataLookup",
        }
    }

    /// Its documented path under the base address, for a service config that leaves it out. The lookup has none:
    /// it lives on another host.
    pub(crate) const fn path(self) -> Option<&'static str> {
        match self {
            Self::ClientConfig => Some("client/config"),
            Self::GetAssets => Some("assets"),
            Self::GetAssignments => Some("assignments"),
            Self::AssociateAssets => Some("assets/associate"),
            Self::DisassociateAssets => Some("assets/disassociate"),
            Self::RevokeAssets => Some("assets/revoke"),
            Self::EventStatus => Some("status"),
            Self::GetUsers => Some("users"),
            Self::CreateUsers => Some("users/create"),
            Self::UpdateUsers => Some("users/update"),
            Self::RetireUsers => Some("users/retire"),
            Self::ContentMetadataLookup => None,
        }
    }
}
