//! The port [`LicenseService`] on the simulated service.

use std::collections::BTreeMap;

use async_trait::async_trait;
use mdm_vpp_core::token::{ContentToken, MdmInfo};
use mdm_vpp_ports::{AssetList, ClientConfig, LicenseService, ServiceError, ServiceErrorKind};

use super::SimulatedApple;
use super::asking::Asking;
use super::asset::{counted, unlimited};
use super::location::{client_config, facts, location_id};
use super::wire::{ASSETS, NEXT_PAGE, PAGE, page_query};
use crate::endpoint::Endpoint;
use crate::model::Limits;
use crate::request::Request;
use crate::wire::{self, AssetsReply, ClientConfigRequest};

/// A list is given up after so many pages.
const MOST_PAGES: u32 = 10_000;

#[async_trait]
impl LicenseService for SimulatedApple {
    async fn client_config(&self, token: &ContentToken) -> Result<ClientConfig, ServiceError> {
        let asking = self.asking("reading the client config", token);
        let reply = asking.ask(Request::get(Endpoint::ReadClientConfig.path()).bearer(token.expose()))?;
        client_config(reply).map_err(|trouble| asking.fails(trouble))
    }

    async fn claim(&self, token: &ContentToken, mdm_info: &MdmInfo) -> Result<ClientConfig, ServiceError> {
        let asking = self.asking("claiming the location", token);
        let claim = ClientConfigRequest {
            mdm_info: Some(shortened(mdm_info, &self.simulator.limits())),
            ..ClientConfigRequest::default()
        };
        // Texts always become JSON; were they not to, the empty body would be refused.
        let body = serde_json::to_vec(&claim).unwrap_or_default();
        let request = Request::post_json(Endpoint::WriteClientConfig.path(), body).bearer(token.expose());
        client_config(asking.ask(request)?).map_err(|trouble| asking.fails(trouble))
    }

    async fn assets(&self, token: &ContentToken) -> Result<AssetList, ServiceError> {
        let asking = self.asking("reading the assets", token);
        let first = page(&asking, 0)?;
        let fails = |trouble| asking.fails(trouble);
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
            reply = page(&asking, index)?;
            list.reply = facts(reply.every_reply.clone());
        }
        list.assets = assets.into_values().collect();
        Ok(list)
    }
}

impl SimulatedApple {
    pub(super) const fn asking<'a>(&'a self, call: &'static str, token: &'a ContentToken) -> Asking<'a> {
        Asking { call, simulator: &self.simulator, token }
    }
}

/// A page that is whole: assets that are not there must not look like assets that nobody owns.
fn page(asking: &Asking<'_>, index: u32) -> Result<AssetsReply, ServiceError> {
    let target = format!("{}{}", Endpoint::Assets.path(), page_query(index));
    let reply: AssetsReply = asking.ask(Request::get(&target).bearer(asking.token.expose()))?;
    let listed = reply.assets.len().saturating_add(reply.unlimited_assets.as_ref().map_or(0, Vec::len));
    if i64::try_from(listed) == Ok(reply.page.size) {
        return Ok(reply);
    }
    let found = format!("{listed} of the {} that page {index} counts", reply.page.size);
    Err(asking.fails(ServiceErrorKind::UnexpectedReply { member: ASSETS.to_owned(), found }))
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
        // Pages that are counted are read, though this one should have promised the next.
        None if reply.page.total_pages <= i64::from(following) => return Ok(None),
        _ => {}
    }
    if following >= MOST_PAGES {
        return Err(ServiceErrorKind::TooManyPages { limit: MOST_PAGES });
    }
    Ok(Some(following))
}

/// A claim as a careful client sends it: name and metadata cut to the limits in bytes, the id never.
fn shortened(claim: &MdmInfo, limits: &Limits) -> wire::MdmInfo {
    wire::MdmInfo {
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
