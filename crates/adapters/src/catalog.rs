//! Where names and icons of apps come from: Apple's store, asked by id.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use mdm_vpp_core::{
    catalog::Lookup,
    id::AdamId,
    token::{ContentToken, StorePlatform},
};
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, ServiceError};
use url::Url;

use crate::apple::{
    AppleClient, AppleRequest, Call, Credential, Service,
    wire::{Endpoint, Members, read_lookup},
    within,
};

/// The number of ids in one request. That the store takes a list is observed; its length is our choice and keeps the
/// address short.
const BATCH: usize = 50;

/// Names and icons from the national stores, by the lookup that Apple's service config names.
///
/// The request carries the token as the cookie `itvt`, so custom apps and owned apps that are no longer sold are found
/// too. The store answers to a wrong token, to a wrong id and to an app that it does not have in the same way: all are
/// [`Lookup::NotListed`].
///
/// An entry without any name is left out of the answer. When no entry of a request can be used, that is an error,
/// because the form of the reply may have changed.
#[derive(Debug, Clone)]
pub struct StoreLookup {
    client: Arc<AppleClient>,
}

impl StoreLookup {
    /// The store behind a client.
    #[must_use]
    pub const fn new(client: Arc<AppleClient>) -> Self {
        Self { client }
    }

    async fn look_up_batch(
        &self,
        call: Call<'_>,
        lookup: &Url,
        token: &ContentToken,
        query: &AppMetadataQuery,
        batch: &[AdamId],
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        let url = lookup_url(lookup, query, batch);
        let reply = call.send(&AppleRequest::read(url, Credential::Cookie(token))).await?;
        let mut read =
            read_lookup(&Members::of_reply(&reply), batch).map_err(|unusable| call.fails(unusable))?;
        let mut found = BTreeMap::new();
        let mut unusable = None;
        for adam_id in batch {
            match read.remove(adam_id) {
                None => {
                    found.insert(*adam_id, Lookup::NotListed);
                }
                Some(Ok(listing)) => {
                    found.insert(*adam_id, Lookup::Listed(listing));
                }
                Some(Err(member)) => {
                    tracing::debug!(%adam_id, member = member.member, found = member.found, "entry left out");
                    unusable.get_or_insert(member);
                }
            }
        }
        match unusable {
            Some(member) if found.is_empty() => Err(call.fails(member)),
            _ => Ok(found),
        }
    }
}

#[async_trait]
impl AppMetadata for StoreLookup {
    async fn look_up(
        &self,
        token: &ContentToken,
        query: &AppMetadataQuery,
    ) -> Result<BTreeMap<AdamId, Lookup>, ServiceError> {
        let adam_ids: Vec<AdamId> = BTreeSet::from_iter(query.adam_ids.iter().copied()).into_iter().collect();
        if adam_ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let name = "looking up apps in the store";
        let work = async {
            let call = self.client.begin(name, Service::Store, token)?;
            let config = self.client.service_config().await?;
            let endpoint = Endpoint::ContentMetadataLookup;
            let lookup = self.client.address(&config, endpoint).map_err(|kind| call.fails(kind))?;
            let mut found = BTreeMap::new();
            for batch in adam_ids.chunks(BATCH) {
                found.extend(self.look_up_batch(call, &lookup, token, query, batch).await?);
            }
            Ok(found)
        };
        within(self.client.settings.call_timeout, name, work).await
    }
}

/// The address of a lookup. `p=mdm-lockup` is Apple's spelling.
fn lookup_url(lookup: &Url, query: &AppMetadataQuery, batch: &[AdamId]) -> Url {
    let ids = batch.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let (platform, country) = (platform(query.platform), query.region.lower_case());
    let own = format!("version=2&id={ids}&p=mdm-lockup&caller=MDM&platform={platform}&cc={country}&l=en");
    let mut url = lookup.clone();
    let all = match lookup.query() {
        Some(given) if !given.is_empty() => format!("{given}&{own}"),
        _ => own,
    };
    url.set_query(Some(&all));
    url
}

const fn platform(platform: StorePlatform) -> &'static str {
    match platform {
        StorePlatform::Volume => "volumestore",
        StorePlatform::Mac => "macappstore",
        _ => "enterprisestore",
    }
}
