//! The tokens and assets of a location, over HTTP.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::Asset,
    id::LocationId,
    token::{ContentToken, MdmInfo, ReplyFacts},
};
use mdm_vpp_ports::{AssetList, ClientConfig, LicenseService, ServiceError, ServiceErrorKind};
use url::Url;

use super::{
    AppleClient, AppleRequest, Call, Credential, Service,
    pages::{Page, read_all_pages},
    scrub::Scrubber,
    wire::{
        Endpoint, Members, Unusable, claim_body, read_assets, read_client_config, read_location_id,
        read_page_members, read_reply_facts,
    },
    within,
};

/// Apple's App and Book Management service, API v2: tokens and assets.
///
/// Each call reads Apple's service config first when it is older than 5 minutes, retries failures that pass by
/// themselves, and ends within [`AppleSettings::call_timeout`](super::AppleSettings::call_timeout). After a
/// `Retry-After`, calls for the same location fail without a request until it is over;
/// [`retry_after`](ServiceError::retry_after) of the error tells how long that is.
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
            let url =
                self.client.address(&config, Endpoint::ClientConfig).map_err(|kind| call.fails(kind))?;
            let body = claim.map(|claim| claim_body(claim, &config.lengths));
            let request = AppleRequest { body, ..AppleRequest::read(url, Credential::Bearer(token)) };
            let reply = call.send(&request).await?;
            read_client_config(&Members::of_reply(&reply))
                .map(|config| Scrubber::of(Some(token)).client_config(config))
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
            let url = self.client.address(&config, Endpoint::GetAssets).map_err(|kind| call.fails(kind))?;
            let url = &url;
            let read = |index| read_page(call, url, token, index);
            let pages = read_all_pages(name, self.client.settings.largest_page_count, read).await?;
            merge(pages).map_err(|kind| call.fails(kind))
        };
        within(self.client.settings.call_timeout, name, work).await
    }
}

/// What a page of assets holds beside its place in the list.
#[derive(Debug, Clone)]
struct AssetPage {
    location: Option<LocationId>,
    reply: ReplyFacts,
    assets: Vec<Asset>,
}

/// Reads one page of assets. Page 0 is asked for without an index: that is Apple's default.
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
    let reply = call.send(&AppleRequest::read(url, Credential::Bearer(token))).await?;
    let reply = Members::of_reply(&reply);
    let read = || {
        let content = AssetPage {
            location: read_location_id(&reply)?,
            reply: read_reply_facts(&reply)?,
            assets: read_assets(&reply)?,
        };
        Ok(Page { members: read_page_members(&reply)?, content })
    };
    read().map_err(|unusable: Unusable| call.fails(unusable))
}

/// One list of all pages: each asset once, by id and pricing.
///
/// The version is that of the first page, as Apple's documentation asks: what changed while the pages were read is
/// then part of the next delta. Counts, expiry and claim are those read last, because they are the newest. Pages of two
/// locations are an error.
fn merge(pages: Vec<Page<AssetPage>>) -> Result<AssetList, ServiceErrorKind> {
    let version_id = pages.first().and_then(|page| page.members.version_id.clone());
    let mut named = pages.iter().filter_map(|page| page.content.location.as_ref());
    let location = named.next().cloned();
    if let Some(other) = named.find(|other| Some(*other) != location.as_ref()) {
        let found = format!("it is {other} on one page and another on the first");
        return Err(ServiceErrorKind::UnexpectedReply { member: "uId".to_owned(), found });
    }
    let reply = pages.last().map(|page| page.content.reply.clone()).unwrap_or_default();
    let assets: BTreeMap<_, _> = pages
        .into_iter()
        .flat_map(|page| page.content.assets)
        .map(|asset| ((asset.adam_id, asset.pricing_param.clone()), asset))
        .collect();
    Ok(AssetList { location, version_id, assets: assets.into_values().collect(), reply })
}
