//! The ports `LicenseService` and `AppMetadata` on the simulated service.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use mdm_vpp_core::catalog::Lookup;
use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::token::{ContentToken, MdmInfo};
use mdm_vpp_ports::{
    AppMetadata, AppMetadataQuery, AssetList, ClientConfig, LicenseService, ServiceError, ServiceErrorKind,
};

use super::convert::{
    ASSETS, NEXT_PAGE, PAGE, client_config, counted, facts, listing, location_id, lookup_query, page_query,
    unlimited,
};
use super::simulated_apple::{Call, SimulatedApple};
use crate::apple::{Endpoint, Limits};
use crate::wire::{AssetsReply, ClaimInfo, ClientConfigRequest, LookupReply, Request};

/// The most pages of a list. A service that always promises one more page would otherwise keep the caller forever.
const MOST_PAGES: u32 = 10_000;

#[async_trait]
impl LicenseService for SimulatedApple {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        let call = self.call("reading the client config", token);
        let reply = call.ask(Request::get(Endpoint::ReadClientConfig.path()).bearer(token.expose()))?;
        client_config(reply).map_err(|kind| call.fails(kind))
    }

    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        let call = self.call("claiming the location", token);
        let claim = ClientConfigRequest {
            mdm_info: Some(shortened(mdm_info, &self.simulator().limits())),
            ..ClientConfigRequest::default()
        };
        // Texts always become JSON; were they not to, the service would refuse the empty body.
        let body = serde_json::to_vec(&claim).unwrap_or_default();
        let request = Request::post_json(Endpoint::WriteClientConfig.path(), body).bearer(token.expose());
        client_config(call.ask(request)?).map_err(|kind| call.fails(kind))
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        let call = self.call("reading the assets", token);
        let first = page(&call, 0)?;
        let fails = |kind| call.fails(kind);
        let mut list = AssetList {
            location: location_id(&first.every_reply).map_err(fails)?,
            version_id: Some(first.page.version_id.clone()),
            assets: Vec::new(),
            reply: facts(first.every_reply.clone()),
        };
        let mut assets = BTreeMap::new();
        let mut reply = first;
        let mut index = 0_u32;
        loop {
            let free = reply.unlimited_assets.take().into_iter().flatten().map(unlimited);
            for (place, asset) in std::mem::take(&mut reply.assets).into_iter().chain(free).enumerate() {
                let asset = counted(&format!("{ASSETS}[{place}]"), &asset).map_err(fails)?;
                assets.insert((asset.adam_id, asset.pricing_param.clone()), asset);
            }
            let Some(next) = following(&reply, index).map_err(fails)? else { break };
            index = next;
            reply = page(&call, index)?;
            list.reply = facts(reply.every_reply.clone());
        }
        list.assets = assets.into_values().collect();
        Ok(list)
    }
}

/// Reads a page and checks that it is whole: an asset missing from it must not look like one that is not owned.
fn page(call: &Call<'_>, index: u32) -> Result<AssetsReply, ServiceError> {
    let target = format!("{}{}", Endpoint::Assets.path(), page_query(index));
    let reply: AssetsReply = call.ask(Request::get(&target).bearer(call.token.expose()))?;
    let listed = reply.assets.len().saturating_add(reply.unlimited_assets.as_ref().map_or(0, Vec::len));
    if i64::try_from(listed) == Ok(reply.page.size) {
        return Ok(reply);
    }
    let found = format!("{listed} of the {} that page {index} counts", reply.page.size);
    Err(call.fails(ServiceErrorKind::UnexpectedReply { member: ASSETS.to_owned(), found }))
}

/// The page after this one; `None` after the last.
fn following(reply: &AssetsReply, index: u32) -> Result<Option<u32>, ServiceErrorKind> {
    let misfit = |member: &str, found: i64| ServiceErrorKind::UnexpectedReply {
        member: member.to_owned(),
        found: format!("it is {found} on page {index}"),
    };
    if reply.page.current_page_index != i64::from(index) {
        return Err(misfit(PAGE, reply.page.current_page_index));
    }
    let following = index.saturating_add(1);
    match reply.page.next_page_index {
        Some(next) if next != i64::from(following) => return Err(misfit(NEXT_PAGE, next)),
        // The count of pages is believed before the missing index of the next one, so that no page is skipped.
        None if reply.page.total_pages <= i64::from(following) => return Ok(None),
        _ => {}
    }
    if following >= MOST_PAGES {
        return Err(ServiceErrorKind::TooManyPages { limit: MOST_PAGES });
    }
    Ok(Some(following))
}

/// A claim as a careful client sends it: name and metadata are cut to the limits, counted in bytes to be safe; the id
/// is never cut, because a shortened id would be another installation's.
fn shortened(claim: &MdmInfo, limits: &Limits) -> ClaimInfo {
    ClaimInfo {
        id: Some(claim.id.clone()),
        name: Some(cut(&claim.name, limits.max_mdm_name_length, 100)),
        metadata: Some(cut(&claim.metadata, limits.max_mdm_metadata_length, 255)),
    }
}

fn cut(text: &str, limit: Option<i32>, documented: usize) -> String {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
    let limit = limit.unwrap_or(documented);
    text.char_indices().take_while(|(start, c)| start + c.len_utf8() <= limit).map(|(_, c)| c).collect()
}

#[async_trait]
impl AppMetadata for SimulatedApple {
    async fn look_up(
        &self,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        let once: BTreeSet<AdamId> = query.adam_ids.iter().copied().collect();
        if once.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<AdamId> = once.into_iter().collect();
        let asked = lookup_query(query.platform, query.region, &ids);
        let target = format!("{}{asked}", Endpoint::MetadataLookup.path());
        let call = self.call("looking up apps in the store", token);
        let mut reply: LookupReply = call.ask(Request::get(&target).itvt(token.expose()))?;
        let answer = |id: AdamId| match reply.results.remove(&id.to_string()) {
            Some(item) => (id, Lookup::Listed(listing(id, item))),
            None => (id, Lookup::NotListed),
        };
        Ok(ids.into_iter().map(answer).collect())
    }
}
