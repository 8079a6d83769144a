//! The metadata lookup: what the store shows of an app, and to whom.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::authentication::{dead, itvt};
use super::lookup_item::item;
use crate::model::{AssetKey, Country, Location, PricingParam, Service, StoreListing};
use crate::request::Request;
use crate::response::{JAVASCRIPT, Response};
use crate::wire::{Item, Language, LookupQuery, LookupReply, Meta, Storefront, names};

pub(super) fn answer(service: &Service, request: &Request, now: DateTime<Utc>) -> Answer {
    let query = LookupQuery::read(&request.query);
    let reply = LookupReply {
        results: results(service, request, &query, now),
        version: query.version,
        is_authenticated: false,
        meta: Meta {
            storefront: Storefront {
                id: names::storefront_number(&query.country),
                cc: query.country.as_str().to_ascii_lowercase(),
            },
            language: Language { tag: query.language },
        },
    };
    Answer::plain(Response::json(200, JAVASCRIPT, &reply))
}

/// Whatever is wrong (purpose, platform, id, country, token), the answer is an empty object (Apple's documentation).
fn results(
    service: &Service,
    request: &Request,
    query: &LookupQuery,
    now: DateTime<Utc>,
) -> BTreeMap<String, Item> {
    let Some(view) = query.view else { return BTreeMap::new() };
    let owner = itvt(request)
        .and_then(|sent| service.token(sent))
        .filter(|token| dead(token, now).is_none())
        .and_then(|token| service.locations.get(&token.location));
    let listed = query.ids.iter().filter_map(|id| service.listings.get(id));
    listed
        .filter(|listing| view.has(listing.kind) && shows(listing, &query.country, owner))
        .map(|listing| (listing.adam_id.to_string(), item(listing, view)))
        .collect()
}

/// Custom apps, and apps no longer sold, are for those who own them; and a store shows only what its country sells.
fn shows(listing: &StoreListing, country: &Country, owner: Option<&Location>) -> bool {
    let public = listing.on_sale && !listing.custom;
    listing.storefronts.contains(country) && (public || owner.is_some_and(|location| owns(location, listing)))
}

fn owns(location: &Location, listing: &StoreListing) -> bool {
    let qualities = [PricingParam::Standard, PricingParam::HighQuality];
    qualities.into_iter().any(|param| location.assets.contains_key(&AssetKey::new(listing.adam_id, param)))
}
