//! The licenses of a location, over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use mdm_vpp_core::token::{ContentToken, MdmInfo};
use mdm_vpp_ports::{AssetList, ClientConfig, LicenseService, ServiceError};
use url::Url;

use super::{
    AppleClient, Credential, Endpoint, Order, Service,
    call::Call,
    deadline::within,
    merge::{AssetPage, merge},
    pages::{Page, walk},
    scrub::Scrubber,
    wire::{
        Members, claim_body, read_assets, read_client_config, read_location_id, read_page_members,
        read_reply_facts,
    },
};

/// Apple's App and Book Management service, API v2.
///
/// Each call reads Apple's service config first when it is older than 5 minutes, retries what passes by itself, and
/// ends within [`AppleSettings::call_timeout`](super::AppleSettings::call_timeout). After a `Retry-After`, calls for
/// the same location fail without a request until it is over, with
/// [`retry_after`](ServiceError::retry_after) telling how long that is.
#[derive(Debug, Clone)]
pub struct AppleLicenseService {
    client: Arc<AppleClient>,
}

impl AppleLicenseService {
    /// The service behind a client.
    #[must_use]
    pub const fn new(client: Arc<AppleClient>) -> Self {
        Self { client }
    }

    /// The client, for its count of requests and its limits.
    #[must_use]
    pub const fn client(&self) -> &Arc<AppleClient> {
        &self.client
    }

    async fn ask_client_config(
        &self,
        name: &'static str,
        token: &ContentToken,
        claim: Option<&MdmInfo>,
    ) -> Result<ClientConfig, ServiceError> {
        let work = async {
            let call = self.client.begin(name, Service::Licenses, token)?;
            let config = self.client.service_config().await?;
            let url = self
                .client
                .address(&config, Endpoint::ClientConfig)
                .map_err(|trouble| call.fails(trouble))?;
            let body = claim.map(|claim| claim_body(claim, &config.lengths));
            let reply = call.send(&Order { body, ..Order::read(url, Credential::Bearer(token)) }).await?;
            let read = read_client_config(&Members::of_reply(&reply));
            read.map(|config| Scrubber::of(Some(token)).client_config(config))
                .map_err(|unusable| call.fails(unusable))
        };
        within(self.client.settings.call_timeout, name, work).await
    }
}

#[async_trait]
impl LicenseService for AppleLicenseService {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        self.ask_client_config("reading the client config", token, None).await
    }

    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        self.ask_client_config("claiming the location", token, Some(mdm_info)).await
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        let name = "reading the assets";
        let work = async {
            let call = self.client.begin(name, Service::Licenses, token)?;
            let config = self.client.service_config().await?;
            let url =
                self.client.address(&config, Endpoint::GetAssets).map_err(|trouble| call.fails(trouble))?;
            let url = &url;
            let read = |index| read_page(call, url, token, index);
            let pages = walk(name, self.client.settings.largest_page_count, read).await?;
            merge(pages).map_err(|trouble| call.fails(trouble))
        };
        within(self.client.settings.call_timeout, name, work).await
    }
}

/// Reads one page of assets. Page 0 is asked for without an index: that is its default.
async fn read_page(
    call: Call<'_>,
    list: &Url,
    token: &ContentToken,
    index: u32,
) -> Result<Page<AssetPage>, ServiceError> {
    let mut url = list.clone();
    if index > 0 {
        url.query_pairs_mut().append_pair("pageIndex", &index.to_string());
    }
    let reply = call.send(&Order::read(url, Credential::Bearer(token))).await?;
    let reply = Members::of_reply(&reply);
    let read = || {
        let content = AssetPage {
            location: read_location_id(&reply)?,
            reply: read_reply_facts(&reply)?,
            assets: read_assets(&reply)?,
        };
        Ok(Page { members: read_page_members(&reply)?, content })
    };
    read().map_err(|unusable: super::wire::Unusable| call.fails(unusable))
}
