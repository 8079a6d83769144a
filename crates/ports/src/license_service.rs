//! Apple's App and Book Management service: tokens and assets.

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::Asset,
    id::LocationId,
    token::{ContentToken, Location, MdmInfo, ReplyFacts},
};

use crate::{ServiceError, Subscription};

/// Apple's service, as far as tokens and assets need it.
///
/// One call may be several requests. An implementation retries failures that pass by themselves a bounded number of
/// times, and answers within minutes. The suite `conformance::license_service` checks what an implementation promises.
///
/// ```
/// use mdm_vpp_core::token::ContentToken;
/// use mdm_vpp_ports::{LicenseService, ServiceError};
///
/// /// The name of the token's location, and how many assets it owns.
/// async fn summary(
///     apple: &dyn LicenseService,
///     token: &ContentToken,
/// ) -> Result<(String, usize), ServiceError> {
///     let config = apple.client_config(token).await?;
///     let assets = apple.assets(token).await?.assets;
///     Ok((config.location.name, assets.len()))
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LicenseService: Send + Sync {
    /// Reads what a token belongs to (Apple: client config).
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; numbers 9621, 9622 and 9625 when the token opens no location.
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError>;

    /// Claims the location, in place of any claim before. Claiming twice changes nothing.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]; number 9637 when the token may only read, 9645 when Apple manages the location itself.
    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError>;

    /// Reads all assets of the location, page by page, each asset once.
    ///
    /// # Errors
    ///
    /// [`ServiceError`] when any page could not be read: a part of the list would look like a location that lost the
    /// rest.
    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError>;
}

/// What a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// The location.
    pub location: Location,
    /// The token's expiry and the location's claim.
    pub reply: ReplyFacts,
    /// Where Apple sends notifications now; `None` when it sends none, or with a text that cannot be a secret.
    pub subscription: Option<Subscription>,
}

/// The assets of a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetList {
    /// The location that answered, when the reply names it.
    pub location: Option<LocationId>,
    /// The version of the list at its first page.
    pub version_id: Option<String>,
    /// All assets, by id and pricing parameter, each once.
    pub assets: Vec<Asset>,
    /// Expiry and claim, as the last page tells them.
    pub reply: ReplyFacts,
}
