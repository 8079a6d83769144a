//! Pages of assets become one list.

use std::collections::BTreeMap;

use mdm_vpp_core::{catalog::Asset, id::LocationId, token::ReplyFacts};
use mdm_vpp_ports::{AssetList, ServiceErrorKind};

use super::pages::Page;

/// What a page of assets holds beside its place in the list.
#[derive(Debug, Clone)]
pub(crate) struct AssetPage {
    pub(crate) location: Option<LocationId>,
    pub(crate) reply: ReplyFacts,
    pub(crate) assets: Vec<Asset>,
}

/// One list of all pages: each asset once, by id and pricing; what a later page says wins. The version is that of
/// the first page, as Apple's documentation asks; expiry and claim are those of the last. Pages of two locations are no
/// list.
pub(crate) fn merge(pages: Vec<Page<AssetPage>>) -> Result<AssetList, ServiceErrorKind> {
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
