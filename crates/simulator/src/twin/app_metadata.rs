//! The port [`AppMetadata`] on the simulated store.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use mdm_vpp_core::catalog::Lookup;
use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, ServiceError};

use super::SimulatedApple;
use super::listing::listing;
use super::wire::lookup_query;
use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::wire::LookupReply;

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
        let asking = self.asking("looking up apps in the store", token);
        let mut reply: LookupReply = asking.ask(Request::get(&target).itvt(token.expose()))?;
        let answer = |id: AdamId| match reply.results.remove(&id.to_string()) {
            Some(item) => (id, Lookup::Listed(listing(id, item))),
            None => (id, Lookup::NotListed),
        };
        Ok(ids.into_iter().map(answer).collect())
    }
}
