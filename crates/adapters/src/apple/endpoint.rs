//! What can be asked of Apple.

/// An address that Apple's service config names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    ClientConfig,
    GetAssets,
    ContentMetadataLookup,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 3] = [Self::ClientConfig, Self::GetAssets, Self::ContentMetadataLookup];

    /// Its name among `urls` of the service config.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::ClientConfig => "clientConfig",
            Self::GetAssets => "getAssets",
            Self::ContentMetadataLookup => "contentMetadataLookup",
        }
    }

    /// Its documented path under the base address, for a service config that leaves it out. The lookup has none:
    /// it lives on another host.
    pub(crate) const fn path(self) -> Option<&'static str> {
        match self {
            Self::ClientConfig => Some("client/config"),
            Self::GetAssets => Some("assets"),
            Self::ContentMetadataLookup => None,
        }
    }
}
