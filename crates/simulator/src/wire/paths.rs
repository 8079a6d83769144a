//! Where endpoints are, and under which names service config tells it.

use crate::endpoint::Endpoint;

/// Path of the API below the origin.
pub(crate) const API: &str = "/mdm/v2";
/// Where a user accepts an invitation; the placeholder stands percent-encoded in Apple's own reply too.
pub(crate) const INVITATION: &str =
    "/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=%25inviteCode%25&mt=8";
/// The name of that URL.
pub(crate) const INVITATION_NAME: &str = "invitationEmail";

/// The path of an endpoint.
pub(crate) const fn path(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::MetadataLookup => "/WebObjects/MZStorePlatform.woa/wa/lookup",
        Endpoint::ServiceConfig => "/mdm/v2/service/config",
        Endpoint::ReadClientConfig | Endpoint::WriteClientConfig => "/mdm/v2/client/config",
        Endpoint::Assets => "/mdm/v2/assets",
        Endpoint::Assignments => "/mdm/v2/assignments",
        Endpoint::AssociateAssets => "/mdm/v2/assets/associate",
        Endpoint::DisassociateAssets => "/mdm/v2/assets/disassociate",
        Endpoint::RevokeAssets => "/mdm/v2/assets/revoke",
        Endpoint::Users => "/mdm/v2/users",
        Endpoint::CreateUsers => "/mdm/v2/users/create",
        Endpoint::UpdateUsers => "/mdm/v2/users/update",
        Endpoint::RetireUsers => "/mdm/v2/users/retire",
        Endpoint::EventStatus => "/mdm/v2/status",
    }
}

/// The name under which service config tells the URL of an endpoint.
pub(crate) const fn url_name(endpoint: Endpoint) -> Option<&'static str> {
    match endpoint {
        Endpoint::ServiceConfig => None,
        Endpoint::ReadClientConfig | Endpoint::WriteClientConfig => Some("clientConfig"),
        Endpoint::Assets => Some("getAssets"),
        Endpoint::MetadataLookup => Some("contentMetadataLookup"),
        Endpoint::Assignments => Some("getAssignments"),
        Endpoint::AssociateAssets => Some("associateAssets"),
        Endpoint::DisassociateAssets => Some("disassociateAssets"),
        Endpoint::RevokeAssets => Some("revokeAssets"),
        Endpoint::Users => Some("getUsers"),
        Endpoint::CreateUsers => Some("createUsers"),
        Endpoint::UpdateUsers => Some("updateUsers"),
        Endpoint::RetireUsers => Some("retireUsers"),
        Endpoint::EventStatus => Some("eventStatus"),
    }
}
