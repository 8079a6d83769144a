//! The reply to `service/config`: `limits` and `urls`.

use std::{collections::BTreeMap, num::NonZeroU32};

use mdm_vpp_core::plan::PackLimits;
use mdm_vpp_ports::ServiceLimits;

use super::{Members, Unusable};

/// What Apple tells every client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceConfig {
    pub(crate) limits: ServiceLimits,
    pub(crate) lengths: TextLengths,
    /// Addresses as they came, unchecked.
    pub(crate) urls: BTreeMap<Endpoint, String>,
}

/// How long the texts of a claim may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextLengths {
    pub(crate) mdm_name: u32,
    pub(crate) mdm_metadata: u32,
}

impl Default for TextLengths {
    fn default() -> Self {
        Self { mdm_name: 100, mdm_metadata: 255 }
    }
}

/// Reads limits and addresses. What is left out has its documented value.
pub(crate) fn read_service_config(reply: &Members<'_>) -> Result<ServiceConfig, Unusable> {
    let mut config = ServiceConfig::default();
    if let Some(urls) = reply.object("urls")? {
        for endpoint in Endpoint::ALL {
            if let Some(url) = urls.text(endpoint.key())? {
                config.urls.insert(endpoint, url.to_owned());
            }
        }
    }
    if let Some(limits) = reply.object("limits")? {
        config.limits = read_limits(&limits);
        config.lengths = read_lengths(&limits);
    }
    Ok(config)
}

/// Limits that are left out, 0, or no number that a limit could be have their documented value: none of them is worth
/// refusing all work.
fn read_limit(limits: &Members<'_>, name: &str) -> Option<NonZeroU32> {
    let limit = limits.whole(name).ok().flatten()?;
    NonZeroU32::new(u32::try_from(limit).ok()?)
}

fn read_limits(limits: &Members<'_>) -> ServiceLimits {
    let documented = ServiceLimits::default();
    let read = |name, documented| read_limit(limits, name).unwrap_or(documented);
    let count = |name, documented| read_limit(limits, name).map_or(documented, NonZeroU32::get);
    ServiceLimits {
        pack: PackLimits {
            max_assets: read("maxAssets", documented.pack.max_assets),
            max_serial_numbers: read("maxSerialNumbers", documented.pack.max_serial_numbers),
            max_client_user_ids: read("maxClientUserIds", documented.pack.max_client_user_ids),
        },
        revoke_serial_numbers: count("maxRevokeSerialNumbers", documented.revoke_serial_numbers),
        revoke_client_user_ids: count("maxRevokeClientUserIds", documented.revoke_client_user_ids),
        users: count("maxUsers", documented.users),
        pace: read_limit(limits, "maxRequestPerSecond")
            .map_or(documented.pace, |limit| documented.pace.with_requests_per_second(limit)),
    }
}

fn read_lengths(limits: &Members<'_>) -> TextLengths {
    let documented = TextLengths::default();
    let length = |name, documented| read_limit(limits, name).map_or(documented, NonZeroU32::get);
    TextLengths {
        mdm_name: length("maxMdmNameLength", documented.mdm_name),
        mdm_metadata: length("maxMdmMetadataLength", documented.mdm_metadata),
    }
}

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
