//! Apple's App and Book Management service.

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::Asset,
    id::LocationId,
    token::{ContentToken, Location, MdmInfo, ReplyFacts},
};

use crate::{ServiceError, Subscription};

/// Apple's service, as far as tokens and assets need it. One call may be several requests.
///
/// An implementation retries what passes by itself, a bounded number of times, and answers within minutes.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LicenseService: Send + Sync {
    /// Reads what a token belongs to.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError>;

    /// Claims the location for somebody, whoever claimed it before. Claiming twice changes nothing.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError>;

    /// Reads all assets of the location, page by page, each asset once.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; a walk that broke off gives no partial answer.
    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError>;
}

/// What a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// The location.
    pub location: Location,
    /// Expiry and claim.
    pub reply: ReplyFacts,
    /// Where Apple sends notifications now; `None` when it sends none, or with something that cannot be a secret.
    pub subscription: Option<Subscription>,
}

/// The assets of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetList {
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The version of the list at its first page.
    pub version_id: Option<String>,
    /// All assets, by id and pricing, each once.
    pub assets: Vec<Asset>,
    /// Expiry and claim, as the last page told them.
    pub reply: ReplyFacts,
}
